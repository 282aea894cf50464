"""Geometry of the basis figures: rows of shapes and signed bars, as numbers for SVG attributes.

Shape tells the levels apart, never colour; every figure stands in a table that says the same in words.
"""

from dataclasses import dataclass
from decimal import Decimal

SHAPES = ("circle", "square", "triangle", "diamond")
STEP, SIZE = 16, 12
HALF_WIDTH = 60


@dataclass(frozen=True)
class Mark:
    """One shape; `points` is the outline of those that are polygons."""

    shape: str
    x: int
    y: int
    points: str


@dataclass(frozen=True)
class Row:
    """A row of equal shapes and the room it needs."""

    marks: tuple[Mark, ...]
    width: int
    height: int


@dataclass(frozen=True)
class Bar:
    """A bar to the right of the middle (for) or to its left (against)."""

    x: int
    width: int
    title: str


def row_of_marks(count: int, place: int) -> Row:
    """As many shapes as cases; `place` is the level's place in declared order and picks the shape."""
    shape = SHAPES[place % len(SHAPES)]
    marks = tuple(_mark(shape, number * STEP + STEP // 2) for number in range(count))
    return Row(marks=marks, width=max(count, 1) * STEP, height=STEP)


def _mark(shape: str, x: int) -> Mark:
    middle, half = STEP // 2, SIZE // 2
    outlines = {
        "triangle": ((x, middle - half), (x + half, middle + half), (x - half, middle + half)),
        "diamond": ((x, middle - half), (x + half, middle), (x, middle + half), (x - half, middle)),
    }
    points = " ".join(f"{px},{py}" for px, py in outlines.get(shape, ()))
    return Mark(shape=shape, x=x, y=middle, points=points)


def bar(share: Decimal, longest: Decimal, favours: bool, title: str) -> Bar:
    """A bar as long as its share beside the longest one shown; one that is shown is at least 2 wide."""
    width = max(2, round(share / longest * HALF_WIDTH)) if longest else 2
    return Bar(x=HALF_WIDTH if favours else HALF_WIDTH - width, width=width, title=title)
