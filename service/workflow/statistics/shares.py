"""Shares of cases as they may be told: counts, and whole percent with an interval where there are enough."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor

from service.workflow.statistics.intervals import wilson
from service.workflow.statistics.rows import DecidedRow

LEAST_FOR_PERCENT = 20
"""With fewer cases a share is given as a count."""


@dataclass(frozen=True)
class Share:
    """So many of so many cases; both None where they are hidden."""

    hits: int | None
    of: int | None

    @property
    def hidden(self) -> bool:
        """Whether suppression holds the numbers back."""
        return self.of is None

    @property
    def percent(self) -> int | None:
        """In whole percent, rounded half up; None when there are too few cases for percentages."""
        if self.hits is None or self.of is None or self.of < LEAST_FOR_PERCENT:
            return None
        return whole_percent(self.hits / self.of)

    @property
    def interval(self) -> tuple[int, int] | None:
        """The 95 % interval in whole percent, where there is a percentage."""
        if self.percent is None or self.hits is None or self.of is None:
            return None
        ends = wilson(self.hits, self.of)
        return whole_percent(ends.low), whole_percent(ends.high)


HIDDEN = Share(None, None)


def whole_percent(share: float) -> int:
    """A share in whole percent, half rounded up."""
    return floor(share * 100 + 0.5)


def share_of(cases: Sequence[DecidedRow] | None, hit: Callable[[DecidedRow], bool]) -> Share:
    """How many of the cases are so; hidden where the cases are."""
    return HIDDEN if cases is None else Share(sum(map(hit, cases)), len(cases))


def part_of(part: Sequence[DecidedRow] | None, whole: Sequence[DecidedRow] | None) -> Share:
    """One group as a share of another that holds it; hidden where either is."""
    return HIDDEN if part is None or whole is None else Share(len(part), len(whole))
