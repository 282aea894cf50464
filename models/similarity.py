"""Exact nearest cases by a weighted distance over codes, with each question's part kept.

Similarity is 1 - sum of w d / sum of w in float64. The distance is rounded to 12 decimals, so that sums which
are equal on paper are equal in whatever order they were added; equals stand in the reference's own order.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from models.question_codes import Distances

Codes = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

DECIMALS = 12


class Similarity:
    """The reference cases laid out question by question, `columns` (Q, n), with distance tables and weights.

    Laid out so, a question is one contiguous strip of bytes: a scan reads each byte once.
    """

    def __init__(self, columns: Codes, distances: Sequence[Distances], weights: Sequence[float]) -> None:
        if not len(columns) == len(distances) == len(weights):
            raise ValueError("a column, a distance table and a weight are needed for each question")
        if min(weights, default=0) < 0 or not sum(weights) > 0:
            raise ValueError("weights are at least 0, and one is above")
        self.columns = columns
        self.weights: Floats = np.array(weights, dtype=np.float64)
        self._parts = [
            table * (weight / self.weights.sum())
            for table, weight in zip(distances, self.weights, strict=True)
        ]
        self._distances = list(distances)

    def scan(self, query: Codes) -> "Scan":
        """The distance of every reference case from a query (Q,): one table lookup per question."""
        total = np.zeros(self.columns.shape[1], dtype=np.float64)
        for question, parts in enumerate(self._parts):
            if self.weights[question] > 0:
                total += parts[query[question]].take(self.columns[question])
        return Scan(np.round(total, DECIMALS))

    def parts(self, query: Codes, row: int) -> Floats:
        """The unweighted distance in each question (Q,) between a query and one reference case."""
        return np.array(
            [
                table[query[question], self.columns[question, row]]
                for question, table in enumerate(self._distances)
            ]
        )


@dataclass(frozen=True)
class Scan:
    """The distances of all reference cases from one query, in reference order."""

    distances: Floats

    def similarity(self, row: int) -> float:
        """How alike a reference case is, between 0 and 1."""
        return float(min(1.0, max(0.0, 1.0 - self.distances[row])))

    def nearest(self, k: int, allowed: Mask) -> Rows:
        """The k nearest of the allowed rows, nearest first, ties by row; fewer when there are not k."""
        rows = np.flatnonzero(allowed)
        distances = self.distances[rows]
        if len(rows) > k:
            limit = np.partition(distances, k - 1)[k - 1]
            rows = rows[distances <= limit]
            distances = self.distances[rows]
        nearest: Rows = rows[np.lexsort((rows, distances))][:k]
        return nearest

    def rank(self, row: int, allowed: Mask) -> int:
        """The place of an allowed row among the allowed, nearest is 1."""
        at = self.distances[row]
        nearer = np.flatnonzero(allowed & (self.distances <= at))
        before = (self.distances[nearer] < at) | (nearer < row)
        return 1 + int(before.sum())
