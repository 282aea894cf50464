"""Decisions a second with log and sealing, beside the disk and beside the same rows without them."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.table import Table

from tests.bench.races import ENGINES, Race, fsyncs_per_second, racers

WRITERS = (1, 2, 4, 8)
DECISIONS, ROUNDS = 200, 5


@dataclass(frozen=True)
class Speed:
    """Transactions a second, medians of several rounds; `fsyncs` is what the disk alone does."""

    engine: str
    writers: int
    logged: float
    bare: float
    fsyncs: float
    p99: float


def measure(
    writers: Sequence[int] = WRITERS, decisions: int = DECISIONS, rounds: int = ROUNDS
) -> list[Speed]:
    """Every engine with every number of writers; the loops take turns, so that a slow moment hits both."""
    return [_speed(engine, count, decisions // count, rounds) for engine in ENGINES for count in writers]


def _speed(engine: str, writers: int, turns: int, rounds: int) -> Speed:
    came: dict[str, list[Race]] = {"logged": [], "bare": []}
    fsyncs = []
    with ENGINES[engine]() as fresh, racers(writers) as people:
        for _ in range(rounds):
            fsyncs.append(fsyncs_per_second(Path(tempfile.gettempdir())))
            for loop, races in came.items():
                races.append(people.race(loop, fresh(), turns))
    logged, bare = (median(each.per_second for each in races) for races in came.values())
    return Speed(engine, writers, logged, bare, median(fsyncs), median(each.p99 for each in came["logged"]))


def table_of(speeds: Sequence[Speed]) -> Table:
    """The speeds as people read them."""
    table = Table(title="Decisions a second, with log and sealing")
    for heading in ("engine", "writers", "decisions/s", "of fsyncs/s", "of the bare rows/s", "p99 ms"):
        table.add_column(heading, justify="left" if heading == "engine" else "right")
    for each in speeds:
        table.add_row(
            each.engine,
            str(each.writers),
            f"{each.logged:.0f}",
            f"{each.logged / each.fsyncs:.2f} of {each.fsyncs:.0f}",
            f"{each.logged / each.bare:.2f} of {each.bare:.0f}",
            f"{each.p99 * 1e3:.0f}",
        )
    return table
