"""Eight writers at one log without pause: no error, no fork, and at least half as fast as the bare rows."""

from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select

from service import log
from service.database import reading
from service.log.append import ENTRIES
from service.tables.decision import Decision
from tests.bench.races import ENGINES, Race, racers
from tests.parts.vaults import sealed_engine
from tests.soak.figures import Figure, share_of
from tests.soak.installation import let_go

WRITERS, DECISIONS = 8, 4000
ROUNDS = 3
LEAST = 0.5


@dataclass(frozen=True)
class Contended:
    """What came of the rounds: each a race with the log, and one of bare rows before and after it."""

    logged: tuple[Race, ...]
    bare: tuple[Race, ...]
    decisions: int
    forks: int
    problems: tuple[str, ...]

    @property
    def ratio(self) -> float:
        """Decisions a second with the log, as a part of the same rows a second without it; medians."""
        return median(each.per_second for each in self.logged) / median(each.per_second for each in self.bare)

    @property
    def in_order(self) -> bool:
        """Whether every decision is there, and the log has no gap, no fork and nothing else amiss."""
        written = sum(len(each.waits) for each in self.logged)
        return self.decisions == written and self.forks == 0 and not self.problems


def contend(engine: str, decisions: int, rounds: int = ROUNDS) -> Contended:
    """Races by turns, each in a fresh database; every one with the log is looked through afterwards."""
    came: dict[str, list[Race]] = {"bare": [], "logged": []}
    found, forks, problems = 0, 0, []
    with ENGINES[engine]() as fresh, racers(WRITERS) as eight:
        for number in range(2 * rounds + 1):
            loop, url = ("logged" if number % 2 else "bare"), fresh()
            came[loop].append(eight.race(loop, url, decisions // rounds // WRITERS))
            if loop == "logged":
                stored, forked, wrong = _look_through(url)
                found, forks, problems = found + stored, forks + forked, problems + wrong
    return Contended(tuple(came["logged"]), tuple(came["bare"]), found, forks, tuple(problems))


def _look_through(url: str) -> tuple[int, int, list[str]]:
    """Decisions that are there, numbers missing or taken twice in a shard, and what the verifier says."""
    engine = sealed_engine(url)
    with reading(engine) as session:
        stored = session.execute(select(func.count()).select_from(Decision)).scalar_one()
        counted = select(func.count(), func.count(ENTRIES.c.seq.distinct()), func.max(ENTRIES.c.seq))
        rows = session.execute(counted.group_by(ENTRIES.c.shard)).all()
    forks = sum(abs(last + 1 - entries) + entries - distinct for entries, distinct, last in rows)
    wrong = log.verify(engine).problems
    let_go(engine)
    return stored, forks, wrong


def measure(share: float) -> list[Figure]:
    """The figure on both engines."""
    decisions = share_of(DECISIONS, share, WRITERS * ROUNDS * 10)
    return [_figure(engine, contend(engine, decisions)) for engine in ENGINES]


def _figure(engine: str, came: Contended) -> Figure:
    waits = [wait for each in came.logged for wait in each.waits]
    bare = median(each.per_second for each in came.bare)
    return Figure(
        f"{WRITERS} writers contending, with the log and with bare rows by turns",
        engine,
        f"{came.decisions} decisions in {len(came.logged)} rounds",
        f"{came.ratio:.2f} of {bare:.0f} bare transactions/s; waits p99"
        f" {max(each.p99 for each in came.logged):.2f} s, longest {max(waits):.2f} s;"
        f" {came.forks} forks, {len(came.problems)} problems",
        f"0 errors, 0 forks, >= {LEAST} of the bare rate",
        came.in_order and came.ratio >= LEAST,
    )
