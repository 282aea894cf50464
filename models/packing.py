"""Several small codes in one byte, two bytes in a word: a scan reads a few bytes of each case, without loss.

A group of questions whose sizes multiply to at most 256 is one mixed-radix number. Twenty-five questions of a
few answers each make eight bytes, so two million cases are sixteen megabytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint16]
Rows = npt.NDArray[np.intp]

HOLDS = 256
EVERY = slice(None)
LITTLE = np.dtype("<u2")


@dataclass(frozen=True)
class Packing:
    """Which columns share a byte. `groups` name each column once; the first of a group counts fastest.

    Group 2 w is the low byte of word w, group 2 w + 1 the high one. Raises ValueError for groups that do not
    hold every column once, or whose sizes multiply to more than 256.
    """

    sizes: tuple[int, ...]
    groups: tuple[tuple[int, ...], ...]

    def __post_init__(self) -> None:
        if sorted(column for group in self.groups for column in group) != list(range(len(self.sizes))):
            raise ValueError("a packing holds every column once")
        if min(self.sizes, default=1) < 1 or any(each > HOLDS for each in self.products):
            raise ValueError(f"the sizes of a group multiply to at most {HOLDS}")

    @classmethod
    def of(cls, sizes: Sequence[int]) -> Self:
        """A packing of columns of these sizes: the largest first, each into the fullest byte it fits in."""
        groups: list[list[int]] = []
        for column in sorted(range(len(sizes)), key=lambda each: (-sizes[each], each)):
            full = [prod(sizes[each] for each in group) * sizes[column] for group in groups]
            fitting = [place for place, product in enumerate(full) if product <= HOLDS]
            if fitting:
                groups[max(fitting, key=lambda place: (full[place], -place))].append(column)
            else:
                groups.append([column])
        return cls(tuple(sizes), tuple(map(tuple, groups)))

    @cached_property
    def products(self) -> tuple[int, ...]:
        """How many values each byte takes."""
        return tuple(prod(self.sizes[column] for column in group) for group in self.groups)

    @property
    def width(self) -> int:
        """The number of words a case takes."""
        return (len(self.groups) + 1) // 2

    @cached_property
    def _place(self) -> dict[int, tuple[int, int]]:
        """For each column its group, and what one step of it counts in the group's number."""
        return {
            column: (place, prod(self.sizes[before] for before in group[:within]))
            for place, group in enumerate(self.groups)
            for within, column in enumerate(group)
        }

    @cached_property
    def digits(self) -> tuple[Bytes, ...]:
        """For each column the code that every value of its byte stands for, (256,)."""
        values = np.arange(HOLDS)
        return tuple(
            (values // self._place[column][1] % size).astype(np.uint8)
            for column, size in enumerate(self.sizes)
        )

    @cached_property
    def _digits_end_to_end(self) -> tuple[Bytes, Rows, Rows]:
        """The `digits` in one array, where each column's begin (Q, 1), and the byte of each column."""
        places = np.arange(len(self.sizes), dtype=np.intp)[:, None] * HOLDS
        groups = np.array([self.group_of(column) for column in range(len(self.sizes))], dtype=np.intp)
        return np.concatenate(self.digits), places, groups

    def codes_in(self, found: Bytes) -> Bytes:
        """The codes (Q, m) that bytes (2 width, m) stand for."""
        digits, places, groups = self._digits_end_to_end
        codes: Bytes = digits.take(places + found.take(groups, axis=0))
        return codes

    def group_of(self, column: int) -> int:
        """The byte that holds a column."""
        return self._place[column][0]

    def pack(self, columns: npt.NDArray[Any]) -> Words:
        """Columns (Q, n) of codes as words (width, n); a code beyond its size raises ValueError."""
        if len(columns) != len(self.sizes):
            raise ValueError("a packing packs all of its columns")
        if columns.shape[1] and (columns.max(axis=1) >= np.array(self.sizes)).any():
            raise ValueError("a code is beyond the size of its column")
        words = np.zeros((self.width, columns.shape[1]), dtype=LITTLE)
        for column, codes in enumerate(columns):
            place, step = self._place[column]
            words[place // 2] += codes.astype(np.uint16) * np.uint16(step << 8 * (place % 2))
        return words


@dataclass(frozen=True)
class Packed:
    """Packed cases: `words` (width, n), possibly mapped from a file. ValueError for what fits no packing."""

    packing: Packing
    words: Words

    def __post_init__(self) -> None:
        if self.words.ndim != 2 or self.words.dtype != LITTLE or len(self.words) != self.packing.width:
            raise ValueError("packed cases are words of two bytes, as many as their packing says")
        for place in range(2 * self.packing.width):
            values = self.packing.products[place] if place < len(self.packing.groups) else 1
            if values < HOLDS and len(self) and int(self.byte(place).max()) >= values:
                raise ValueError("a packed case holds a code beyond the size of its column")

    @classmethod
    def of(cls, columns: npt.NDArray[Any], sizes: Sequence[int]) -> Self:
        """Columns (Q, n) of codes, packed."""
        packing = Packing.of(sizes)
        return cls(packing, packing.pack(columns))

    def __len__(self) -> int:
        return int(self.words.shape[1])

    def byte(self, place: int) -> Bytes:
        """One byte of every case, as a view."""
        pairs = self.words.view(np.uint8).reshape(len(self.words), len(self), 2)
        view: Bytes = pairs[place // 2, :, place % 2]
        return view

    def column(self, column: int, some: slice = EVERY) -> Bytes:
        """The codes of one column (n,), of every case or of some that follow each other."""
        codes: Bytes = self.packing.digits[column].take(self.byte(self.packing.group_of(column))[some])
        return codes

    def unpacked(self) -> Bytes:
        """All codes (Q, n): for the workshop, and not for every request."""
        return np.stack([self.column(column) for column in range(len(self.packing.sizes))])

    def bytes_of(self, rows: Rows) -> Bytes:
        """The bytes of some cases (2 width, m)."""
        chosen = np.ascontiguousarray(self.words[:, rows])
        pairs = chosen.view(np.uint8).reshape(len(chosen), chosen.shape[1], 2)
        return np.ascontiguousarray(pairs.transpose(0, 2, 1)).reshape(2 * len(chosen), chosen.shape[1])

    def codes_of(self, rows: Rows) -> Bytes:
        """The codes of some cases (Q, m)."""
        return self.packing.codes_in(self.bytes_of(rows))
