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
from models.packing import HOLDS, Bytes, Packed, Rows
from models.question_codes import Distances

Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]

DECIMALS = 12
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
        self._distances = list(distances)
        self._parts = [
            table * (weight / self.weights.sum())
            for table, weight in zip(distances, self.weights, strict=True)
        ]

    def scan(self, query: Codes) -> "Scan":
        """What is asked of the reference cases for a query (Q,)."""
        return Scan(self, query)

    def shares(self, query: Codes) -> Floats:
        """What each value of each byte adds to the distance from a query (2 width, 256)."""
        packing = self.packed.packing
        shares = np.zeros((2 * packing.width, HOLDS))
        for question, parts in enumerate(self._parts):
            row = np.zeros(HOLDS)
            row[: parts.shape[1]] = parts[query[question]]
            shares[packing.group_of(question)] += row.take(packing.digits[question])
        for place in range(2 * packing.width):
            used = packing.products[place] if place < len(packing.groups) else 1
            shares[place, used:] = 0.0
        return shares

    def distances(self, query: Codes, rows: Rows) -> Floats:
        """The distance of some reference cases from a query, question by question, rounded."""
        total = np.zeros(len(rows), dtype=np.float64)
        codes = self.packed.codes_of(rows)
        for question, parts in enumerate(self._parts):
            if self.weights[question] > 0:
                total += parts[query[question]].take(codes[question])
        return np.round(total, DECIMALS)

    def parts(self, query: Codes, there: Codes) -> Floats:
        """The unweighted distance in each question (Q, m) between a query and the codes (Q, m) of cases."""
        return np.stack(
            [
                table[here].take(other)
                for table, here, other in zip(self._distances, query, there, strict=True)
            ]
        )


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
