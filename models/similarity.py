"""Exact nearest cases by a weighted distance over codes, with each question's part kept.

Similarity is 1 - sum of w d / sum of w in float64. The distance is rounded to 12 decimals, so that sums which
are equal on paper are equal in whatever order they were added; equals stand in the reference's own order.
A query becomes one lookup table per byte of packed codes. An engine finds the rows that can be among the
nearest; those alone are added up question by question in float64 before anything is called nearest.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from models.engines import Engine, fastest
from models.masks import Mask
from models.packing import HOLDS, Bytes, Packed, Packing, Rows
from models.question_codes import Distances

Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

DECIMALS = 12
BLOCK = 1 << 12
"""Rows whose distances are added up together."""
CLOSE = 1e-9
"""Sums in another order differ by less than this; whoever lies as close is added up question by question."""


class Similarity:
    """The packed reference cases with distance tables and weights, one of each per question.

    Raises ValueError when they are not as many, or weigh nothing. `engine` is the fastest there is.
    """

    def __init__(
        self,
        packed: Packed,
        distances: Sequence[Distances],
        weights: Sequence[float],
        engine: Engine | None = None,
    ) -> None:
        if not len(packed.packing.sizes) == len(distances) == len(weights):
            raise ValueError("a column, a distance table and a weight are needed for each question")
        if min(weights, default=0) < 0 or not sum(weights) > 0:
            raise ValueError("weights are at least 0, and one is above")
        self.packed = packed
        self.engine = engine or fastest()
        self.weights: Floats = np.array(weights, dtype=np.float64)
        self._distances = _Tables(distances)
        shares = self.weights / self.weights.sum()
        parts = [table * share for table, share in zip(distances, shares, strict=True)]
        self._parts = _Tables(parts)
        self._by_byte = _ByByte(packed.packing, parts)

    def scan(self, query: Codes) -> "Scan":
        """What is asked of the reference cases for a query (Q,)."""
        return Scan(self, query)

    def shares(self, query: Codes) -> Floats:
        """What each value of each byte adds to the distance from a query (2 width, 256)."""
        return self._by_byte.shares(query)

    def distances(self, query: Codes, rows: Rows) -> Floats:
        """The distance of some reference cases from a query, question by question, rounded."""
        blocks = [rows[first : first + BLOCK] for first in range(0, len(rows), BLOCK)] or [rows]
        sums = [self._parts.of(query, self.packed.codes_of(some)).sum(axis=0) for some in blocks]
        return np.round(np.concatenate(sums), DECIMALS)

    def parts(self, query: Codes, there: Codes) -> Floats:
        """The unweighted distance in each question (Q, m) between a query and the codes (Q, m) of cases."""
        return self._distances.of(query, there)


class _Tables:
    """Square tables, one per question, end to end: what a query finds in all of them is one look-up."""

    def __init__(self, tables: Sequence[Distances]) -> None:
        self._values = np.concatenate([np.ravel(table) for table in tables])
        self._sizes = np.array([len(table) for table in tables], dtype=np.intp)
        self._begin = np.concatenate([[0], np.cumsum(self._sizes**2)[:-1]]).astype(np.intp)

    def of(self, query: Codes, there: Codes) -> Floats:
        """What stands between a query (Q,) and other codes (Q, m)."""
        rows = self._begin + self._sizes * query
        return self._values.take(rows[:, None] + there)


class _ByByte:
    """For each code of each question, what every value of its byte adds to a distance from that code."""

    def __init__(self, packing: Packing, parts: Sequence[Distances]) -> None:
        groups = [question for group in packing.groups for question in group]
        rows = [parts[question].take(packing.digits[question], axis=1) for question in groups]
        for question, made in zip(groups, rows, strict=True):
            made[:, packing.products[packing.group_of(question)] :] = 0.0  # no case has such a byte
        self._values = np.concatenate(rows)
        self._questions = np.array(groups, dtype=np.intp)
        sizes = np.array([len(parts[question]) for question in groups], dtype=np.intp)
        self._begin = np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp)
        lengths = [len(group) for group in packing.groups]
        self._first = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.intp)
        self._unused = 2 * packing.width - len(packing.groups)

    def shares(self, query: Codes) -> Floats:
        """The sums of each byte's questions for a query (2 width, 256)."""
        found = self._values.take(self._begin + query.take(self._questions), axis=0)
        sums = np.add.reduceat(found, self._first, axis=0)
        return np.concatenate([sums, np.zeros((self._unused, HOLDS))]) if self._unused else sums


class Scan:
    """One query's questions to the reference cases. What it was told once it does not look up again."""

    def __init__(self, similarity: Similarity, query: Codes) -> None:
        self._similarity = similarity
        self._query = query
        self._shares = similarity.shares(query)
        self._bounds = similarity.engine.bounds(self._shares)

    def nearest(self, k: int, allowed: Mask) -> tuple[Rows, Floats]:
        """The k nearest of the allowed rows with their distances, ties by row; fewer when there are not k."""
        words = self._similarity.packed.words
        rows = self._similarity.engine.nearest(words, self._bounds, allowed, k)
        rows = self._closest(rows, k)
        distances = self._similarity.distances(self._query, rows)
        order = np.lexsort((rows, distances))[:k]
        return rows[order], distances[order]

    def _closest(self, rows: Rows, k: int) -> Rows:
        """Those of the rows that the sums of their bytes do not put clearly behind the k-th."""
        if len(rows) <= k:
            return rows
        rough = self._rough(self._similarity.packed.bytes_of(rows))
        return rows[rough <= np.partition(rough, k - 1)[k - 1] + CLOSE]

    def _rough(self, found: Bytes) -> Floats:
        rough = np.zeros(found.shape[1], dtype=np.float64)
        for shares, values in zip(self._shares, found, strict=True):
            rough += shares.take(values)
        return rough

    def rank(self, row: int, distance: float, allowed: Mask) -> int:
        """The place of an allowed row at its distance among the allowed, nearest is 1."""
        packed, engine = self._similarity.packed, self._similarity.engine
        low, high = self._bounds.reach(distance)
        nearer, unsure = engine.between(packed.words, self._bounds, allowed, low, high)
        rough = self._rough(packed.bytes_of(unsure))
        near = unsure[rough < distance - CLOSE]
        level = unsure[np.abs(rough - distance) <= CLOSE]
        exact = self._similarity.distances(self._query, level)
        before = (exact < distance) | ((exact == distance) & (level < row))
        return 1 + nearer + len(near) + int(before.sum())
