"""Two ways to scan packed cases for those that can be among the nearest; what they keep is ranked exactly.

Every byte of a case looks up a whole number that is at most its share of the distance, so the sum is a bound
from below. A row whose bound is more than the k-th smallest bound plus all that rounding took away cannot be
among the k nearest. NumPy runs everywhere; where it is built, the compiled scan (`models.kernel`) does the
same in a tenth of the time.
"""

import ctypes
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from models.kernel import compiled
from models.masks import Mask
from models.packing import HOLDS, Rows, Words

Floats = npt.NDArray[np.float64]
BLOCK = 1 << 16
"""Rows at a time: their codes and sums stay in the processor's own memory."""
HAIR = 1e-6
"""More than float64 can be off in a sum of bounds, and far less than the one that rounding takes."""


@dataclass(frozen=True)
class Bounds:
    """Whole numbers for every byte (2 width, 256), `scale` to a distance of 1.

    `slack` is more than rounding took away from any case's sum.
    """

    tables: npt.NDArray[np.uint16]
    scale: float
    slack: int

    @classmethod
    def of(cls, shares: Floats, highest: int, together: bool) -> "Bounds":
        """Bounds of each byte's share of the distance; no byte, or all `together`, goes beyond `highest`."""
        most = float(shares.max(axis=1).sum() if together else shares.max())
        scale = highest / most if most > 0 else 1.0
        tables = np.maximum(np.floor(shares * scale - HAIR), 0.0)
        lost = (shares * scale - tables).max(axis=1).sum()
        return cls(tables.astype(np.uint16), scale, int(np.ceil(lost)) + 1)

    def reach(self, distance: float) -> tuple[int, int]:
        """Below the first bound a case is surely nearer than a distance, above the second surely not."""
        at = distance * self.scale
        return max(0, int(np.floor(at)) - self.slack), max(0, int(np.ceil(at)) + 1)


class Engine(Protocol):
    """How packed cases are scanned."""

    name: str

    def bounds(self, shares: Floats) -> Bounds:
        """The tables of one query, from each byte's share of the distance (2 width, 256)."""

    def nearest(self, words: Words, bounds: Bounds, allowed: Mask, k: int) -> Rows:
        """Every allowed row that can be among the k nearest, and few others, ascending."""

    def between(self, words: Words, bounds: Bounds, allowed: Mask, low: int, high: int) -> tuple[int, Rows]:
        """How many allowed rows have a bound under `low`, and the rows from `low` to `high`, ascending."""


class NumpyEngine:
    """Two bytes, one lookup: a table of 65,536 sums per word."""

    name = "numpy"

    def bounds(self, shares: Floats) -> Bounds:
        """The tables of one query; all together they stay within 16 bits."""
        return Bounds.of(shares, np.iinfo(np.uint16).max - HOLDS, together=True)

    def nearest(self, words: Words, bounds: Bounds, allowed: Mask, k: int) -> Rows:
        """Every allowed row that can be among the k nearest, and few others, ascending."""
        limit, best = np.iinfo(np.uint16).max, np.zeros(0, dtype=np.uint16)
        kept: list[tuple[Rows, npt.NDArray[np.uint16]]] = []
        for first, sums, chosen in self._blocks(words, bounds, allowed):
            rows = np.flatnonzero((sums <= limit) & chosen)
            if not len(rows):
                continue
            found = sums[rows]
            kept.append((rows + first, found))
            best = np.concatenate([best, found])
            if len(best) >= k:
                best = np.partition(best, k - 1)[:k]
                limit = min(limit, int(best[k - 1]) + bounds.slack)
        return np.concatenate([rows[found <= limit] for rows, found in kept] or [np.zeros(0, dtype=np.intp)])

    def between(self, words: Words, bounds: Bounds, allowed: Mask, low: int, high: int) -> tuple[int, Rows]:
        """How many allowed rows have a bound under `low`, and the rows from `low` to `high`, ascending."""
        under, kept = 0, [np.zeros(0, dtype=np.intp)]
        for first, sums, chosen in self._blocks(words, bounds, allowed):
            under += int(((sums < low) & chosen).sum())
            kept.append(np.flatnonzero((sums >= low) & (sums <= high) & chosen) + first)
        return under, np.concatenate(kept)

    def _blocks(self, words: Words, bounds: Bounds, allowed: Mask) -> Any:
        """The sums of each block of rows, and which of them are allowed."""
        low, high = bounds.tables[0::2], bounds.tables[1::2]
        together = [np.add.outer(upper, lower).ravel() for lower, upper in zip(low, high, strict=True)]
        looked, sums = np.empty(BLOCK, np.uint16), np.empty(BLOCK, np.uint16)
        for first in range(0, words.shape[1], BLOCK):
            block = words[:, first : first + BLOCK]
            size = block.shape[1]
            together[0].take(block[0], out=sums[:size], mode="clip")
            for table, word in zip(together[1:], block[1:], strict=True):
                sums[:size] += table.take(word, out=looked[:size], mode="clip")
            yield first, sums[:size], allowed.bools(first, first + size)


class KernelEngine:
    """The compiled scan. Reads the codes once, and lets other threads run meanwhile."""

    def __init__(self, library: ctypes.CDLL, plain: bool = False) -> None:
        self._library = library
        self._plain = int(plain)
        self.name = "c" if plain or not library.skoen_is_wide() else "c-avx512"

    def bounds(self, shares: Floats) -> Bounds:
        """The tables of one query; each stays within one byte."""
        return Bounds.of(shares, HOLDS - 1, together=False)

    def nearest(self, words: Words, bounds: Bounds, allowed: Mask, k: int) -> Rows:
        """Every allowed row that can be among the k nearest, and few others, ascending."""
        n = words.shape[1]
        rows, found = np.empty(n, np.uint32), np.empty(n, np.uint16)  # pages are only taken when written
        counts = np.empty(1 << 16, np.uint32)
        count = self._library.skoen_nearest(
            *_scanned(words, bounds, allowed), *_numbers(k, bounds.slack, self._plain),
            _at(counts), _at(rows), _at(found),
        )  # fmt: skip
        return rows[:count].astype(np.intp)

    def between(self, words: Words, bounds: Bounds, allowed: Mask, low: int, high: int) -> tuple[int, Rows]:
        """How many allowed rows have a bound under `low`, and the rows from `low` to `high`, ascending."""
        rows, under = np.empty(words.shape[1], np.uint32), ctypes.c_int64(0)
        high = min(high, np.iinfo(np.uint16).max)
        count = self._library.skoen_between(
            *_scanned(words, bounds, allowed), *_numbers(low, high, self._plain),
            ctypes.byref(under), _at(rows),
        )  # fmt: skip
        return under.value, rows[:count].astype(np.intp)


def _scanned(words: Words, bounds: Bounds, allowed: Mask) -> Sequence[Any]:
    """The cases, the tables and the mask as the compiled scan takes them. Raises ValueError for others."""
    if not words.flags.c_contiguous or not allowed.length == words.shape[1] < 1 << 32:
        raise ValueError("the scan reads words that lie side by side, and one bit for each case")
    tables = bounds.tables.astype(np.uint8)
    width, n = words.shape
    return _at(words), *_numbers(n, width), tables.ctypes.data_as(ctypes.c_void_p), _at(allowed.bits)


def _at(array: npt.NDArray[Any]) -> ctypes.c_void_p:
    return ctypes.c_void_p(array.ctypes.data)


def _numbers(*numbers: int) -> tuple[ctypes.c_int64, ...]:
    return tuple(map(ctypes.c_int64, numbers))


def engines() -> tuple[Engine, ...]:
    """Every engine this machine can run, the fastest first."""
    library = compiled()
    if library is None:
        return (NumpyEngine(),)
    plain = KernelEngine(library, plain=True)
    if os.environ.get("SKOEN_KERNEL") == "plain" or not library.skoen_is_wide():
        return (plain, NumpyEngine())
    return (KernelEngine(library), plain, NumpyEngine())


def fastest() -> Engine:
    """The engine that serves."""
    return engines()[0]
