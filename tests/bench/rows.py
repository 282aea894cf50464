"""The lines of the table that `make bench` prints and writes: ours beside a baseline of the same run."""

import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import Any

from rich.table import Table

MICROSECONDS, MILLISECONDS, SECONDS, GIGABYTES = "µs", "ms", "s", "GB"
UNITS = {MICROSECONDS: 1e6, MILLISECONDS: 1e3, SECONDS: 1.0, GIGABYTES: 1e-9}
Row = dict[str, Any]


def faster(name: str, ours: float, baseline: float, goal: float, unit: str = MILLISECONDS) -> Row:
    """Seconds, or bytes, of ours and of a baseline: the ratio says how many times less ours is."""
    scale = UNITS[unit]
    ratio = baseline / ours
    return {
        "name": name, "ours": round(ours * scale, 4), "baseline": round(baseline * scale, 4),
        "ratio": round(ratio, 2), "goal": f"≥ {goal:g}", "met": ratio >= goal, "unit": unit,
    }  # fmt: skip


def beside(name: str, ours: float, baseline: float) -> Row:
    """Seconds of ours beside a part of it: the ratio says how many times as long it takes; no goal."""
    scale = UNITS[MILLISECONDS]
    return {
        "name": name, "ours": round(ours * scale, 4), "baseline": round(baseline * scale, 4),
        "ratio": round(ours / baseline, 2), "goal": "", "met": None, "unit": MILLISECONDS,
    }  # fmt: skip


def not_available(name: str, goal: float) -> Row:
    """A line whose baseline cannot be installed here: it says so and claims nothing."""
    return {
        "name": name, "ours": None, "baseline": None, "ratio": None, "goal": f"≥ {goal:g}", "met": None,
        "unit": "not available",
    }  # fmt: skip


def side_by_side(works: Sequence[tuple[Callable[[], Any], int]], rounds: int = 5) -> list[float]:
    """Median seconds of one turn of each work, with so many turns a round; in a round each has its go."""
    for work, _ in works:
        work()
    taken: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for place, (work, turns) in enumerate(works):
            began = time.perf_counter()
            for _ in range(turns):
                work()
            taken[place].append((time.perf_counter() - began) / turns)
    return [median(each) for each in taken]


def table_of(rows: Sequence[Row]) -> Table:
    """The lines as people read them."""
    table = Table(title="Ours beside a baseline in the same run")
    for heading in ("what", "ours", "baseline", "unit", "ratio", "goal", ""):
        table.add_column(heading, justify="left" if heading in ("what", "unit", "") else "right")
    for row in rows:
        word = {True: "met", False: "[bold red]NOT MET[/]", None: ""}[row["met"]]
        cells = ("—" if row[name] is None else f"{row[name]:,g}" for name in ("ours", "baseline"))
        ratio = "—" if row["ratio"] is None else f"{row['ratio']:,g}"
        table.add_row(row["name"], *cells, row["unit"], ratio, row["goal"], word)
    return table
