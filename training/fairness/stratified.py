"""Differences between groups whose needs are alike: everything is measured within strata of need.

A gap is a group's mean less that of the others in the same strata, weighted as least squares with one level
per stratum weighs it. `members` is (n, g), one column for each group; NaN says that no stratum holds both.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from training.chance import Indexes, Numbers

Members = NDArray[np.bool_]

Z90 = 1.6448536269514722
Z80_POWER = 0.8416212335729143
TIE = 1e-9
CELLS_AT_ONCE = 1_500_000


@dataclass(frozen=True)
class Gaps:
    """One gap for each group, and its standard error."""

    gap: Numbers
    error: Numbers

    @property
    def low(self) -> Numbers:
        """The lower end of the 90 % interval."""
        return self.gap - Z90 * self.error

    @property
    def high(self) -> Numbers:
        """The upper end of the 90 % interval."""
        return self.gap + Z90 * self.error

    @property
    def detectable(self) -> Numbers:
        """The gap that would have been found four times in five (one-sided, 5 %)."""
        return (Z90 + Z80_POWER) * self.error

    def within(self, margin: float) -> NDArray[np.bool_]:
        """Whether two one-sided tests at 5 % show a gap smaller than the margin either way (TOST)."""
        return np.asarray((self.low > -margin) & (self.high < margin))


def centred(values: Numbers, stratum: Indexes) -> Numbers:
    """Values (n,) or (n, g) less the mean of their stratum."""
    flat = values.reshape(len(values), -1).astype(np.float64)
    sums = np.zeros((int(stratum.max(initial=-1)) + 1, flat.shape[1]))
    np.add.at(sums, stratum, flat)
    counts = np.maximum(np.bincount(stratum, minlength=len(sums)), 1)
    return np.asarray((flat - (sums / counts[:, None])[stratum]).reshape(values.shape))


def gaps(values: Numbers, members: Members, stratum: Indexes) -> Gaps:
    """The gap of each group. The error is the larger of a robust and an ordinary one.

    Where hardly anybody of a group was hit, the robust error alone would be far too small.
    """
    x, y = centred(members.astype(np.float64), stratum), centred(values, stratum)
    spread = (x**2).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        gap = np.where(spread > TIE, x.T @ y / spread, np.nan)
        rest = y[:, None] - x * gap
        free = max(len(y) - len(np.unique(stratum)) - 1, 1)
        robust = ((x * rest) ** 2).sum(axis=0) / spread**2 * len(y) / free
        plain = (rest**2).sum(axis=0) / free / spread
    return Gaps(gap, np.sqrt(np.maximum(robust, plain)))


def shrunk(found: Gaps) -> Gaps:
    """Each gap pulled towards none, the more so the less its group says: empirical Bayes over all groups.

    The spread between groups is what the gaps vary beyond their errors; how unsure that is widens the
    intervals. With fewer than three groups nothing can be pooled, and the gaps stand as they are.
    """
    known = np.isfinite(found.gap) & np.isfinite(found.error) & (found.error > 0)
    count = int(known.sum())
    if count < 3:
        return found
    gap, variance = found.gap[known], found.error[known] ** 2
    weight = 1 / variance
    between = max(0.0, float(((gap**2 - variance) * weight).sum() / weight.sum()))
    keep = between / (between + found.error**2)
    unsure = 2 / count * ((1 - keep) * found.gap) ** 2
    return Gaps(keep * found.gap, np.sqrt(keep * found.error**2 + unsure))


def permutation(
    values: Numbers,
    axes: list[Members],
    stratum: Indexes,
    draws: int,
    rng: np.random.Generator,
) -> list[float]:
    """For each axis, how often chance alone lets its worst group lie so far above the others.

    Values are shuffled within strata, once for all axes, and the largest of the groups' standardised sums is
    compared. One-sided: a group that gets less than the others is looked for. Plus one, so never 0. An axis
    whose groups nowhere share a stratum gives 1.
    """
    order = np.argsort(stratum, kind="stable")
    place = stratum[order]
    sorted_values = centred(values, stratum)[order]
    weights = [_standardised(each[order], sorted_values, place) for each in axes]
    all_weights = np.hstack(weights) if weights else np.zeros((len(order), 0))
    edges = np.cumsum([0, *(each.shape[1] for each in weights)])
    seen = _largest(sorted_values[None, :] @ all_weights, edges)[0]
    beaten = np.zeros(len(weights))
    at_once = max(1, CELLS_AT_ONCE // max(len(order), 1))
    for start in range(0, draws, at_once):
        rows = min(at_once, draws - start)
        keys = place + rng.random((rows, len(order)), dtype=np.float32)
        shuffled = sorted_values[np.argsort(keys, axis=1)]
        beaten += (_largest(shuffled @ all_weights, edges) >= seen - TIE).sum(axis=0)
    return [float(each) for each in (beaten + 1) / (draws + 1)]


def _standardised(members: Members, values: Numbers, place: Indexes) -> Numbers:
    """Group indicators over the standard deviation of their sums when values are shuffled within strata."""
    strata = int(place.max(initial=-1)) + 1
    size = np.bincount(place, minlength=strata).astype(np.float64)
    spread = np.bincount(place, values**2, minlength=strata) / np.maximum(size, 1)
    inside = np.zeros((strata, members.shape[1]))
    np.add.at(inside, place, members.astype(np.float64))
    chance = inside * (size[:, None] - inside) / np.maximum(size - 1, 1)[:, None]
    variance = (chance * spread[:, None]).sum(axis=0)
    usable = variance > TIE
    return np.asarray(members[:, usable] / np.sqrt(variance[usable]))


def _largest(sums: Numbers, edges: NDArray[np.int64]) -> Numbers:
    """Of each axis its largest group, (rows, axes); an axis without usable groups is 0 throughout."""
    found = [
        sums[:, low:high].max(axis=1) if high > low else np.zeros(len(sums)) for low, high in pairwise(edges)
    ]
    return np.stack(found, axis=1) if found else np.zeros((len(sums), 0))


def within(stratum: Indexes, rng: np.random.Generator) -> Indexes:
    """A shuffle of the cases within their strata."""
    order = np.argsort(stratum, kind="stable")
    shuffled = order[np.argsort(stratum[order] + rng.random(len(order)))]
    place = np.empty(len(order), dtype=np.int64)
    place[order] = shuffled
    return place


def adjusted(p_values: list[float]) -> list[float]:
    """Benjamini and Hochberg's p-values of one family, in the given order."""
    count = len(p_values)
    order = sorted(range(count), key=lambda place: p_values[place])
    found, least = [1.0] * count, 1.0
    for rank in range(count, 0, -1):
        place = order[rank - 1]
        least = min(least, p_values[place] * count / rank)
        found[place] = least
    return found
