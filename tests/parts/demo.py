"""The demonstration as `make run` makes it, only smaller: made once, copied and served as often as wanted."""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.error import HTTPError, URLError

import pytest
from sqlalchemy import Engine

from service.clock import COPENHAGEN
from service.config import Settings
from service.log import open_engine

SKOEN = Path(sys.executable).with_name("skoen")
CASES, REFERRALS = 1500, 200
PATIENCE = 30.0


@dataclass(frozen=True)
class Served:
    """A demonstration on the air: where it answers, where its files lie, and who serves it."""

    url: str
    var: Path
    server: "subprocess.Popen[bytes]"

    @property
    def environment(self) -> dict[str, str]:
        """The environment in which a command speaks to this demonstration."""
        return environment_of(self.var)

    def skoen(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run one command beside the server; its output is kept."""
        return run_skoen(self.var, *words)

    def engine(self) -> Engine:
        """An engine on the served database."""
        return open_engine(Settings.from_environment({"SKOEN_VAR": str(self.var)}))


def environment_of(var: Path) -> dict[str, str]:
    """The environment of a demonstration in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SKOEN_")}
    return {**kept, "SKOEN_VAR": str(var)}


def run_skoen(var: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run one command against a demonstration's folder."""
    command = [str(SKOEN), *words]
    return subprocess.run(command, env=environment_of(var), capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a prepared demonstration, made by the first process of a run; copy it, do not use it."""
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    var = shared / "demo" / "var"
    var.parent.mkdir(exist_ok=True)
    with (var.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (var / "demo.ready").exists():
            _prepare(var)
    return var


def _prepare(var: Path) -> None:
    today = datetime.now(COPENHAGEN).date().isoformat()
    made, models = var / "synthetic", var / "models"
    _done(var, "data", "synthesize", "--cases", str(CASES), "--referrals", str(REFERRALS), "--seed", "140",
          "--as-of", today, "--out", str(made))  # fmt: skip
    _done(var, "model", "train", str(made / "history.csv"), "--out", str(models))
    version = next(path for path in models.iterdir() if path.is_dir())
    _done(var, "model", "audit", str(version), str(made / "history.csv"), "--vault", str(made / "vault"),
          "--draws", "199")  # fmt: skip
    _done(var, "demo", "prepare", "--synthetic", str(made), "--models", str(models))


def _done(var: Path, *words: str) -> None:
    done = run_skoen(var, *words)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def serve(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Callable[[], Served]]:
    """Serve a fresh copy of the demonstration with two workers; every copy is stopped at the end."""
    running: list[Served] = []

    def start() -> Served:
        var = tmp_path_factory.mktemp("served") / "var"
        shutil.copytree(demo_home, var)
        running.append(_serve(var))
        return running[-1]

    yield start
    for served in running:
        stop(served)


@pytest.fixture(scope="module")
def served(serve: Callable[[], Served]) -> Served:
    """One demonstration for all tests of a module."""
    return serve()


def _serve(var: Path) -> Served:
    port = _free_port()
    server = subprocess.Popen(
        [str(SKOEN), "serve", "--port", str(port)],
        env=environment_of(var), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    served = Served(f"http://127.0.0.1:{port}", var, server)
    _wait(served)
    return served


def stop(served: Served) -> None:
    """Stop a server and its workers; stopping twice is no matter."""
    if served.server.poll() is None:
        os.killpg(served.server.pid, signal.SIGTERM)
        served.server.wait(timeout=PATIENCE)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait(served: Served) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{served.url}/log-ind"):
                return
        except HTTPError:
            return
        except URLError:
            assert served.server.poll() is None, "the server stopped while starting"
            time.sleep(0.1)
    raise TimeoutError(f"{served.url} did not answer within {PATIENCE:.0f} s")
