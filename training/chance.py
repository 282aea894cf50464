"""Chance that comes from a seed: named streams and portable draws."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Indexes = NDArray[np.int64]


def stream(seed: int, name: str) -> np.random.Generator:
    """A generator of its own for each purpose, so that one more draw somewhere moves nothing elsewhere."""
    sequence = np.random.SeedSequence([seed, crc32(name.encode())])
    return np.random.Generator(np.random.PCG64(sequence))


def logistic(x: Numbers) -> Numbers:
    """The probability of log-odds x, without overflow."""
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(x, -40.0, 40.0))), dtype=np.float64)


def standard_logistic(rng: np.random.Generator, n: int) -> Numbers:
    """Noise whose distribution function is the logistic function."""
    u = np.clip(rng.random(n), 1e-12, 1 - 1e-12)
    return np.asarray(np.log(u / (1.0 - u)))


def pick(rng: np.random.Generator, shares: Sequence[float], n: int) -> Indexes:
    """n indexes drawn with the given shares, which need not add up to one."""
    return pick_rows(rng, np.tile(np.asarray(shares, dtype=np.float64), (n, 1)))


def pick_rows(rng: np.random.Generator, shares: Numbers) -> Indexes:
    """One index for each row of shares."""
    edges = np.cumsum(shares, axis=1)
    point = rng.random(len(shares)) * edges[:, -1]
    return np.minimum((point[:, None] >= edges).sum(axis=1), shares.shape[1] - 1)


def pick_one(point: float, shares: Sequence[float]) -> int:
    """The index that a point in [0, 1) falls on."""
    edges = np.cumsum(np.asarray(shares, dtype=np.float64))
    return int(min(np.searchsorted(edges, point * edges[-1], side="right"), len(shares) - 1))
