"""Has something moved, beyond what chance gives? Counts of now held against counts of before.

A measure counts as moved when two things hold: chance does not explain it, with regard to how many measures
were looked at (Holm), and it is large enough to matter. Either alone is no news: with many cases everything
moves a little, and with few cases anything may.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import erfc, exp, pi, sqrt
from typing import Any

import numpy as np
import numpy.typing as npt

from models.artifact import Artifact
from models.cells import EARLIEST

ALPHA = 0.01
"""A run in a hundred may raise a false alarm over all of its measures: one in eight years."""
FEWEST = 50
"""Cases in a month and before it, below which nothing is said."""
PSI_MATERIAL = 0.1
"""The population stability index from which a shift is usually looked into."""
LEAST_EXPECTED = 5.0
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Moved:
    """How far counts lie from counts before: the index, what chance alone gives on average, and a p-value.

    `p` is 1 where there is nothing to compare.
    """

    psi: float
    by_chance: float
    p: float


def counts_before(artifact: Artifact, day: date) -> tuple[Counts, ...]:
    """How often each code of each question stands among a version's reference cases decided before a day.

    A case whose day is not known counts too.
    """
    earlier = artifact.reference.days < max(1, (day - EARLIEST).days + 1)
    return tuple(
        np.bincount(artifact.reference.codes.column(place)[earlier], minlength=size)
        for place, size in enumerate(artifact.codebook.sizes)
    )


def levels_before(artifact: Artifact, day: date) -> Counts:
    """How often each level was given among the reference cases decided before a day, in the area's order."""
    reference = artifact.reference
    earlier = np.flatnonzero(reference.days < max(1, (day - EARLIEST).days + 1))
    given = reference.values("levels", earlier)
    return np.array([given.count(level) for level in artifact.area.level_codes], dtype=np.int64)


def moved(before: Any, now: Any) -> Moved:
    """How far the counts of now lie from those of before: Pearson's test of one distribution behind both.

    Codes too rare for the test (under five expected) are pooled first. ValueError for unlike lengths.
    """
    old, new = np.asarray(before, dtype=float), np.asarray(now, dtype=float)
    if old.shape != new.shape or old.ndim != 1:
        raise ValueError("counts of before and now are of the same codes")
    m, n = old.sum(), new.sum()
    if m == 0 or n == 0:
        return Moved(0.0, 0.0, 1.0)
    old, new = _pooled(old, new)
    by_chance = (len(old) - 1) * (1 / m + 1 / n)
    if len(old) < 2:
        return Moved(0.0, 0.0, 1.0)
    both = (old + new) / (m + n)
    chi_square = float((((old - m * both) ** 2) / (m * both) + ((new - n * both) ** 2) / (n * both)).sum())
    return Moved(_index(old, new), float(by_chance), chi_square_tail(chi_square, len(old) - 1))


def chi_square_tail(value: float, freedom: int) -> float:
    """The chance of at least `value` with so many degrees of freedom (1 or more), in closed form."""
    if value <= 0:
        return 1.0
    half = value / 2
    if freedom % 2:
        total, term = erfc(sqrt(half)), 2 * sqrt(half / pi) * exp(-half)
        steps = np.arange(3, freedom, 2)
    else:
        total, term = 0.0, exp(-half)
        steps = np.arange(2, freedom, 2)
    if freedom > 1:
        total += term
    for step in steps:
        term *= value / step
        total += term
    return min(1.0, float(total))


def two_sided(deviation: float) -> float:
    """The chance of so many standard errors either way."""
    return erfc(abs(deviation) / sqrt(2))


def one_sided(deviation: float) -> float:
    """The chance of so many standard errors or more upwards."""
    return erfc(deviation / sqrt(2)) / 2


def share_rose(hits: int, of: int, hits_before: int, of_before: int) -> float:
    """The chance that a share rises so much from one period to the next, by the pooled normal deviate.

    1 where a period has no case. Continuity is corrected for, so that few cases do not cry out.
    """
    if not of or not of_before:
        return 1.0
    pooled = (hits + hits_before) / (of + of_before)
    spread = sqrt(pooled * (1 - pooled) * (1 / of + 1 / of_before))
    rose = hits / of - hits_before / of_before - (1 / of + 1 / of_before) / 2
    return 1.0 if spread == 0 or rose <= 0 else one_sided(rose / spread)


@dataclass(frozen=True)
class Gap:
    """By how much shares said and what was judged differ on average, with a 95 % interval."""

    value: float
    low: float
    high: float
    p: float


def calibration_gap(shares: Any, given: Any) -> Gap:
    """The mean of `given` (0 or 1) less the mean of the shares said, were the shares right.

    The spread is that of independent cases, each given with its own share.
    """
    said, was = np.asarray(shares, dtype=float), np.asarray(given, dtype=float)
    error = sqrt(float((said * (1 - said)).sum())) / len(said)
    value = float((was - said).mean())
    p = 1.0 if error == 0 else two_sided(value / error)
    return Gap(value, value - 1.96 * error, value + 1.96 * error, p)


def ranks_moved(before: Sequence[float], now: Sequence[float]) -> float:
    """The chance of so unlike ranks either way (Mann and Whitney, with ties); 1 for an empty side."""
    m, n = len(before), len(now)
    if not m or not n:
        return 1.0
    values, inverse, ties = np.unique(
        np.concatenate([np.asarray(before, float), np.asarray(now, float)]),
        return_inverse=True,
        return_counts=True,
    )
    ranks = (np.cumsum(ties) - (ties - 1) / 2)[inverse]
    total = m + n
    variance = m * n / 12 * ((total + 1) - float((ties**3 - ties).sum()) / (total * (total - 1)))
    if len(values) < 2 or variance <= 0:
        return 1.0
    return two_sided((float(ranks[m:].sum()) - n * (total + 1) / 2) / sqrt(variance))


def beyond_chance(chances: Sequence[float], alpha: float = ALPHA) -> list[bool]:
    """Which of several p-values chance does not explain, all of them together (Holm)."""
    order = sorted(range(len(chances)), key=lambda each: chances[each])
    found = [False] * len(chances)
    for step, place in enumerate(order):
        if chances[place] > alpha / (len(chances) - step):
            break
        found[place] = True
    return found


def _pooled(
    old: npt.NDArray[np.float64], new: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Codes in which a side expects too few are one; if that is too rare as well, so is the next."""
    smaller = min(old.sum(), new.sum()) / (old.sum() + new.sum())
    order = np.lexsort((old, old + new))  # equals are equal in both, so their order is of no matter
    expected = (old + new)[order] * smaller
    rare = int(np.searchsorted(expected, LEAST_EXPECTED))
    while 0 < rare < len(order) and expected[:rare].sum() < LEAST_EXPECTED:
        rare += 1
    if rare == 0:
        return old, new
    rest, kept = order[:rare], np.sort(order[rare:])
    return np.append(old[kept], old[rest].sum()), np.append(new[kept], new[rest].sum())


def _index(old: npt.NDArray[np.float64], new: npt.NDArray[np.float64]) -> float:
    """The population stability index, with half a case in every code so that none is empty."""
    p, q = (old + 0.5) / (old + 0.5).sum(), (new + 0.5) / (new + 0.5).sum()
    return float(((q - p) * np.log(q / p)).sum())
