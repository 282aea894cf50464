"""kill -9 of the signer while people work: casework never notices, and what is sealed only ever grows."""

import subprocess
import time
from dataclasses import dataclass, field
from random import Random

from sqlalchemy import select

from service.database import reading
from service.log import merkle
from service.log.append import ENTRIES
from service.log.checkpoint import Checkpoint, parse
from service.log.notes import split_note
from tests.soak.crew import Crew
from tests.soak.figures import Figure, share_of
from tests.soak.findings import Findings, examine
from tests.soak.installation import SKOEN, Installation, on_each_engine
from tests.soak.serving import serving

KILLS = 100
STATUS = "status.json"
LONGEST = 2.5
"""Seconds that half of the signers live at most, most of them while they start; the others come to seal."""
ROUND, PATIENCE = 0.2, 30.0
"""Seconds around the first report of a signer in which it is killed, and how long that is waited for."""


@dataclass
class SignerKilled:
    """What came of it. `sealed` is the largest size seen of each shard; `broken` says what did not grow."""

    kills: int
    sealed: dict[str, Checkpoint] = field(default_factory=dict)
    seals: int = 0
    broken: list[str] = field(default_factory=list)
    refused: int = 0
    seals_all_at_the_end: bool = False
    findings: Findings | None = None

    @property
    def met(self) -> bool:
        """Whether casework went on as if nothing were, and the seals hold."""
        is_clean = self.findings is not None and self.findings.clean
        seals_hold = self.seals > 0 and not self.broken and self.seals_all_at_the_end
        return is_clean and self.refused == 0 and seals_hold


def kill_signer(at: Installation, kills: int, seed: int = 1) -> SignerKilled:
    """Start a signer and kill it, so many times, beside four caseworkers."""
    came, chance = SignerKilled(kills), Random(seed)
    with serving(at) as served, Crew(at, served.port) as crew:
        for _ in range(kills):
            signer = subprocess.Popen([SKOEN, "signer", "run"], env=at.environment, stderr=subprocess.DEVNULL)
            _let_live(at, chance)
            signer.kill()
            signer.wait()
            _look(at, came)
            crew.require_at_work()
        crew.finish()
    once = subprocess.run([SKOEN, "signer", "once"], env=at.environment, capture_output=True, check=False)
    came.seals_all_at_the_end = once.returncode == 0
    _look(at, came)
    came.refused = sum(book.statuses[0] + book.statuses[503] for book in crew.books)
    came.findings = examine(at.engine, crew.books)
    return came


def _let_live(at: Installation, chance: Random) -> None:
    """Wait for a moment that nobody chose: while it starts, or just when it is about its first round."""
    if chance.random() < 0.5:
        time.sleep(chance.uniform(0, LONGEST))
        return
    reported, until = _reported(at), time.monotonic() + PATIENCE
    while _reported(at) == reported and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(chance.uniform(0, ROUND))


def _reported(at: Installation) -> int:
    """When the signer reported last, in nanoseconds; 0 before the first report."""
    report = at.settings.seals / STATUS
    return report.stat().st_mtime_ns if report.exists() else 0


def _look(at: Installation, came: SignerKilled) -> None:
    """Hold every published checkpoint against the one before and against the entries."""
    for path in at.settings.seals.glob("*/*/checkpoint"):
        shard = path.parent.relative_to(at.settings.seals).as_posix()
        found, before = parse(split_note(path.read_bytes())[0]), came.sealed.get(shard)
        if before is not None and found.size < before.size:
            came.broken.append(f"{shard}: {before.size} were sealed, now {found.size}")
        elif found.root != _root(at, shard, found.size):
            came.broken.append(f"{shard} {found.size}: another root than that of the entries")
        came.seals += before is None or found.size > before.size
        came.sealed[shard] = found


def _root(at: Installation, shard: str, size: int) -> bytes:
    frontier: list[bytes] = []
    there = (ENTRIES.c.shard == shard) & (ENTRIES.c.seq < size)
    with reading(at.engine) as session:
        written = session.execute(select(ENTRIES.c.entry).where(there).order_by(ENTRIES.c.seq)).scalars()
        for seq, entry in enumerate(written):
            frontier = merkle.append(seq, frontier, merkle.leaf_hash(str(entry).encode()))
    return merkle.root_of(frontier)


def measure(share: float) -> list[Figure]:
    """The figure on both engines."""
    kills = share_of(KILLS, share, 5)
    return [_figure(engine, kill_signer(at, kills)) for engine, at, _ in on_each_engine()]


def _figure(engine: str, came: SignerKilled) -> Figure:
    return Figure(
        "kill -9 of the signer while people work",
        engine,
        f"{came.kills} kills, {came.findings.decisions if came.findings else 0} decisions",
        f"{came.seals} seals; {came.refused} requests refused; {came.findings} {came.broken[:1] or ''}",
        "0 refused, 0 lost, seals only grow and fit the entries, all sealed at the end",
        came.met,
    )
