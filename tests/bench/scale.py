"""What training, import and export take as histories grow, each in a process of its own: time, and memory.

A size that takes longer than its limit is stopped with all its processes, and its lines say so. Seconds say
what somebody waits on this machine now, CPU seconds what it would take with nobody else on it.

    .venv/bin/python tests/bench/run.py scale      20 and 200 thousand cases, import of 100 thousand rows
    make bench SCALE=1                             2 million cases, a million rows and a million decisions

The histories are invented in parts of 100,000 cases, each a municipality of a group, and stay in var/bench.
Import and export are the commands as people run them; the decisions to export are made for the occasion and
need 8 GB of disk for a million.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.csv
import pyarrow.parquet

from models import areas
from tests.bench.decided import make_installation
from tests.bench.rows import GIGABYTES, SECONDS, Row, faster, not_available
from training.dataset import read_cases
from training.spread import backend_of
from training.synthesize import Order, synthesize
from training.train import Settings, train

KEPT = Path("var", "bench")
AREA = "genoptraening"
PART = 100_000
AS_OF = date(2026, 6, 30)
USUAL, LARGE = 200_000, 2_000_000
EXPORTED = 20_000
MINUTES, BYTES = 10 * 60.0, 8e9
JOBS = 2
STEP = 10
"""From one size to the next; time may grow no faster than cases do."""
SLACK = 1.2
"""How much longer a row of a large file may take."""
SHORTEST, A_CASE = 600.0, 0.0024
"""Seconds: every size may take ten minutes, and so much more for each case."""


@dataclass(frozen=True)
class Took:
    """Seconds and CPU seconds of a piece of work, and the bytes that it and its helpers held at most."""

    seconds: float
    cpu: float
    held: float


def measure() -> list[Row]:
    """Lines for training at each size, for import from either kind of file, and for export."""
    large = bool(os.environ.get("SCALE"))
    sizes = [USUAL // STEP, USUAL, *([LARGE] if large else [])]
    million = LARGE // 2
    lines = [*_training(sizes), *_import(million if large else PART)]
    return [*lines, *_export(million if large else EXPORTED)]


def _training(sizes: Sequence[int]) -> Iterator[Row]:
    """Each size beside as many times the smallest one: a ratio of 1 is growth in step with the cases."""
    took = {
        size: in_child(
            f"training on {size:,} cases", ("scale", "training", str(history_of(size))), limit_of(size)
        )
        for size in sizes
    }
    first = took[sizes[0]]
    for size in sizes[1:]:
        times, of = size // sizes[0], took[size]
        name = f"training on {size:,} cases: {times} times {sizes[0]:,}"
        yield _beside(f"{name}, CPU", of and of.cpu, first and times * first.cpu, SECONDS)
        yield _beside(f"{name}, wall", of and of.seconds, first and times * first.seconds, SECONDS)
        yield _beside(f"{name}, memory", of and of.held, first and times * first.held, GIGABYTES)
    if LARGE in took:
        of, name = took[LARGE], f"training on {LARGE:,} cases"
        yield _beside(f"{name}: ten minutes", of and of.seconds, MINUTES, SECONDS)
        yield _beside(f"{name}: 8 GB", of and of.held, BYTES, GIGABYTES)


def _import(rows: int) -> Iterator[Row]:
    """Import checks every cell, joins outcomes and keeps; beside it a tenth of the rows."""
    for kind, suffix in (("CSV", ".csv"), ("Parquet", ".parquet")):
        whole, part = (import_of(history_of(each, suffix), each) for each in (rows, rows // STEP))
        yield from _growing(f"import of {rows:,} rows of {kind}", whole, part)


def _export(cases: int) -> Iterator[Row]:
    """Export opens the facts of every case; beside it a tenth of the cases."""
    whole, part = (export_of(each) for each in (cases, cases // STEP))
    yield from _growing(f"export of {cases:,} decisions", whole, part)


def _growing(name: str, whole: Took | None, part: Took | None) -> Iterator[Row]:
    """Time beside ten times that of a tenth, and memory beside a tenth."""
    times = f"{STEP} times a tenth"
    yield _beside(f"{name}, CPU: {times}", whole and whole.cpu, part and STEP * part.cpu, SECONDS, 1 / SLACK)
    yield _beside(f"{name}, wall: {times}", whole and whole.seconds, part and STEP * part.seconds, SECONDS,
                  1 / SLACK)  # fmt: skip
    yield _beside(f"{name}, memory: a tenth", whole and whole.held, part and part.held, GIGABYTES, 1 / SLACK)


def import_of(file: Path, rows: int) -> Took | None:
    """What `skoen data import` takes in an installation where nothing has come in yet."""
    with TemporaryDirectory(prefix="skoen-bench-") as folder:
        make_installation(Path(folder), 0)
        return of_command(Path(folder), rows, "data", "import", "--json", str(file))


def export_of(cases: int) -> Took | None:
    """What `skoen decisions export` takes where so many cases are decided."""
    with TemporaryDirectory(prefix="skoen-bench-") as folder:
        make_installation(Path(folder), cases)
        return of_command(Path(folder), cases, "decisions", "export", "--out", f"{folder}/decisions.jsonl")


def _beside(name: str, ours: float | None, baseline: float | None, unit: str, goal: float = 1) -> Row:
    """A line, or one that says that a size was not reached."""
    if ours is None or baseline is None:
        return not_available(name, goal) | {"unit": "not reached"}
    return faster(name, ours, baseline, goal, unit)


def limit_of(size: int) -> float:
    """Seconds after which a size is given up: an hour and a half for the largest."""
    return SHORTEST + size * A_CASE


def of_command(folder: Path, size: int, *words: str) -> Took | None:
    """What one run of `skoen` takes in the installation below `folder`."""
    where = os.environ | {"SKOEN_VAR": str(folder)}
    return in_child(f"{words[0]} {words[1]}", ("one_command", *words), limit_of(size), where)


def in_child(
    name: str, words: Sequence[str], limit: float, where: dict[str, str] | None = None
) -> Took | None:
    """What a module of the bench says it took in a process of its own; None when it is stopped or fails."""
    module, *rest = words
    line = [sys.executable, "-m", f"tests.bench.{module}", *rest]
    with subprocess.Popen(
        line, stdout=subprocess.PIPE, text=True, start_new_session=True, env=where
    ) as child:
        try:
            said, _ = child.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            print(f"{name}: stopped after {limit:,.0f} s", file=sys.stderr)
            return None
    if child.returncode:
        print(f"{name}: failed with exit code {child.returncode}", file=sys.stderr)
        return None
    return Took(*json.loads(said.splitlines()[-1]))


def history_of(cases: int, suffix: str = ".csv") -> Path:
    """A history of so many invented cases of a group of municipalities; made once."""
    file = KEPT / f"history-{cases}{suffix}"
    if file.exists():
        return file
    KEPT.mkdir(parents=True, exist_ok=True)
    made = file.with_suffix(f"{suffix}.new")
    if suffix == ".parquet":
        # Cells as text, as in CSV: what is compared is the file, not what a spreadsheet made of its cells.
        table = pyarrow.csv.read_csv(history_of(cases), convert_options=_as_text(history_of(cases)))
        pyarrow.parquet.write_table(table, made)
    else:
        with made.open("w", encoding="utf-8") as out:
            out.writelines(islice(_lines(-(-cases // PART)), cases + 1))
    return made.replace(file)


def _as_text(file: Path) -> pyarrow.csv.ConvertOptions:
    with file.open(encoding="utf-8") as opened:
        names = next(opened).strip().split(",")
    return pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pyarrow.string()))


def _lines(parts: int) -> Iterator[str]:
    """The header, and the rows of each part: a municipality of its own, in seconds of its own.

    Without that, two million decisions in the minutes of four years would look written by a system.
    """
    for number in range(parts):
        with TemporaryDirectory(prefix="skoen-bench-") as folder:
            into = Path(folder, "synthetic")
            synthesize(Order(areas.get(AREA), PART, 140 + number, AS_OF, 1, 1), into)
            with (into / "history.csv").open(encoding="utf-8") as rows:
                header = next(rows)
                if number == 0:
                    yield header
                for row in rows:
                    yield row.replace(",0999,", f",{900 + number:04d},", 1).replace(
                        ":00Z", f":{2 * number + 1:02d}Z", 1
                    )


def _train(file: Path) -> None:
    with backend_of(None, JOBS):
        train(read_cases(areas.get(AREA), (file,), JOBS), Settings())


WORK: dict[str, Callable[[Path], None]] = {"training": _train}


def most_held() -> float:
    """Bytes of this process at its largest, and of as many helpers as run at a time at theirs."""
    own, ended = (
        1024.0 * resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own + max(JOBS * ended, sum(held for _, held in _helpers()))


def cpu_seconds() -> float:
    """CPU seconds of this process and of its helpers, those that have ended and those that wait for more."""
    every = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in every) + sum(cpu for cpu, _ in _helpers())


def _helpers() -> Iterator[tuple[float, float]]:
    """CPU seconds, and bytes held at most, of each helper that is there; Linux tells."""
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
            ticks = (status.parent / "stat").read_text().rpartition(")")[2].split()[11:13]
        except OSError:
            continue  # it has ended meanwhile
        if int(told["PPid"]) == os.getpid() and "VmHWM" in told:
            yield sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"), 1024.0 * int(told["VmHWM"].split()[0])


def main(what: str, file: str) -> None:
    """Do one piece of work and print what it took."""
    began, before = time.perf_counter(), cpu_seconds()
    WORK[what](Path(file))
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - before
    print(json.dumps([seconds, cpu, most_held()]))


if __name__ == "__main__":
    main(*sys.argv[1:])
