"""What training and import take as histories grow, each in a process of its own: seconds, and memory at most.

    .venv/bin/python tests/bench/run.py scale      20 and 200 thousand cases, import of 100 thousand rows
    make bench SCALE=1                             2 million cases and a million rows as well

The histories are invented in parts of 100,000 cases, each a municipality of a group, and stay in var/bench.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow.csv
import pyarrow.parquet

from models import areas
from service.intake_formats.history import stage_history
from tests.bench.rows import GIGABYTES, SECONDS, Row, faster
from training.dataset import read_cases
from training.spread import backend_of
from training.synthesize import Order, synthesize
from training.train import Settings, train

KEPT = Path("var", "bench")
AREA = "genoptraening"
PART = 100_000
AS_OF = date(2026, 6, 30)
USUAL, LARGE = 200_000, 2_000_000
MINUTES, BYTES = 10 * 60.0, 8e9
JOBS = 2
STEP = 10
"""From one size to the next; time may grow no faster than cases do."""
SLACK = 1.2
"""How much memory may grow where it should not."""


def measure() -> list[Row]:
    """Lines for training at each size, and for import from either kind of file."""
    large = bool(os.environ.get("SCALE"))
    sizes = [USUAL // STEP, USUAL, *([LARGE] if large else [])]
    return [*_training(sizes), *_import(LARGE // 2 if large else PART)]


def _training(sizes: list[int]) -> Iterator[Row]:
    took = {size: in_child("training", history_of(size)) for size in sizes}
    for smaller, size in pairwise(sizes):
        of, before = took[size], took[smaller]
        name = f"training on {size:,} cases"
        yield faster(f"{name}: {STEP} times {smaller:,}", of[0], STEP * before[0], 1, SECONDS)
        yield faster(f"{name}, memory: {STEP} times {smaller:,}", of[1], STEP * before[1], 1, GIGABYTES)
    if LARGE in took:
        seconds, most = took[LARGE]
        yield faster(f"training on {LARGE:,} cases: ten minutes", seconds, MINUTES, 1, SECONDS)
        yield faster(f"training on {LARGE:,} cases: 8 GB", most, BYTES, 1, GIGABYTES)


def _import(rows: int) -> Iterator[Row]:
    """Import checks every cell; beside it a tenth of the rows, ten times."""
    for kind, suffix in (("CSV", ".csv"), ("Parquet", ".parquet")):
        whole, part = (in_child("staging", history_of(each, suffix)) for each in (rows, rows // STEP))
        yield faster(f"import of {rows:,} rows of {kind}: {STEP} times a tenth",
                     whole[0], STEP * part[0], 1 / SLACK, SECONDS)  # fmt: skip


def in_child(what: str, file: Path) -> tuple[float, float]:
    """Seconds of a piece of work in a process of its own, and the bytes it and its helpers held at most."""
    words = [sys.executable, "-m", "tests.bench.scale", what, str(file)]
    done = subprocess.run(words, check=True, capture_output=True, text=True)
    seconds, most = json.loads(done.stdout.splitlines()[-1])
    return seconds, most


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
        train(read_cases(areas.get(AREA), (file,)), Settings())


def _stage(file: Path) -> None:
    seen: dict[tuple[str, str], str] = {}
    with TemporaryDirectory(prefix="skoen-bench-") as folder:
        _, problems = stage_history(
            file, file.name, Path(folder, "staged.csv"),
            lambda code, request, where: None if seen.setdefault((code, request), where) == where else where,
        )  # fmt: skip
    if problems:
        raise SystemExit(f"{len(problems)} rows were refused: {problems[0]}")


WORK: dict[str, Callable[[Path], None]] = {"training": _train, "staging": _stage}


def most_held() -> float:
    """Bytes of this process at its largest, and of as many helpers as run at a time at theirs."""
    own, helpers = (
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return 1024.0 * (own + JOBS * helpers)


def main(what: str, file: str) -> None:
    """Do one piece of work and print what it took."""
    began = time.perf_counter()
    WORK[what](Path(file))
    seconds = time.perf_counter() - began
    print(json.dumps([seconds, most_held()]))


if __name__ == "__main__":
    main(*sys.argv[1:])
