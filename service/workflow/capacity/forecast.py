"""A simple forecast: how many courses an offer may expect in four weeks, with its interval.

The mean of whole weeks is carried on. Weeks that vary more than chance would (quasi-Poisson) widen the
interval, and few weeks do too. It knows no season and no change, and says nothing about a case.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, sqrt

from service.workflow.statistics.intervals import Z95

WEEK = timedelta(weeks=1)
AHEAD = 4
LEAST_WEEKS = 6


@dataclass(frozen=True)
class Forecast:
    """Courses expected in the next four weeks, and a 95 % prediction interval in whole courses."""

    expected: int
    low: int
    high: int
    weeks: int


def forecast(weekly: Sequence[int]) -> Forecast | None:
    """The forecast from the counts of whole weeks; None with fewer than six weeks."""
    weeks = len(weekly)
    if weeks < LEAST_WEEKS:
        return None
    mean = sum(weekly) / weeks
    if mean == 0:
        return Forecast(0, 0, 0, weeks)
    spread = sum((count - mean) ** 2 for count in weekly) / (weeks - 1)
    dispersion = max(1.0, spread / mean)
    reach = Z95 * sqrt(dispersion * mean * AHEAD * (1 + AHEAD / weeks))
    expected = AHEAD * mean
    return Forecast(floor(expected + 0.5), max(0, floor(expected - reach)), ceil(expected + reach), weeks)


def weekly_counts(days: Iterable[date], start: date, end: date) -> list[int]:
    """How many of the days lie in each whole week, Monday to Sunday, from one day until another."""
    first = start + timedelta(days=-start.weekday() % 7)
    weeks = max((end - first) // WEEK, 0)
    counts = [0] * weeks
    for day in days:
        number = (day - first) // WEEK
        if 0 <= number < weeks:
            counts[number] += 1
    return counts
