"""PostgreSQL restarted under load, in order and by force, while the service's workers live on."""

import signal
import tempfile
import time
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tests.parts.postgres import PostgresServer
from tests.soak.crew import Crew
from tests.soak.figures import Figure, share_of
from tests.soak.findings import Findings, examine
from tests.soak.installation import Installation, install_on
from tests.soak.postgres import postgres, restart
from tests.soak.serving import serving

RESTARTS = 10
WAYS = (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL)
"""fast, immediate, and a crash of the whole server."""
AT_WORK = 15
"""Decisions that must be acknowledged before the next restart."""
PATIENCE = 60.0


@dataclass(frozen=True)
class Restarted:
    """What came of the restarts; `longest` is the seconds from a server that answers to the next decision."""

    restarts: int
    refused: int
    longest: float
    same_workers: bool
    findings: Findings

    @property
    def met(self) -> bool:
        """Whether nothing was lost or left open, and nobody had to start the service again."""
        return self.findings.clean and self.same_workers and self.refused > 0 and self.longest < 10


def restart_under_load(at: Installation, server: PostgresServer, restarts: int) -> Restarted:
    """Restart the server again and again under four caseworkers, who send again until it is acknowledged."""
    longest = 0.0
    with serving(at) as served, Crew(at, served.port) as crew:
        workers = served.workers()
        for how in islice(cycle(WAYS), restarts):
            _wait_for_decisions(crew, AT_WORK)
            restart(server, how)
            longest = max(longest, _wait_for_decisions(crew, 1))
        crew.finish()
        same = served.workers() == workers
    refused = sum(book.statuses[0] + book.statuses[503] for book in crew.books)
    return Restarted(restarts, refused, longest, same, examine(at.engine, crew.books))


def on_own_server(folder: Path, restarts: int) -> Restarted:
    """The trial on a server that keeps what it commits."""
    with postgres(durable=True) as server:
        at = install_on(server, folder)
        came = restart_under_load(at, server, restarts)
        at.close()
        return came


def _wait_for_decisions(crew: Crew, more: int) -> float:
    """Wait until so many more decisions are acknowledged; gives the seconds it took."""
    began, wanted = time.monotonic(), crew.acknowledged + more
    while crew.acknowledged < wanted:
        crew.require_at_work()
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"no decision was acknowledged in {PATIENCE:.0f} s")
        time.sleep(0.02)
    return time.monotonic() - began


def measure(share: float) -> list[Figure]:
    """The figure; SQLite has no server to restart."""
    with tempfile.TemporaryDirectory() as folder:
        came = on_own_server(Path(folder), share_of(RESTARTS, share, 3))
    return [
        Figure(
            "PostgreSQL restarted under load: fast, immediate, kill -9",
            "PostgreSQL",
            f"{came.restarts} restarts, {came.findings.decisions} decisions, {came.refused} not answered",
            f"{came.findings}; {came.findings.found_again} stored though not acknowledged, found by sending"
            f" again; deciding again after at most {came.longest:.1f} s",
            "0 lost, 0 ambiguous, same workers, < 10 s",
            came.met,
        )
    ]
