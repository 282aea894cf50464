"""How differently comparable cases are decided in units or months, beyond what chance gives (F13).

Comparable are cases of the same need. What is compared is the share given the highest level; neither the
evidence nor a model enters. The numbers expected of a group are those it would have if every need were met
as often as in all groups together: O found, E expected, with the variance V of sums of draws of each need. On
the scale of log odds that is (O - E) / V (Peto). The variance between groups is estimated by the
method of moments (DerSimonian and Laird 1986), with the interval of its Q profile (Viechtbauer 2007), and
told as a median odds ratio (Larsen and Merlo 2005). Chance is tried by dealing the decisions of each need out
anew among the groups.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, sqrt

import numpy as np
from numpy.typing import NDArray

from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import LEAST_FOR_PERCENT
from service.workflow.statistics.suppression import may_show

LEAST_GROUPS = 5
"""With fewer, a comparison would be a league table, and their spread cannot be told from chance."""
DEALS = 999
SEED = 140
"""Fixed, so that the same cases always give the same answer."""
UNLIKELY = 0.01
"""Variation is told as found when chance alone would give as much in fewer deals than this."""
QUARTILE = 0.6744897501960817
"""The upper quartile of the standard normal distribution."""
MOST = 100.0
"""Where a variance between groups is not searched for any further, on the scale of log odds."""

Counts = NDArray[np.int64]
Name = Callable[[DecidedRow], str]


@dataclass(frozen=True)
class Deviation:
    """One group: `n` cases, of which a share (0 to 1) was given the highest level, needs held apart.

    `expected` is the number that was to be expected; `high` the number found.
    """

    name: str
    n: int
    high: int
    expected: float
    share: float


@dataclass(frozen=True)
class Variation:
    """The variation among groups. `ratio` is the variance seen over what chance gives: 1 is no more.

    `odds` is the median odds ratio with its 95 % interval: how far two groups drawn by lot lie apart in the
    median. `p` is how often chance gives as much. `overall` is the share of all, `variance` that of a single
    case within its need, `left_out` the groups too
    small or too few-handed to be in it.
    """

    groups: tuple[Deviation, ...]
    n: int
    overall: float
    variance: float
    ratio: float
    odds: float
    odds_low: float
    odds_high: float
    p: float
    left_out: tuple[str, ...]

    @property
    def found(self) -> bool:
        """Whether there is more variation than chance explains."""
        return self.p <= UNLIKELY


def variation(rows: Sequence[DecidedRow], levels: Sequence[str], group: Name) -> Variation | None:
    """The variation of cases decided with a level, over groups; None with fewer than five to compare.

    `levels` are ordered, the highest last. A group counts from 20 cases, if they may be shown; None too when
    the groups that do not count could be found by subtraction.
    """
    comparable = [row for row in rows if row.need is not None and row.choice in levels]
    members: dict[str, list[DecidedRow]] = {}
    for row in comparable:
        members.setdefault(group(row), []).append(row)
    names = [name for name in sorted(members) if _may_be_told(members[name])]
    if len(names) < LEAST_GROUPS or not _rest_is_safe(members, names):
        return None
    needs = sorted({row.need or "" for name in names for row in members[name]})
    cases, high = (np.zeros((len(names), len(needs)), dtype=np.int64) for _ in range(2))
    for place, name in enumerate(names):
        for row in members[name]:
            cases[place, needs.index(row.need or "")] += 1
            high[place, needs.index(row.need or "")] += row.choice == levels[-1]
    return _variation(names, cases, high, tuple(sorted(members.keys() - set(names))))


def _rest_is_safe(members: Mapping[str, Sequence[DecidedRow]], names: Sequence[str]) -> bool:
    """Whether all groups less those told leave a rest that may be shown; other pages tell of all."""
    rest = [row.caseworker for name, rows in members.items() if name not in names for row in rows]
    return may_show(rest, range(len(rest)))


def _may_be_told(rows: Sequence[DecidedRow]) -> bool:
    return len(rows) >= LEAST_FOR_PERCENT and may_show([row.caseworker for row in rows], range(len(rows)))


def _variation(names: list[str], cases: Counts, high: Counts, left_out: tuple[str, ...]) -> Variation | None:
    n, y = cases.sum(axis=0), high.sum(axis=0)
    expected = (cases * y / n).sum(axis=1)
    spread = (cases * (y * (n - y)) / (n * np.maximum(n - 1, 1))).sum(axis=1)
    if (spread <= 0).any():
        return None
    found = high.sum(axis=1)
    overall = float(y.sum() / n.sum())
    apart = (found - expected) / spread
    between, low, up = _between(apart, spread)
    return Variation(
        groups=tuple(
            Deviation(name, int(of), int(o), float(e), min(1.0, overall * float(o) / float(e)))
            for name, of, o, e in zip(names, cases.sum(axis=1), found, expected, strict=True)
        ),
        n=int(n.sum()),
        overall=overall,
        variance=float(spread.sum() / n.sum()),
        ratio=float(((found - expected) ** 2 / spread).sum()) / (len(names) - 1),
        odds=_median_odds(between),
        odds_low=_median_odds(low),
        odds_high=_median_odds(up),
        p=_chance(cases, y, found, expected, spread),
        left_out=left_out,
    )


def _chance(
    cases: Counts, y: Counts, found: Counts, expected: NDArray[np.float64], spread: NDArray[np.float64]
) -> float:
    """How often the decisions of each need, dealt out anew among the groups, lie as far apart."""
    chance = np.random.default_rng(SEED)
    dealt = np.zeros((DEALS, len(cases)))
    for need in range(cases.shape[1]):
        dealt += chance.multivariate_hypergeometric(
            cases[:, need], int(y[need]), size=DEALS, method="marginals"
        )
    squares = ((dealt - expected) ** 2 / spread).sum(axis=1)
    as_far = int((squares >= ((found - expected) ** 2 / spread).sum() - 1e-9).sum())
    return (1 + as_far) / (1 + DEALS)


def _between(apart: NDArray[np.float64], spread: NDArray[np.float64]) -> tuple[float, float, float]:
    """The variance between groups on the scale of log odds, and the ends of its 95 % interval."""
    middle = (spread * apart).sum() / spread.sum()
    over = float((spread * (apart - middle) ** 2).sum()) - (len(apart) - 1)
    scale = float(spread.sum() - (spread**2).sum() / spread.sum())
    low, high = (_profile(apart, spread, quantile(len(apart) - 1, z)) for z in (1.959964, -1.959964))
    return max(0.0, over / scale), low, high


def _profile(apart: NDArray[np.float64], spread: NDArray[np.float64], target: float) -> float:
    """The variance between groups at which the weighted squares of the deviations are what is asked for."""

    def squares(between: float) -> float:
        weights = 1 / (1 / spread + between)
        return float((weights * (apart - (weights * apart).sum() / weights.sum()) ** 2).sum())

    low, high = 0.0, MOST
    if squares(low) <= target:
        return 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if squares(middle) > target else (low, middle)
    return high


def quantile(freedom: int, z: float) -> float:
    """The quantile of chi square at a quantile of the standard normal (Wilson and Hilferty 1931)."""
    ninth = 2 / (9 * freedom)
    return freedom * max(0.0, 1 - ninth + z * sqrt(ninth)) ** 3


def _median_odds(between: float) -> float:
    return exp(sqrt(2 * between) * QUARTILE)


def by_unit(row: DecidedRow) -> str:
    """The unit of a case."""
    return row.unit


def by_month(row: DecidedRow) -> str:
    """The month a case was decided in."""
    return row.month.code
