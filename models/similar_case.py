"""One earlier case beside the case at hand: its course, its strongest likenesses and differences, in Danish.

Two dozen are told in every answer. So they are compared all at once, and a likeness or a difference is put
into words the first time it occurs.
"""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from models.coding import Codebook, Codes
from models.packing import Rows
from models.recognisable import Crowd, coarsened
from models.reference import ReferenceCases
from models.similarity import Floats, Similarity

SHOWN_PARTS = 3
KEPT = 1 << 12
"""So many comparisons are remembered: the cases most alike are alike, and differ, in much the same."""
SOMETHING_ELSE = "noget andet"
"""Said of the other case where its own answer would be shared by fewer than five."""


class Part(NamedTuple):
    """One question in which two cases are alike or differ, in Danish; `here` is the case at hand."""

    label: str
    here: str
    there: str


class SimilarCase(NamedTuple):
    """One reference case beside the case at hand; rank 1 is the most alike."""

    rank: int
    key: str
    level: str
    outcome: str | None
    level_changed: bool | None
    similarity: float
    likenesses: tuple[Part, ...]
    differences: tuple[Part, ...]


class Teller:
    """Tells the reference cases of one version."""

    def __init__(self, book: Codebook, reference: ReferenceCases, similarity: Similarity) -> None:
        self._reference = reference
        self._similarity = similarity
        self._crowd = Crowd(reference.codes, book.places_of(book.area.recognisable))
        questions = [coding.question.label for coding in book.codings]
        labels = [book.code_labels(name) for name in book.names]

        @cache
        def part(column: int, here: int, there: int, vague: bool) -> Part:
            other = SOMETHING_ELSE if vague else labels[column][there]
            return Part(questions[column], labels[column][here], other)

        self._part = part
        self._told = lru_cache(KEPT)(self._put_into_words)

    def tell(self, query: Codes, rows: Rows, apart: Floats, first_rank: int = 1) -> tuple[SimilarCase, ...]:
        """Reference cases in a row, each as it is shown; `apart` is how far each lies from the query."""
        reference, codes = self._reference, self._reference.codes.codes_of(rows)
        about = reference.values_of(("levels", "outcomes", "level_changed"), rows)
        return tuple(
            SimilarCase(rank, reference.key(row), level, outcome, changed, similarity_of(distance), *parts)
            for rank, row, level, outcome, changed, distance, parts in zip(
                range(first_rank, first_rank + len(rows)), rows.tolist(), *about, apart.tolist(),
                self._compared(query, codes), strict=True,
            )
        )  # fmt: skip

    def _compared(self, query: Codes, codes: Codes) -> list[tuple[tuple[Part, ...], tuple[Part, ...]]]:
        """Likenesses and differences of cases with codes (Q, m)."""
        weights = self._similarity.weights[:, None]
        parts = self._similarity.parts(query, codes)
        alike = _strongest(np.where((parts == 0) & (query > 0)[:, None], weights, 0.0))
        apart = _strongest(weights * parts)
        here, there = query.tolist(), codes.T.tolist()
        return [
            self._told(
                tuple([(column, here[column]) for column in same]),
                tuple([(column, here[column], other[column]) for column in differs]),
            )
            for other, same, differs in zip(there, alike, apart, strict=True)
        ]

    def _put_into_words(
        self, alike: tuple[tuple[int, int], ...], apart: tuple[tuple[int, int, int], ...]
    ) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """The strongest likenesses (column, code) and differences (column, code here, code there).

        They are told so that at least five cases share them.
        """
        vague, silent = coarsened(self._crowd, alike, apart)
        part = self._part
        return (
            tuple([part(column, code, code, False) for column, code in alike if column not in silent]),
            tuple([part(column, code, there, column in vague) for column, code, there in apart]),
        )


def _strongest(by: Floats) -> list[list[int]]:
    """For each case the three questions that count most by (Q, m), equals in declared order; none at 0."""
    order = np.argsort(-by, axis=0, kind="stable")[:SHOWN_PARTS]
    counts = (by > 0).sum(axis=0).tolist()
    return [columns[:count] for columns, count in zip(order.T.tolist(), counts, strict=True)]


def similarity_of(distance: float) -> float:
    """How alike, between 0 and 1."""
    return float(min(1.0, max(0.0, 1.0 - distance)))
