"""Numbers that were measured: whether one can be judged by, and as Danes write it."""

from collections.abc import Mapping
from math import isfinite
from statistics import NormalDist
from typing import Any

Z90 = NormalDist().inv_cdf(0.95)


def finite(value: Any) -> float:
    """A finite number; ValueError for anything else, for nobody can judge by it."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise ValueError(f"{value!r} is no number")
    return float(value)


def surely_above(told: Mapping[str, Any], limit: float, tests: int, alpha: float) -> bool:
    """Whether a gap lies above a limit though the largest of so many was looked for (Bonferroni, one-sided).

    `told` has a gap and its 90 % interval, from which the error is read. ValueError as `finite`.
    """
    gap, low, high = (finite(told[name]) for name in ("gap", "low", "high"))
    if not low <= gap <= high:
        raise ValueError(f"{gap} lies outside of its interval")
    error = (high - low) / (2 * Z90)
    return gap - NormalDist().inv_cdf(1 - alpha / max(tests, 1)) * error > limit


def levels(gap: float) -> str:
    """A distance in levels with two decimals, as Danes write it."""
    return f"{gap:.2f}".replace(".", ",")


def points(share: float) -> str:
    """A share in whole percentage points, or one decimal where it is small."""
    points = 100 * share
    return f"{points:.0f}" if abs(points) >= 10 else f"{points:.1f}".replace(".", ",")
