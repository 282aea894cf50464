"""Limits of a p-chart: how far a month's share may lie from the whole by chance alone (three sigma)."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from service.workflow.statistics.shares import LEAST_FOR_PERCENT, Share

SIGMAS = 3


@dataclass(frozen=True)
class Limits:
    """The ends for one month, between 0 and 1."""

    low: float
    high: float


@dataclass(frozen=True)
class Control:
    """The share of all months together, and the limits of each; None for a month with too few cases."""

    middle: float
    limits: tuple[Limits | None, ...]


def control(months: Sequence[Share]) -> Control | None:
    """The limits of months from their own numbers; None with fewer than two months that have 20 cases.

    Only what is shown of the months enters, so the limits tell nothing that the months do not.
    """
    counted = [(each.hits, each.of) for each in months if each.percent is not None and each.hits is not None]
    sizes = sum(of or 0 for _, of in counted)
    if len(counted) < 2:
        return None
    middle = sum(hits for hits, _ in counted) / sizes
    return Control(middle, tuple(_limits(middle, each.of) for each in months))


def _limits(middle: float, of: int | None) -> Limits | None:
    if of is None or of < LEAST_FOR_PERCENT:
        return None
    reach = SIGMAS * sqrt(middle * (1 - middle) / of)
    return Limits(max(0.0, middle - reach), min(1.0, middle + reach))
