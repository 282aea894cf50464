"""Geometry of the charts: from shares to numbers for SVG attributes. Templates draw, they do not reckon.

Every chart stands above a table that says the same, and tells things apart by shape and words, not colour.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH = 700
NAMES, LONG_NAMES = 250, 310
"""Room for names at the left: case types, and reasons."""
ROW = 30
TOP, BOTTOM = 12, 34
MONTHS_HEIGHT = 220
STEPS = (0.25, 0.5, 0.75, 1.0)
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Tick:
    """A line of the axis with its words."""

    at: float
    label: str


@dataclass(frozen=True)
class Canvas:
    """What every chart has: its anchor and words on the page, its size, and where the drawing begins."""

    id: str
    title: str
    description: str
    width: int
    height: int
    left: int


@dataclass(frozen=True)
class Dot:
    """One row: a name, a dot with its interval where there are cases enough, and the same in words.

    `expected` is where the dot would lie if all were as it should be, for charts that know it. `before` is
    the hollow mark of an earlier share.
    """

    y: float
    label: str
    words: str
    at: float | None = None
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    before: float | None = None


@dataclass(frozen=True)
class DotChart(Canvas):
    """Shares with intervals, one row each."""

    bottom: float
    ticks: tuple[Tick, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class Bar:
    """One row: a name, a bar, and its number in words."""

    y: float
    label: str
    words: str
    length: float


@dataclass(frozen=True)
class BarChart(Canvas):
    """Counts as bars, one row each."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Point:
    """One month: a dot with its interval, or words where there is none."""

    x: float
    label: str
    words: str
    y: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Corridor:
    """The limits of one month, from its left edge to its right."""

    left: float
    right: float
    low: float
    high: float


@dataclass(frozen=True)
class LineChart(Canvas):
    """Months side by side; `lines` join neighbours that both have a dot, `marks` are changes of model.

    `middle` is the height of all months together, `corridors` how far a month may lie from it by chance.
    """

    top: int
    bottom: float
    ticks: tuple[Tick, ...]
    points: tuple[Point, ...]
    lines: tuple[str, ...]
    marks: tuple[Tick, ...]
    middle: float | None = None
    corridors: tuple[Corridor, ...] = ()


@dataclass(frozen=True)
class Value:
    """What a chart is told of one row: a share and its interval, or None where only words may stand."""

    label: str
    words: str
    share: float | None = None
    low: float | None = None
    high: float | None = None
    expected: float | None = None
    before: float | None = None
    limits: tuple[float, float] | None = None


def percent_words(share: float) -> str:
    """A share of the axis in words."""
    return f"{round(share * 100)}{NO_BREAK}%"


def axis_end(values: Sequence[Value]) -> float:
    """The shortest axis that holds every interval: a quarter, a half, three quarters or the whole."""
    reach = max((value.high for value in values if value.high is not None), default=0.0)
    reach = max([reach, *(value.expected for value in values if value.expected is not None)])
    reach = max([reach, *(value.before for value in values if value.before is not None)])
    reach = max([reach, *(value.limits[1] for value in values if value.limits is not None)])
    return next(step for step in STEPS if reach <= step)


def dot_chart(name: str, title: str, description: str, values: Sequence[Value]) -> DotChart:
    """Rows of dots with intervals along one axis."""
    end, room = axis_end(values), WIDTH - NAMES - 24
    height = TOP + ROW * len(values) + BOTTOM

    def at(share: float) -> float:
        return round(NAMES + share / end * room, 1)

    return DotChart(
        id=name,
        title=title,
        description=description,
        width=WIDTH,
        height=height,
        left=NAMES,
        bottom=height - BOTTOM,
        ticks=tuple(Tick(at(end * n / 5), percent_words(end * n / 5)) for n in range(6)),
        dots=tuple(
            Dot(
                y=TOP + ROW * (n + 0.5),
                label=value.label,
                words=value.words,
                at=None if value.share is None else at(value.share),
                low=None if value.low is None else at(value.low),
                high=None if value.high is None else at(value.high),
                expected=None if value.expected is None else at(value.expected),
                before=None if value.before is None else at(value.before),
            )
            for n, value in enumerate(values)
        ),
    )


def bar_chart(
    name: str, title: str, description: str, values: Sequence[tuple[str, str, int | None]]
) -> BarChart:
    """Rows of bars for counts: name, words and count, None where hidden."""
    longest = max((count for *_, count in values if count is not None), default=0)
    room = WIDTH - LONG_NAMES - 130
    return BarChart(
        id=name,
        title=title,
        description=description,
        width=WIDTH,
        height=TOP + ROW * len(values),
        left=LONG_NAMES,
        bars=tuple(
            Bar(
                y=TOP + ROW * (n + 0.5),
                label=label,
                words=words,
                length=round(count / longest * room, 1) if count else 0.0,
            )
            for n, (label, words, count) in enumerate(values)
        ),
    )


def line_chart(
    name: str,
    title: str,
    description: str,
    values: Sequence[Value],
    marks: Sequence[tuple[float, str]],
    middle: float | None = None,
) -> LineChart:
    """Months from left to right; a mark stands at a number of months from the left edge."""
    end, left, top = axis_end(values), 56, 24
    bottom = MONTHS_HEIGHT - BOTTOM
    step = (WIDTH - left - 12) / max(len(values), 1)

    def height_of(share: float) -> float:
        return round(bottom - share / end * (bottom - top), 1)

    points = tuple(
        Point(
            x=round(left + step * (n + 0.5), 1),
            label=value.label,
            words=value.words,
            y=None if value.share is None else height_of(value.share),
            low=None if value.low is None else height_of(value.low),
            high=None if value.high is None else height_of(value.high),
        )
        for n, value in enumerate(values)
    )
    return LineChart(
        id=name,
        title=title,
        description=description,
        width=WIDTH,
        height=MONTHS_HEIGHT,
        left=left,
        top=top,
        bottom=bottom,
        ticks=tuple(Tick(height_of(end * n / 5), percent_words(end * n / 5)) for n in range(6)),
        points=points,
        lines=tuple(
            f"{one.x},{one.y} {other.x},{other.y}"
            for one, other in pairwise(points)
            if one.y is not None and other.y is not None
        ),
        marks=tuple(Tick(round(left + step * months, 1), label) for months, label in marks),
        middle=None if middle is None else height_of(middle),
        corridors=tuple(
            Corridor(
                left=round(left + step * n, 1),
                right=round(left + step * (n + 1), 1),
                low=height_of(value.limits[0]),
                high=height_of(value.limits[1]),
            )
            for n, value in enumerate(values)
            if value.limits is not None
        ),
    )
