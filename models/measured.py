"""Numbers that were measured: whether one can be judged by, and as Danes write it."""

from math import isfinite
from typing import Any


def finite(value: Any) -> float:
    """A finite number; ValueError for anything else, for nobody can judge by it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def levels(gap: float) -> str:
    """A distance in levels with two decimals, as Danes write it."""
    return f"{gap:.2f}".replace(".", ",")


def points(share: float) -> str:
    """A share in whole percentage points, or one decimal where it is small."""
    points = 100 * share
    return f"{points:.0f}" if abs(points) >= 10 else f"{points:.1f}".replace(".", ",")
