"""How well a model does in one group of cases: losses, weighted kappa and calibration, with intervals."""

from typing import Any

import numpy as np

from training.chance import Numbers
from training.fairness.stratified import Z90
from training.labelled import Levels
from training.measures import BINS

RESAMPLES = 400
SIMULATED = 200


def mean_interval(values: Numbers, rng: np.random.Generator) -> dict[str, float]:
    """A mean over cases with its 90 % bootstrap interval; the same cases under two models stay paired."""
    counts = rng.multinomial(len(values), np.full(len(values), 1 / len(values)), RESAMPLES)
    low, high = np.quantile(counts @ values / len(values), [0.05, 0.95])
    return rounded({"gap": float(values.mean()), "low": float(low), "high": float(high)})


def kappa(
    suggested: Levels, judged: Levels, levels: int, rng: np.random.Generator
) -> dict[str, float] | None:
    """Quadratic weighted kappa with its 90 % bootstrap interval; None where only one level was judged.

    To always name the same level gives 0, so below 0 is worse than that.
    """
    if len(np.unique(judged)) < 2:
        return None
    n = len(judged)
    cells = np.bincount(suggested * levels + judged, minlength=levels**2)
    value = _kappa(cells[None, :], levels)[0]
    drawn = _kappa(rng.multinomial(n, cells / n, RESAMPLES), levels)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return rounded({"value": float(value), "low": float(low), "high": float(high)})


def kappa_behind(
    suggested: Levels, active: Levels, judged: Levels, levels: int, rng: np.random.Generator
) -> dict[str, float]:
    """By how much weighted kappa lies below that of the version in use, on the same cases drawn anew."""
    n = len(judged)
    cells = np.bincount((suggested * levels + active) * levels + judged, minlength=levels**3)

    def behind(counts: Any) -> Numbers:
        table = np.asarray(counts).reshape(-1, levels, levels, levels)
        return _kappa(table.sum(axis=1), levels) - _kappa(table.sum(axis=2), levels)

    low, high = np.quantile(behind(rng.multinomial(n, cells / n, RESAMPLES)), [0.05, 0.95])
    return rounded({"gap": float(behind(cells)[0]), "low": float(low), "high": float(high)})


def _kappa(cells: Any, levels: int) -> Numbers:
    table = np.asarray(cells, dtype=np.float64).reshape(-1, levels, levels)
    n = table.sum(axis=(1, 2))
    place = np.arange(levels)
    cost = (place[:, None] - place[None, :]) ** 2.0
    seen = (table * cost).sum(axis=(1, 2)) / n
    expected = (table.sum(axis=2)[:, :, None] * table.sum(axis=1)[:, None, :] * cost).sum(axis=(1, 2)) / n**2
    return np.where(expected > 0, 1 - seen / np.where(expected > 0, expected, 1.0), 0.0)


def calibration_in_the_large(shares: Numbers, judged: Levels) -> dict[str, float]:
    """A level's share as it was said, less as people judged, with a 90 % interval: the level furthest off.

    Of two levels the first is the mirror of the second, and the highest is told.
    """
    count = shares.shape[1]
    levels = range(count - 1 if count == 2 else 0, count)
    each = [_in_the_large(shares[:, level] - (judged == level)) for level in levels]
    return max(each, key=lambda told: abs(told["gap"]))


def _in_the_large(difference: Numbers) -> dict[str, float]:
    error = float(difference.std(ddof=1) / np.sqrt(len(difference))) if len(difference) > 1 else 1.0
    gap = float(difference.mean())
    return rounded({"gap": gap, "low": gap - Z90 * error, "high": gap + Z90 * error})


def calibration_beyond_chance(shares: Numbers, judged: Levels, rng: np.random.Generator) -> dict[str, float]:
    """The mean distance between said and judged in ten bins, level by level, and what chance alone makes.

    Bins are of about equal size. `by_chance` is exceeded by one perfect model in twenty: of few cases the
    distance is never 0. Of two levels the first is the mirror of the second.
    """
    levels = range(shares.shape[1] - 1 if shares.shape[1] == 2 else 0, shares.shape[1])
    edges = np.cumsum(shares, axis=1)
    drawn = (rng.random((SIMULATED, len(judged), 1)) > edges).sum(axis=2)
    was = np.vstack([judged[None, :], np.minimum(drawn, shares.shape[1] - 1)])
    distance = np.mean([_distance(shares[:, k], was == k) for k in levels], axis=0)
    return rounded({"value": float(distance[0]), "by_chance": float(np.quantile(distance[1:], 0.95))})


def _distance(said: Numbers, was: Any) -> Numbers:
    """For each row of `was` (r, n) the mean distance to what was said, weighted by the bins' sizes."""
    order = np.argsort(said, kind="stable")
    sizes = [len(each) for each in np.array_split(order, min(BINS, len(order)))]
    starts = np.cumsum([0, *sizes[:-1]])
    apart = np.add.reduceat(said[order] - was[:, order], starts, axis=1)
    return np.asarray(np.abs(apart).sum(axis=1) / len(order))


def rounded(numbers: dict[str, float]) -> dict[str, float]:
    """To four decimals, which is more than the data carry."""
    return {name: round(value, 4) for name, value in numbers.items()}
