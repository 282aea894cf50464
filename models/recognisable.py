"""Nobody stands alone: how many reference cases share the facts by which somebody could recognise a citizen.

What is shown of another citizen's case is coarsened until at least five cases share it (k-anonymity). Counted
are the area's `recognisable` questions, those that a neighbour or a colleague could know the answer to.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache, partial
from itertools import combinations
from math import prod

import numpy as np

from models.packing import Packed

FEWEST = 5
MOST_CELLS = 1 << 22
BLOCK = 1 << 16
KEPT = 1 << 14
"""So many answers are remembered: few recognisable facts have few combinations, and they come again."""


class Crowd:
    """Counts of the reference cases over the recognisable questions, made once, whatever their number.

    `columns` are those questions' columns. Raises ValueError when their codes make too many cells to count.
    """

    def __init__(self, codes: Packed, columns: tuple[int, ...]) -> None:
        sizes = tuple(codes.packing.sizes[column] for column in columns)
        if prod(sizes) > MOST_CELLS:
            raise ValueError(f"{prod(sizes)} combinations of recognisable facts, at most {MOST_CELLS}")
        self.columns = columns
        counts = np.zeros(prod(sizes), dtype=np.int64)
        for first in range(0, len(codes), BLOCK):
            counts += self._counted(Packed(codes.packing, codes.words[:, first : first + BLOCK]), sizes)
        self._tables = {columns: counts.reshape(sizes)}
        self.kept_back = lru_cache(KEPT)(partial(_kept_back, self))

    def _counted(self, codes: Packed, sizes: tuple[int, ...]) -> np.ndarray:
        cell = np.zeros(len(codes), dtype=np.int32)
        for column, size in zip(self.columns, sizes, strict=True):
            cell = cell * size + codes.column(column)
        return np.bincount(cell, minlength=prod(sizes))

    def size(self, same: Mapping[int, int], other: Mapping[int, int]) -> int:
        """How many cases have the codes in `same`, by column, and another code than those in `other`."""
        shown = tuple(column for column in self.columns if column in same or column in other)
        if not other:
            return int(self._table(shown)[tuple(same[column] for column in shown)])
        chosen = [
            np.array([same[column]])
            if column in same
            else np.delete(np.arange(self._table(shown).shape[place]), other[column])
            for place, column in enumerate(shown)
        ]
        return int(self._table(shown)[np.ix_(*chosen)].sum())

    def _table(self, shown: tuple[int, ...]) -> np.ndarray:
        """The counts over some of the columns, kept for the next time."""
        if shown not in self._tables:
            gone = tuple(place for place, column in enumerate(self.columns) if column not in shown)
            self._tables[shown] = self._tables[self.columns].sum(axis=gone)
        return self._tables[shown]


def coarsened(
    crowd: Crowd, alike: Sequence[tuple[int, int]], apart: Sequence[tuple[int, int, int]]
) -> tuple[frozenset[int], frozenset[int]]:
    """Which columns to tell less of, so that at least five cases share what is told: differences, likenesses.

    `alike` are (column, code), `apart` (column, code here, code there), the strongest first. Of a difference
    it is first kept back what the other case has, of a likeness all; of as few as will do, the weakest first.
    """
    return crowd.kept_back(
        tuple([each for each in alike if each[0] in crowd.columns]),
        tuple([each for each in apart if each[0] in crowd.columns]),
    )


def _kept_back(
    crowd: Crowd, alike: tuple[tuple[int, int], ...], apart: tuple[tuple[int, int, int], ...]
) -> tuple[frozenset[int], frozenset[int]]:
    """The same of recognisable columns alone."""
    known = [(column, there) for column, _, there in apart]
    here = {column: code for column, code, _ in apart}
    shared = list(alike)
    for count in range(len(known) + 1):
        for vague in combinations([column for column, _ in reversed(known)], count):
            same = dict(shared) | {column: there for column, there in known if column not in vague}
            if crowd.size(same, {column: here[column] for column in vague}) >= FEWEST:
                return frozenset(vague), frozenset()
    while shared and crowd.size(dict(shared), here) < FEWEST:
        shared.pop()
    return frozenset(here), frozenset(column for column, _ in alike[len(shared) :])
