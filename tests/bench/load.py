"""Clients that keep their connections and ask as fast as they are answered; and what a process holds."""

import http.client
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from tests.soak.serving import free_port, stop

CLIENTS = 4
PATIENCE = 60.0


@dataclass
class Measured:
    """Rounds of requests: how many were answered a second in each, and what each of them took."""

    per_second: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Requests a second, the median of the rounds."""
        return median(self.per_second)

    @property
    def p50(self) -> float:
        """Seconds within which half are answered."""
        return median(self.seconds)

    @property
    def p95(self) -> float:
        """Seconds within which 95 of 100 are answered."""
        return quantiles(self.seconds, n=20)[-1]


class Client:
    """One connection to a service, with the headers of somebody signed in."""

    def __init__(self, port: int, headers: Mapping[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._headers = dict(headers or {})

    def ask(self, path: str, body: Any = None, status: int = 200) -> bytes:
        """The body of an answer; any other status than expected raises AssertionError."""
        sent = None if body is None else json.dumps(body)
        kind = {} if body is None else {"Content-Type": "application/json"}
        try:
            self._connection.request("GET" if body is None else "POST", path, sent, self._headers | kind)
            answer = self._connection.getresponse()
            told = answer.read()
        except (OSError, http.client.HTTPException):
            self._connection.close()
            raise
        if answer.status != status:
            raise AssertionError(f"{path}: {answer.status} {told[-500:]!r}")
        return told

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def ask_at_once(
    into: Measured, clients: Sequence[Client], asking: Callable[[Client, int], Any], numbers: Sequence[int]
) -> None:
    """One round: the clients share the numbers, and each asks about hers one after the other."""

    def one(place: int) -> list[float]:
        taken: list[float] = []
        clients[place].close()  # the service has long hung up; the first to ask connects again
        for number in numbers[place :: len(clients)]:
            began = time.perf_counter()
            asking(clients[place], number)
            taken.append(time.perf_counter() - began)
        return taken

    began = time.perf_counter()
    with ThreadPoolExecutor(len(clients)) as everybody:
        seconds = [each for taken in everybody.map(one, range(len(clients))) for each in taken]
    into.per_second.append(len(numbers) / (time.perf_counter() - began))
    into.seconds += seconds


@contextmanager
def gunicorn(application: str, environment: Mapping[str, str], workers: int = 2) -> Generator[int]:
    """An application served as the product is, on a port of its own that is given once it answers."""
    port = free_port()
    words = [
        sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}",
        "--workers", str(workers), "--worker-class", "service.web.worker.PatientWorker", "--threads", "4",
        "--no-control-socket", "--log-level", "warning",
    ]  # fmt: skip
    with tempfile.TemporaryFile() as output:
        master = subprocess.Popen(
            words, env={**os.environ, **environment, "OPENBLAS_NUM_THREADS": "1"}, stdout=output,
            stderr=output, start_new_session=True,
        )  # fmt: skip
        try:
            yield port
        except Exception as error:
            output.seek(0)
            error.add_note(output.read().decode()[-2000:])
            raise
        finally:
            stop(master)


def until_answered(ask: Callable[[], Any]) -> float:
    """Ask until there is an answer; gives the seconds it took."""
    began = time.perf_counter()
    while True:
        try:
            ask()
        except (OSError, http.client.HTTPException):
            if time.perf_counter() - began > PATIENCE:
                raise
            time.sleep(0.005)
        else:
            return time.perf_counter() - began


def private_bytes(pid: int) -> int:
    """The memory that a process shares with no other."""
    rolled = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    return sum(int(line.split()[1]) * 1024 for line in rolled.splitlines() if _is_private(line))


def _is_private(line: str) -> bool:
    return line.startswith(("Private_Clean:", "Private_Dirty:"))
