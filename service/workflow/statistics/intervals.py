"""Intervals for shares of few cases, after Newcombe 1998 (Statistics in Medicine 17, 857–890)."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054
"""The standard normal quantile of a two-sided 95 % interval."""


@dataclass(frozen=True)
class Interval:
    """The ends of an interval, both included."""

    low: float
    high: float


def wilson(hits: int, of: int) -> Interval:
    """The 95 % score interval of a share (Wilson 1927). `of` must be positive and `hits` within it."""
    if not 0 <= hits <= of or of == 0:
        raise ValueError(f"{hits} of {of} is no share")
    share, z2 = hits / of, Z95 * Z95
    middle = (share + z2 / (2 * of)) / (1 + z2 / of)
    reach = Z95 / (1 + z2 / of) * sqrt(share * (1 - share) / of + z2 / (4 * of * of))
    low = 0.0 if hits == 0 else max(0.0, middle - reach)
    high = 1.0 if hits == of else min(1.0, middle + reach)
    return Interval(low, high)


def newcombe(hits: int, of: int, other_hits: int, other_of: int) -> Interval:
    """The 95 % interval of the difference of two independent shares, first minus second (hybrid score)."""
    first, second = wilson(hits, of), wilson(other_hits, other_of)
    share, other = hits / of, other_hits / other_of
    below = sqrt((share - first.low) ** 2 + (second.high - other) ** 2)
    above = sqrt((first.high - share) ** 2 + (other - second.low) ** 2)
    return Interval(max(-1.0, share - other - below), min(1.0, share - other + above))
