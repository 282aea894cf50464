"""Medians with distribution-free intervals: nothing is assumed about how times are spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb, hypot

from service.workflow.statistics.shares import LEAST_FOR_PERCENT

TAIL = 0.025


@dataclass(frozen=True)
class Median:
    """The middle of `of` values, with the ends of its 95 % interval; `of` is None where they are hidden.

    There is no interval below 20 values, where its ends would be those of single cases.
    """

    of: int | None
    middle: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Shift:
    """How much larger one median is than another, with the ends of the 95 % interval of that."""

    middle: float
    low: float
    high: float


HIDDEN = Median(None)


def median(values: Sequence[float]) -> Median:
    """The median and its exact interval by the sign test (Conover 1999, section 3.2)."""
    found, count = sorted(values), len(values)
    if not found:
        return Median(0)
    middle = (found[(count - 1) // 2] + found[count // 2]) / 2
    if count < LEAST_FOR_PERCENT:
        return Median(count, middle)
    rank = lower_rank(count)
    return Median(count, middle, found[rank - 1], found[count - rank])


def shift(one: Median, other: Median) -> Shift | None:
    """One median less another; None where either has no interval, so that nothing can be said.

    The interval is put together from theirs (MOVER: Zou and Donner 2008, Statistics in Medicine 27, 1693).
    """
    if one.middle is None or one.low is None or one.high is None:
        return None
    if other.middle is None or other.low is None or other.high is None:
        return None
    middle = one.middle - other.middle
    below = hypot(one.middle - one.low, other.high - other.middle)
    above = hypot(one.high - one.middle, other.middle - other.low)
    return Shift(middle, middle - below, middle + above)


def lower_rank(count: int) -> int:
    """The largest rank k (from 1) such that fewer than k of so many coins show heads in at most 2.5 %.

    Raises ValueError below 6, where there is no such rank.
    """
    if count < 6:
        raise ValueError(f"{count} values have no 95 % interval of their median")
    below, rank, whole = 0, 0, 2**count
    while below + comb(count, rank) <= TAIL * whole:
        below += comb(count, rank)
        rank += 1
    return rank
