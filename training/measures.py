"""How good a forecast of the level is: losses with their uncertainty, calibration, shares with intervals."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from training.chance import Indexes, Numbers
from training.labelled import Levels

SMALLEST_SHARE = 1e-12
BINS = 10
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Mean:
    """A mean over cases, and its standard error."""

    value: float
    error: float

    def to_json(self) -> dict[str, float]:
        """Rounded to what the data can carry."""
        return {"value": round(self.value, 6), "standard_error": round(self.error, 6)}


def mean_of(values: Numbers) -> Mean:
    """The mean of at least one value; of a single one the standard error is 0."""
    error = float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0
    return Mean(float(values.mean()), error)


def evenly(count: int, most: int) -> Indexes:
    """The places of at most so many of some rows, evenly over all of them."""
    return np.unique(np.linspace(0, count - 1, min(count, most)).astype(np.int64))


def losses(shares: Numbers, level: Levels) -> Numbers:
    """Log-loss of each case in nats, from shares (n, K)."""
    given = shares[np.arange(len(level)), level]
    return np.asarray(-np.log(np.clip(given, SMALLEST_SHARE, 1.0)))


def confusion(shares: Numbers, level: Levels) -> list[list[int]]:
    """How many cases of each human level (rows) have which likeliest level (columns)."""
    classes = shares.shape[1]
    cells = np.bincount(level * classes + shares.argmax(axis=1), minlength=classes * classes)
    return [[int(count) for count in row] for row in cells.reshape(classes, classes)]


def accuracy(shares: Numbers, level: Levels) -> Mean:
    """How often the likeliest level is the human's."""
    return mean_of((shares.argmax(axis=1) == level).astype(np.float64))


def calibration(shares: Numbers, level: Levels) -> list[dict[str, Any]]:
    """Bins of about equal size by the share of the highest level: what was said, and what was so."""
    said, was = shares[:, -1], level == shares.shape[1] - 1
    order = np.argsort(said, kind="stable")
    bins = []
    for rows in np.array_split(order, min(BINS, len(order))):
        low, high = wilson(int(was[rows].sum()), len(rows))
        bins.append(
            {
                "n": len(rows),
                "said": round(float(said[rows].mean()), 4),
                "was": round(float(was[rows].mean()), 4),
                "was_interval": [low, high],
            }
        )
    return bins


def calibration_error(bins: list[dict[str, Any]]) -> float:
    """The mean distance between what was said and what was so, weighted by the bins' sizes."""
    total = sum(each["n"] for each in bins)
    return round(float(sum(each["n"] * abs(each["said"] - each["was"]) for each in bins) / total), 4)


def wilson(count: int, n: int) -> tuple[float, float]:
    """The 95 % Wilson interval of a share, four decimals."""
    if n == 0:
        return 0.0, 1.0
    share = count / n
    centre = share + Z95**2 / (2 * n)
    spread = Z95 * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n))
    scale = 1 + Z95**2 / n
    low, high = (centre - spread) / scale, (centre + spread) / scale
    return round(float(max(low, 0.0)), 4), round(float(min(high, 1.0)), 4)
