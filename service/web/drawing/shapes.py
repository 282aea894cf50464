"""The tables of a model as charts: one answer a row, and two answers' map of squares.

A square is as large as its pull, full towards the highest level and hollow away from it, so that neither
colours nor greys have to be told apart. Where too few cases lie behind, nothing is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.web.drawing.charts import NAMES, ROW, TOP, WIDTH, Canvas, Tick

FOOT = 34
COUNTS = 96
"""Room for the number of cases at the right."""
CELL, LARGEST, SMALLEST = 36, 28.0, 3.0
SLANT = 5.6
"""Height of a letter in the names of the columns, which stand on a slant."""
LONGEST_NAME = 30


@dataclass(frozen=True)
class Pull:
    """What a row is told: its name, its pull with its ends, the cases in words; without `enough`, no mark."""

    label: str
    pull: float
    low: float
    high: float
    cases: str
    enough: bool


@dataclass(frozen=True)
class PullRow:
    """One row as drawn; `at` is None where too few cases lie behind."""

    y: float
    label: str
    cases: str
    at: float | None
    low: float
    high: float


@dataclass(frozen=True)
class PullChart(Canvas):
    """Pulls along one axis with the mean of all cases in the middle."""

    middle: float
    right: float
    bottom: float
    ticks: tuple[Tick, ...]
    rows: tuple[PullRow, ...]


@dataclass(frozen=True)
class Square:
    """One square of a map: its corner, its side, and whether it is full."""

    x: float
    y: float
    side: float
    full: bool


@dataclass(frozen=True)
class MapChart(Canvas):
    """Two answers' pulls as squares; rows are the first question's answers, columns the second's."""

    top: int
    right: float
    bottom: float
    rows: tuple[Tick, ...]
    columns: tuple[Tick, ...]
    squares: tuple[Square, ...]
    empty: tuple[tuple[float, float], ...]


def pull_chart(name: str, title: str, description: str, pulls: Sequence[Pull]) -> PullChart:
    """A row for each answer, with its interval, on an axis that is as long to either side."""
    end = _axis(max((max(abs(each.low), abs(each.high)) for each in pulls if each.enough), default=0.0))
    left, right = NAMES, WIDTH - COUNTS
    middle, half = (left + right) / 2, (right - left) / 2 - 8
    bottom = TOP + ROW * len(pulls)

    def at(pull: float) -> float:
        return round(middle + max(-end, min(end, pull)) / end * half, 1)

    return PullChart(
        id=name,
        title=title,
        description=description,
        width=WIDTH,
        height=bottom + FOOT,
        left=left,
        middle=middle,
        right=right,
        bottom=bottom,
        ticks=tuple(Tick(at(pull), signed(pull)) for pull in (-end, -end / 2, 0.0, end / 2, end)),
        rows=tuple(
            PullRow(
                y=TOP + ROW * (n + 0.5),
                label=short(each.label),
                cases=each.cases,
                at=at(each.pull) if each.enough else None,
                low=at(each.low),
                high=at(each.high),
            )
            for n, each in enumerate(pulls)
        ),
    )


def map_chart(
    name: str,
    title: str,
    description: str,
    names: tuple[Sequence[str], Sequence[str]],
    pulls: Sequence[Sequence[float | None]],
) -> MapChart:
    """A square for each two answers, as large as its pull beside the largest one; None is left empty."""
    rows, columns = names
    largest = max((abs(pull) for row in pulls for pull in row if pull is not None), default=0.0)
    top = TOP + 18 + round(SLANT * max(len(short(label)) for label in columns))
    right = NAMES + CELL * len(columns)
    squares, empty = [], []
    for n, row in enumerate(pulls):
        for m, pull in enumerate(row):
            x, y = NAMES + CELL * (m + 0.5), top + CELL * (n + 0.5)
            if pull is None:
                empty.append((x, y))
            else:
                side = (
                    max(SMALLEST, round(LARGEST * (abs(pull) / largest) ** 0.5, 1)) if largest else SMALLEST
                )
                squares.append(Square(round(x - side / 2, 1), round(y - side / 2, 1), side, pull > 0))
    return MapChart(
        id=name,
        title=title,
        description=description,
        width=max(WIDTH, right + 24),
        height=top + CELL * len(rows) + TOP,
        left=NAMES,
        top=top,
        right=right,
        bottom=top + CELL * len(rows),
        rows=tuple(Tick(top + CELL * (n + 0.5), short(label)) for n, label in enumerate(rows)),
        columns=tuple(Tick(NAMES + CELL * (m + 0.5), short(label)) for m, label in enumerate(columns)),
        squares=tuple(squares),
        empty=tuple(empty),
    )


def signed(pull: float) -> str:
    """A pull in words: a sign, two decimals and a comma; nothing has no sign."""
    text = f"{abs(pull):.2f}".replace(".", ",")
    return text if text == "0,00" else f"{'+' if pull > 0 else '−'}{text}"


def short(label: str) -> str:
    """A name as long as there is room for; the table below has the whole of it."""
    return label if len(label) <= LONGEST_NAME else f"{label[: LONGEST_NAME - 1].rstrip()}…"


def _axis(reach: float) -> float:
    """The shortest of a few round lengths that holds the longest pull."""
    return next((end for end in (0.25, 0.5, 1.0, 2.0, 4.0) if reach <= end), 8.0)
