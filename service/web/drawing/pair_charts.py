"""Charts that hold two shares against each other: what was shown and decided, and how two groups went."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.web.drawing.charts import NAMES, ROW, TOP, WIDTH, Canvas, Tick, percent_words

SIDE, LEFT, FOOT = 240, 64, 52
FIFTHS = [n / 5 for n in range(6)]


@dataclass(frozen=True)
class Mark:
    """One share with its interval along the other axis."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True)
class SquareChart(Canvas):
    """Shares against shares with the line on which both are equal. `others` are drawn as hollow squares."""

    top: int
    right: float
    bottom: float
    across: tuple[Tick, ...]
    upward: tuple[Tick, ...]
    across_label: str
    names: tuple[str, str]
    marks: tuple[Mark, ...]
    others: tuple[Mark, ...]


@dataclass(frozen=True)
class End:
    """One end of a dumbbell: its place, and its interval."""

    at: float
    low: float
    high: float


@dataclass(frozen=True)
class Dumbbell(Canvas):
    """One share above another on one axis, joined: a filled dot and a hollow square, each with its name."""

    bottom: float
    ticks: tuple[Tick, ...]
    first: End
    second: End
    first_y: float
    second_y: float
    first_label: str
    second_label: str


@dataclass(frozen=True)
class Pair:
    """A share (0 to 1) and, against it, another with its interval."""

    across: float
    share: float
    low: float
    high: float


def square_chart(
    name: str,
    title: str,
    description: str,
    pairs: Sequence[Pair],
    others: Sequence[Pair],
    across_label: str,
    names: tuple[str, str],
) -> SquareChart:
    """Dots and hollow squares, each kind with its name beside, against the diagonal."""
    return SquareChart(
        id=name,
        title=title,
        description=description,
        width=WIDTH,
        height=TOP + SIDE + FOOT,
        left=LEFT,
        top=TOP,
        right=LEFT + SIDE,
        bottom=TOP + SIDE,
        across=tuple(Tick(_across(share), percent_words(share)) for share in FIFTHS),
        upward=tuple(Tick(_upward(share), percent_words(share)) for share in FIFTHS),
        across_label=across_label,
        names=names,
        marks=tuple(map(_mark, pairs)),
        others=tuple(map(_mark, others)),
    )


def dumbbell(
    name: str,
    title: str,
    description: str,
    first: tuple[str, float, float, float],
    second: tuple[str, float, float, float],
) -> Dumbbell:
    """Two groups, each a label, a share and the ends of its interval."""
    return Dumbbell(
        id=name,
        title=title,
        description=description,
        width=WIDTH,
        height=TOP + 2 * ROW + 34,
        left=NAMES,
        bottom=TOP + 2 * ROW,
        ticks=tuple(Tick(_along(share), percent_words(share)) for share in FIFTHS),
        first=End(*map(_along, first[1:])),
        second=End(*map(_along, second[1:])),
        first_y=TOP + ROW * 0.5,
        second_y=TOP + ROW * 1.5,
        first_label=first[0],
        second_label=second[0],
    )


def _mark(pair: Pair) -> Mark:
    return Mark(_across(pair.across), _upward(pair.share), _upward(pair.low), _upward(pair.high))


def _across(share: float) -> float:
    return round(LEFT + share * SIDE, 1)


def _upward(share: float) -> float:
    return round(TOP + SIDE - share * SIDE, 1)


def _along(share: float) -> float:
    return round(NAMES + share * (WIDTH - NAMES - 24), 1)
