"""What kill -9 cannot show: that a decision lay on the disk before it was acknowledged.

strace watches whoever writes (the web worker on SQLite, the server on PostgreSQL) and counts fsync and
fdatasync between the moment that a decision is sent and the moment that it is acknowledged.
"""

import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.soak.caseworker import Caseworker
from tests.soak.figures import Figure, share_of
from tests.soak.installation import Installation, install, install_on
from tests.soak.postgres import postgres
from tests.soak.serving import serving

DECISIONS = 100
SYNC = re.compile(
    r"(?P<at>\d+\.\d+) (?:<\.\.\. )?(?:fsync|fdatasync)\b.* = 0 <(?P<took>[\d.]+)>$", re.MULTILINE
)
PATIENCE = 10.0


@dataclass(frozen=True)
class Synced:
    """Syncs that ended between sending and acknowledgement, decision by decision."""

    counts: tuple[int, ...]

    @property
    def per_hundred(self) -> float:
        """Durability calls per 100 acknowledged decisions."""
        return 100 * sum(self.counts) / len(self.counts)

    @property
    def met(self) -> bool:
        """Whether every single decision was synced, and not only the average one."""
        return min(self.counts) >= 1


@contextmanager
def watched(pid: int, output: Path) -> Generator[None]:
    """Let strace write down every sync of a process, its threads and the children it makes from now on."""
    words = ["strace", "-f", "-ttt", "-T", "-e", "trace=fsync,fdatasync", "-o", str(output), "-p", str(pid)]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as tracer:
        assert tracer.stderr is not None
        said = tracer.stderr.readline()
        if "attached" not in said:
            raise RuntimeError(f"strace: {said}")
        try:
            yield
        finally:
            tracer.send_signal(signal.SIGINT)
            tracer.wait(timeout=PATIENCE)


def syncs_in(output: Path) -> list[float]:
    """The instants (seconds since 1970) at which a sync that succeeded had ended."""
    return [float(found["at"]) + float(found["took"]) for found in SYNC.finditer(output.read_text("utf-8"))]


def decide_watched(at: Installation, port: int, decisions: int) -> list[tuple[float, float]]:
    """Judge and decide cases; gives when each decision was sent and when it was acknowledged."""
    alma, spans = Caseworker("alma", port, Random(1)), []
    alma.sign_in()
    for number in range(decisions):
        case_id = at.receive("alma", f"durable-{number}")
        alma.judge(case_id)
        form = alma.decision_form(case_id)
        began = time.time()
        alma.send_decision(case_id, form)
        spans.append((began, time.time()))
    return spans


def on_sqlite(folder: Path, decisions: int) -> Synced:
    """Watch the only web worker."""
    at, output = install(folder), folder / "strace"
    with serving(at, workers=1) as served, watched(served.workers()[0], output):
        spans = decide_watched(at, served.port, decisions)
    at.close()
    return _between(spans, syncs_in(output))


def on_postgresql(folder: Path, decisions: int) -> Synced:
    """Watch the server; a connection made from now on is a child of it."""
    output = folder / "strace"
    with postgres(durable=True) as server:
        at = install_on(server, folder)
        with watched(server.process.pid, output), serving(at, workers=1) as served:
            spans = decide_watched(at, served.port, decisions)
        at.close()
    return _between(spans, syncs_in(output))


def _between(spans: list[tuple[float, float]], syncs: list[float]) -> Synced:
    return Synced(tuple(sum(began <= at <= ended for at in syncs) for began, ended in spans))


def measure(share: float) -> list[Figure]:
    """The figure on both engines."""
    decisions, figures = share_of(DECISIONS, share, 10), []
    for engine, watch in (("SQLite TRUNCATE/EXTRA", on_sqlite), ("PostgreSQL", on_postgresql)):
        with tempfile.TemporaryDirectory() as folder:
            came = watch(Path(folder), decisions)
        figures.append(
            Figure(
                "fsync and fdatasync before acknowledgement, counted with strace",
                engine,
                f"{len(came.counts)} decisions",
                f"{came.per_hundred:.0f} per 100 decisions, at least {min(came.counts)} for each",
                ">= 100 per 100 decisions, >= 1 for each",
                came.met,
            )
        )
    return figures
