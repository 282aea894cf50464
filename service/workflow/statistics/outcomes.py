"""How courses went where the decision was otherwise, and where it was like most similar cases.

Deviating cases are often harder, so a difference is no effect. Case types are held apart (Mantel-Haenszel),
so that hard cases of one type are not compared with easy ones of another; whatever else differs stays.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt

from service.workflow.statistics.intervals import Z95
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import LEAST_FOR_PERCENT, Share, share_of, whole_percent


@dataclass(frozen=True)
class Stratum:
    """One case type: `hits` of `of` completed where decided otherwise, `other_hits` of `other_of` in line."""

    hits: int
    of: int
    other_hits: int
    other_of: int


@dataclass(frozen=True)
class Estimate:
    """A difference of shares, first minus second, between -1 and 1, with its 95 % interval."""

    difference: float
    low: float
    high: float


@dataclass(frozen=True)
class Outcomes:
    """Shares completed of the courses that have ended, and the difference in percentage points.

    The difference is None when a group has fewer than 20 courses, or no case type has both.
    """

    override: Share
    agreement: Share
    points: int | None = None
    low: int | None = None
    high: int | None = None


def mantel_haenszel(strata: Iterable[Stratum]) -> Estimate | None:
    """The common difference of shares over strata, with Sato's variance (Biometrics 1989, 45, 1323–1324).

    Strata in which one group is empty say nothing; None when all are such.
    """
    both = [each for each in strata if each.of and each.other_of]
    if not both:
        return None
    weight = sum(each.of * each.other_of / _size(each) for each in both)
    difference = sum(
        (each.hits * each.other_of - each.other_hits * each.of) / _size(each) for each in both
    ) / weight  # fmt: skip
    variance = (difference * sum(map(_p, both)) + sum(map(_q, both))) / weight**2
    reach = Z95 * sqrt(max(variance, 0.0))
    return Estimate(difference, max(-1.0, difference - reach), min(1.0, difference + reach))


def outcomes(override: Sequence[DecidedRow] | None, agreement: Sequence[DecidedRow] | None) -> Outcomes:
    """The outcomes of cases with ended courses, decided otherwise and in line; None where they are hidden."""
    shares = share_of(override, _completed), share_of(agreement, _completed)
    if not override or not agreement or min(len(override), len(agreement)) < LEAST_FOR_PERCENT:
        return Outcomes(*shares)
    found = mantel_haenszel(_strata(override, agreement))
    if found is None:
        return Outcomes(*shares)
    return Outcomes(*shares, *(whole_percent(x) for x in (found.difference, found.low, found.high)))


def _completed(row: DecidedRow) -> bool:
    return row.completed is True


def _strata(override: Sequence[DecidedRow], agreement: Sequence[DecidedRow]) -> list[Stratum]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for place, cases in [(0, override), (2, agreement)]:
        for row in cases:
            counts[row.case_type][place] += _completed(row)
            counts[row.case_type][place + 1] += 1
    return [Stratum(*counts[case_type]) for case_type in sorted(counts)]


def _size(each: Stratum) -> int:
    return each.of + each.other_of


def _p(each: Stratum) -> float:
    n, m = each.of, each.other_of
    return (n * n * each.other_hits - m * m * each.hits + n * m * (m - n) / 2) / _size(each) ** 2


def _q(each: Stratum) -> float:
    missed, other_missed = each.of - each.hits, each.other_of - each.other_hits
    return (each.hits * other_missed + each.other_hits * missed) / (2 * _size(each))
