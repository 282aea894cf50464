"""Which reference cases may be shown, one bit each: filters are put together before the search."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Bits = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
WORD = 64
BLOCK = 1 << 16


@dataclass(frozen=True)
class Mask:
    """`length` bits in words of 64, the first case in the lowest bit; bits beyond the length are 0."""

    bits: Bits
    length: int

    @classmethod
    def of(cls, chosen: npt.NDArray[Any]) -> Self:
        """A mask of one truth value per case."""
        return cls.made(len(chosen), lambda some: chosen[some])

    @classmethod
    def made(cls, length: int, chosen: Callable[[slice], npt.NDArray[Any]]) -> Self:
        """A mask from the truth values of some cases at a time: there may be millions."""
        bits = np.zeros(-(-length // WORD) * WORD // 8, dtype=np.uint8)
        for first in range(0, length, BLOCK):
            packed = np.packbits(chosen(slice(first, first + BLOCK)), bitorder="little")
            bits[first // 8 : first // 8 + len(packed)] = packed
        return cls(bits.view("<u8").astype(np.uint64, copy=False), length)

    @classmethod
    def everyone(cls, length: int) -> Self:
        """A mask that leaves nobody out."""
        bits = np.full(-(-length // WORD), np.iinfo(np.uint64).max, dtype=np.uint64)
        if length % WORD:
            bits[-1] = (1 << length % WORD) - 1
        return cls(bits, length)

    def __and__(self, other: "Mask") -> "Mask":
        return Mask(self.bits & other.bits, self.length)

    def but_not(self, other: "Mask") -> "Mask":
        """These, less those."""
        return Mask(self.bits & ~other.bits, self.length)

    def without(self, rows: Iterable[int]) -> "Mask":
        """These, less some rows: one bit each."""
        out = np.array(list(rows), dtype=np.int64)
        bits = self.bits.copy()
        np.bitwise_and.at(bits, out // WORD, ~(np.uint64(1) << (out % WORD).astype(np.uint64)))
        return Mask(bits, self.length)

    def count(self) -> int:
        """How many cases."""
        return int(np.bitwise_count(self.bits).sum())

    def bools(self, first: int = 0, last: int | None = None) -> Bools:
        """One truth value per case, from `first` (a multiple of 8) until `last`."""
        last = self.length if last is None else last
        some = self.bits.astype("<u8", copy=False).view(np.uint8)[first // 8 : -(-last // 8)]
        return np.unpackbits(some, bitorder="little", count=last - first).view(np.bool_)
