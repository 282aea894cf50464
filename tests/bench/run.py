"""What things cost, each as a ratio to a named baseline measured in the same run.

    make bench
    .venv/bin/python tests/bench/run.py served      some of it: explanations, neighbours, served, scale

Machines differ, ratios travel. Every figure is the median of several rounds. The lines are written to
var/bench.json as well: a list of {"name", "ours", "baseline", "ratio", "goal", "met", "unit"}. Some of it is
only printed, so that the lines in the file are all of one run.
"""

import csv
import json
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from click.testing import CliRunner
from rich.console import Console

from models import areas, record
from models.artifact import Artifact, load
from models.evidence import Suggester
from models.facts import values
from service.database import upgrade
from service.program import assemble, registered
from tests.bench import writers
from tests.bench.rows import Row, beside, table_of
from tests.builders import an_admission
from tests.cast import gather
from tests.journeys.a_day import one_case
from tests.parts.vaults import sealed_engine

PROGRAMS = tuple(
    name for name in ("explanations", "neighbours", "served", "scale") if find_spec(f"tests.bench.{name}")
)
"""Modules of tests.bench whose `measure()` gives lines, in the order in which they run."""
LONG = "scale"
"""Takes an hour and more with two million cases, so it is run where it is asked for."""

WRITTEN = Path("var", "bench.json")
ROUNDS = 7
CASES = 5000
STEPS = 40


def median_of(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """Median seconds of a piece of work, after one round that does not count."""
    work()
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def train(folder: Path) -> tuple[Artifact, list[record.DecidedCase]]:
    """A model on invented cases, through the same commands that people use."""
    program, runner = assemble(registered()), CliRunner()
    as_of = date(2026, 6, 30).isoformat()
    made, models = str(folder / "synthetic"), folder / "models"
    for words in (
        ["data", "synthesize", "--cases", str(CASES), "--seed", "140", "--as-of", as_of, "--out", made],
        ["model", "train", f"{made}/history.csv", "--out", str(models)],
    ):
        result = runner.invoke(program, words, catch_exceptions=False)
        if result.exit_code:
            raise SystemExit(result.output)
    artifact = load(next(models.glob("*/manifest.json")).parent)
    return artifact, _history(Path(made, "history.csv"))


def _history(file: Path) -> list[record.DecidedCase]:
    area = areas.get("genoptraening")
    with file.open(encoding="utf-8", newline="") as lines:
        return [record.from_row(area, row) for row, _ in zip(csv.DictReader(lines), range(200), strict=False)]


def evidence(artifact: Artifact, cases: list[record.DecidedCase]) -> tuple[float, float]:
    """Seconds for a whole answer, and for reading the reference codes once at memory speed."""
    suggester = Suggester(artifact)
    asked = [values(case.facts) for case in cases[:50]]
    codes = artifact.reference.codes.words
    answer = median_of(lambda: [suggester.suggest(facts, own_level=None) for facts in asked]) / len(asked)
    return answer, median_of(lambda: codes.sum(dtype=np.int64))


def steps(folder: Path) -> tuple[float, float]:
    """Seconds for a case from arrival to planning, and for as many bare durable SQLite commits."""
    engine = sealed_engine(f"sqlite:///{folder / 'skoen.db'}")
    upgrade(engine)
    cast = gather(engine)
    an_admission(engine, cast.dan)
    numbers = iter(range(10**6))
    whole = median_of(lambda: one_case(engine, cast.alma, f"bench-{next(numbers)}", "basal"), STEPS)
    engine.dispose()
    return whole, median_of(_bare_commits(folder / "bare.db", count=5), STEPS)


def _bare_commits(file: Path, count: int) -> Callable[[], None]:
    bare = sqlite3.connect(file, isolation_level=None)
    bare.execute("PRAGMA journal_mode = TRUNCATE")
    bare.execute("PRAGMA synchronous = EXTRA")
    bare.execute("CREATE TABLE rows (content TEXT)")

    def work() -> None:
        for _ in range(count):
            bare.execute("BEGIN IMMEDIATE")
            bare.execute("INSERT INTO rows VALUES (?)", ("x" * 2000,))
            bare.execute("COMMIT")

    return work


def everyday() -> list[Row]:
    """What has no goal but must not creep up: an answer, and the whole way of a case."""
    with tempfile.TemporaryDirectory() as folder:
        artifact, cases = train(Path(folder))
        answer, memory = evidence(artifact, cases)
        whole, bare = steps(Path(folder))
    codes, commits = "reading the reference codes once", "five bare durable commits"
    return [
        beside(f"evidence for one case, {CASES:,} in history: {codes}", answer, memory),
        beside(f"a case from arrival to planning: {commits}", whole, bare),
    ]


def main(names: Sequence[str] = ()) -> None:
    """Measure, print and write; with names, measure and print those programs."""
    console = Console(width=150)
    if strangers := sorted(set(names) - set(PROGRAMS)):
        raise SystemExit(f"no bench {strangers[0]!r}; there are {', '.join(PROGRAMS)}")
    if names:
        console.print(table_of([row for name in names for row in measured(name)]))
        return
    chosen = [name for name in PROGRAMS if name != LONG or os.environ.get("SCALE")]
    rows = [*everyday(), *(row for name in chosen for row in measured(name))]
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    console.print(table_of(rows))
    console.print(writers.table_of(writers.measure()))


def measured(name: str) -> list[Row]:
    """The lines of one program."""
    found: list[Row] = import_module(f"tests.bench.{name}").measure()
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
