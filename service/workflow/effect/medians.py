"""Medians with distribution-free intervals: nothing is assumed about how times are spread."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

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
