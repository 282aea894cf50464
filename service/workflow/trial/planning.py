"""How many cases a trial needs, before anything is registered: two shares, two-sided (Fleiss, Levin, Paik).

Source: Statistical Methods for Rates and Proportions, third edition (2003), section 4.2, without the
correction for continuity. The variance under "no difference" is pooled by the size of the arms.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

ALPHA, POWER = 0.05, 0.8


@dataclass(frozen=True)
class Size:
    """How many cases are needed in all, and how many of them without evidence."""

    cases: int
    control: int


def sample_size(
    with_evidence: float, without: float, share: float, *, alpha: float = ALPHA, power: float = POWER
) -> Size:
    """The cases needed to tell two shares apart (0 to 1), when `share` of the cases are without evidence.

    Raises ValueError for shares that are no shares, or are equal.
    """
    if not all(0 < each < 1 for each in (with_evidence, without, share, alpha, power)):
        raise ValueError("a share lies between 0 and 1")
    if with_evidence == without:
        raise ValueError("shares that are equal cannot be told apart")
    normal, ratio = NormalDist(), (1 - share) / share
    pooled = share * without + (1 - share) * with_evidence
    by_chance = normal.inv_cdf(1 - alpha / 2) * sqrt((1 + 1 / ratio) * pooled * (1 - pooled))
    for_real = normal.inv_cdf(power) * sqrt(
        without * (1 - without) + with_evidence * (1 - with_evidence) / ratio
    )
    control = ((by_chance + for_real) / (with_evidence - without)) ** 2
    return Size(round(control / share), round(control))
