"""Krippendorff's alpha: how far independent judgements of the same cases agree beyond chance.

It is 1 less the observed over the expected disagreement, from the matrix of coincidences (K. Krippendorff,
*Content Analysis*; "Computing Krippendorff's Alpha-Reliability", 2011).
1 is perfect agreement, 0 is what chance gives. Any number of judgements per case; None is a missing one.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Metric = Literal["nominal", "ordinal"]
Judgements = Sequence[Hashable | None]
"""The judgements of one case."""
Matrix = NDArray[np.float64]

RESAMPLES = 1_000
SEED = 140
"""Fixed, so that the same judgements always give the same interval."""
LEAST_DEFINED = 0.9
"""An interval is only given when this share of the resamples has an alpha."""


@dataclass(frozen=True)
class Alpha:
    """An alpha of `n` cases with at least two judgements each, and its 95 % bootstrap interval.

    `low` and `high` are None where there is too little variation to resample.
    """

    value: float
    low: float | None
    high: float | None
    n: int


def alpha(cases: Sequence[Judgements], values: Sequence[Hashable], metric: Metric) -> float | None:
    """The alpha of the cases; None where all judgements are one value, or none can be paired.

    `values` are the possible judgements, lowest first where they are ordered. A judgement that is not among
    them counts as missing.
    """
    pairs = _coincidences(cases, values).sum(axis=0)
    return _alpha(pairs, metric)


def with_interval(cases: Sequence[Judgements], values: Sequence[Hashable], metric: Metric) -> Alpha | None:
    """`alpha` with an interval from drawing as many cases again, with replacement; None where it is None."""
    each = _coincidences(cases, values)
    value = _alpha(each.sum(axis=0), metric)
    if value is None:
        return None
    chance = np.random.default_rng(SEED)
    again = (
        _alpha(each[chance.integers(len(each), size=len(each))].sum(axis=0), metric) for _ in range(RESAMPLES)
    )
    found = [one for one in again if one is not None]
    if len(found) < LEAST_DEFINED * RESAMPLES:
        return Alpha(value, None, None, len(each))
    low, high = np.percentile(found, [2.5, 97.5])
    return Alpha(value, float(low), float(high), len(each))


def _coincidences(cases: Sequence[Judgements], values: Sequence[Hashable]) -> Matrix:
    """For each case that can be paired, how often two of its judgements coincide, by their values."""
    place = {value: number for number, value in enumerate(values)}
    found = []
    for judgements in cases:
        counts = np.zeros(len(values))
        for each in judgements:
            if each in place:
                counts[place[each]] += 1
        if counts.sum() >= 2:
            found.append((np.outer(counts, counts) - np.diag(counts)) / (counts.sum() - 1))
    return np.array(found).reshape(-1, len(values), len(values))


def _alpha(pairs: Matrix, metric: Metric) -> float | None:
    marginal = pairs.sum(axis=1)
    apart = _distances(marginal, metric)
    expected = float((np.outer(marginal, marginal) * apart).sum())
    if expected == 0:
        return None
    return 1 - (float(marginal.sum()) - 1) * float((pairs * apart).sum()) / expected


def _distances(marginal: Matrix, metric: Metric) -> Matrix:
    """How far two values are apart, squared: 1 or 0, or by how many judgements lie between them."""
    if metric == "nominal":
        return 1 - np.eye(len(marginal))
    middles = np.cumsum(marginal) - marginal / 2
    return np.asarray((middles[:, np.newaxis] - middles[np.newaxis, :]) ** 2)
