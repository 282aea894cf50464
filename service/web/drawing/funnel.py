"""A funnel: shares of groups by their size, within how far they may lie from the whole by chance alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from service.web.drawing.charts import TOP, WIDTH, Canvas, Tick, percent_words

LEFT, RIGHT, HEIGHT, FOOT = 64, 24, 260, 52
STEPS = 40
LINE, APART = 17, 200
"""The height of a line of words, and how near two dots are when their names could meet."""
SIGMAS = 3
FIFTHS = [n / 5 for n in range(6)]


@dataclass(frozen=True)
class Group:
    """A named group: its number of cases, and its share between 0 and 1."""

    name: str
    n: int
    share: float


@dataclass(frozen=True)
class Place:
    """Where a group is drawn, and its name: `side` is the anchor of its text, `words_y` the height."""

    x: float
    y: float
    words_y: float
    label: str
    side: str


@dataclass(frozen=True)
class FunnelChart(Canvas):
    """Dots, the line of the whole, and the two limits as points of a line."""

    top: int
    right: float
    bottom: float
    across: tuple[Tick, ...]
    upward: tuple[Tick, ...]
    across_label: str
    middle: float
    upper: str
    lower: str
    places: tuple[Place, ...]


def funnel_chart(
    name: str, title: str, description: str, groups: Sequence[Group], overall: float, variance: float,
    across_label: str,
) -> FunnelChart:  # fmt: skip
    """The funnel of groups; `variance` is that of one case, so the limits are three sigma of a share of n."""
    most = _round_up(max(group.n for group in groups))
    sizes = [most * step / STEPS for step in range(1, STEPS + 1)]
    reach = [SIGMAS * sqrt(variance / size) for size in sizes]
    return FunnelChart(
        id=name,
        title=title,
        description=description,
        width=WIDTH,
        height=TOP + HEIGHT + FOOT,
        left=LEFT,
        top=TOP,
        right=WIDTH - RIGHT,
        bottom=TOP + HEIGHT,
        across=tuple(Tick(_across(most * n / 4, most), str(round(most * n / 4))) for n in range(5)),
        upward=tuple(Tick(_upward(share), percent_words(share)) for share in FIFTHS),
        across_label=across_label,
        middle=_upward(overall),
        upper=_points(sizes, [overall + each for each in reach], most),
        lower=_points(sizes, [overall - each for each in reach], most),
        places=_places(groups, most),
    )


def _round_up(most: int) -> int:
    """The next size whose quarters are whole, with some room to the right."""
    return -(-(most * 11 // 10 + 1) // 20) * 20


def _places(groups: Sequence[Group], most: int) -> tuple[Place, ...]:
    """The groups in their own order, with names moved down until none stands on another."""
    found: dict[str, Place] = {}
    for group in sorted(groups, key=lambda each: (-each.share, each.n)):
        x, y = _across(group.n, most), _upward(group.share)
        words_y = y
        while any(
            abs(x - other.x) < APART and abs(words_y - other.words_y) < LINE for other in found.values()
        ):
            words_y += LINE / 4
        side = "end" if x > (LEFT + WIDTH) / 2 else "start"
        found[group.name] = Place(x, y, round(words_y, 1), group.name, side)
    return tuple(found[group.name] for group in groups)


def _points(sizes: Sequence[float], shares: Sequence[float], most: int) -> str:
    return " ".join(
        f"{_across(size, most)},{_upward(min(1.0, max(0.0, share)))}"
        for size, share in zip(sizes, shares, strict=True)
    )


def _across(size: float, most: int) -> float:
    return round(LEFT + size / most * (WIDTH - RIGHT - LEFT), 1)


def _upward(share: float) -> float:
    return round(TOP + HEIGHT - share * HEIGHT, 1)
