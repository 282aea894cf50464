"""The service as it runs in production, with its workers in reach."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.soak.gunicorn_hooks import READY
from tests.soak.installation import Installation

PATIENCE = 60.0


@dataclass(frozen=True)
class Serving:
    """A running service: its port, the gunicorn that minds the workers, and where these report ready."""

    port: int
    master: "subprocess.Popen[bytes]"
    ready: Path
    output: Path

    def workers(self) -> list[int]:
        """The ids of the workers that are ready for work."""
        known = {int(file.name): file for file in self.ready.iterdir()}
        alive = _children(self.master.pid)
        for pid in known.keys() - alive:
            known[pid].unlink()
        return sorted(known.keys() & alive)

    def kill(self, pid: int) -> None:
        """Kill a worker; from now on it is not ready, though its master has yet to notice."""
        (self.ready / str(pid)).unlink()
        os.kill(pid, signal.SIGKILL)

    def wait(self, workers: int) -> float:
        """Wait until so many workers are ready; gives the seconds it took."""
        began = time.monotonic()
        while len(self.workers()) < workers:
            if self.master.poll() is not None or time.monotonic() - began > PATIENCE:
                raise TimeoutError(f"{workers} workers are not there: {self.output.read_text()[-2000:]}")
            time.sleep(0.02)
        return time.monotonic() - began


@contextmanager
def serving(at: Installation, workers: int = 2, **more: str) -> Generator[Serving]:
    """`skoen serve` on a port of its own until the end of the block; `more` are variables for the workers."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="serving-") as folder:
        ready, output = Path(folder, "ready"), Path(folder, "output")
        ready.mkdir()
        with output.open("wb") as written:
            master = subprocess.Popen(
                [sys.executable, "-m", "tests.soak.launch", "--port", str(port), "--workers", str(workers)],
                env={**at.environment, **more, READY: str(ready)},
                stdout=written, stderr=written, start_new_session=True,
            )  # fmt: skip
        served = Serving(port, master, ready, output)
        try:
            served.wait(workers)
            yield served
        finally:
            stop(master)


def _children(pid: int) -> set[int]:
    """The processes that a process has started and not yet buried."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    except FileNotFoundError:
        return set()
    return {int(word) for word in listed.split()}


def stop(master: "subprocess.Popen[bytes]") -> None:
    """End a gunicorn and its workers, by force when they do not go."""
    if master.poll() is None:
        os.killpg(master.pid, signal.SIGTERM)
    try:
        master.wait(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(master.pid, signal.SIGKILL)
        master.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port
