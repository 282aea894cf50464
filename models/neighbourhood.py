"""The cases most like one case: how they were decided, how they went, what is alike and what differs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.coding import Codebook, Codes
from models.reference import Mask, ReferenceCases
from models.similarity import Scan, Similarity

SHOWN_PARTS = 3
TIE, TOO_FEW = "tie", "too_few"


@dataclass(frozen=True)
class Part:
    """One question in which two cases are alike or differ, in Danish; `here` is the case at hand."""

    label: str
    here: str
    there: str


@dataclass(frozen=True)
class SimilarCase:
    """One reference case beside the case at hand; rank 1 is the most alike."""

    rank: int
    key: str
    level: str
    outcome: str | None
    level_changed: bool | None
    similarity: float
    likenesses: tuple[Part, ...]
    differences: tuple[Part, ...]


@dataclass(frozen=True)
class Neighbourhood:
    """The similar cases of one case. `nearest` is the similarity of the most alike, 0 when there is none.

    `reference_level` is their most common level; None with the reason "tie" or "too_few". With too few,
    nothing else is told. `counter_example` is the most alike case within reach that was decided otherwise.
    """

    count: int
    nearest: float
    reference_level: str | None
    reference_reason: str | None
    cases: tuple[SimilarCase, ...] = ()
    counter_example: SimilarCase | None = None
    forms: tuple[tuple[str, int], ...] = ()
    teams: tuple[tuple[str, int], ...] = ()
    places: tuple[tuple[str, int], ...] = ()

    def level_count(self, level: str) -> int:
        """How many of the similar cases got a level."""
        return sum(case.level == level for case in self.cases)


class Neighbours:
    """Finds the neighbourhoods of cases among the reference cases of one version."""

    def __init__(
        self, book: Codebook, reference: ReferenceCases, weights: Sequence[float], min_similarity: float
    ) -> None:
        self._book = book
        self._reference = reference
        self._distances = [book.distance_table(name) for name in book.names]
        self._similarity = Similarity(reference.codes, self._distances, weights)
        self._weights = np.array(weights, dtype=np.float64)
        self._labels = [book.code_labels(name) for name in book.names]
        self._of_level = {level: reference.level_mask(level) for level in book.area.level_codes}
        self._within_reach = 1.0 - min_similarity

    def around(self, query: Codes, allowed: Mask, k: int, at_least: int) -> Neighbourhood:
        """The k most alike of the allowed cases within reach; fewer than `at_least`, and none is told."""
        scan = self._similarity.scan(query)
        reachable = allowed & (scan.distances <= self._within_reach)
        rows = [int(row) for row in scan.nearest(k, reachable)]
        nearest = scan.nearest(1, allowed)
        similarity = scan.similarity(int(nearest[0])) if len(nearest) else 0.0
        if len(rows) < at_least:
            return Neighbourhood(len(rows), similarity, None, TOO_FEW)
        level, reason = most_common(self._reference.levels[row] for row in rows)
        return Neighbourhood(
            count=len(rows),
            nearest=similarity,
            reference_level=level,
            reference_reason=reason,
            cases=tuple(self._case(query, scan, row, rank) for rank, row in enumerate(rows, start=1)),
            counter_example=self._counter_example(
                query, scan, reachable, level or self._reference.levels[rows[0]]
            ),
            forms=_counts(form for row in rows for form in self._reference.forms[row]),
            teams=_counts(self._reference.teams[row] for row in rows),
            places=_counts(self._reference.places[row] for row in rows),
        )

    def _counter_example(self, query: Codes, scan: Scan, reachable: Mask, level: str) -> SimilarCase | None:
        """The most alike reachable case with another level (on a tie: another than the nearest case's)."""
        others = scan.nearest(1, reachable & ~self._of_level[level])
        if not len(others):
            return None
        return self._case(query, scan, int(others[0]), scan.rank(int(others[0]), reachable))

    def _case(self, query: Codes, scan: Scan, row: int, rank: int) -> SimilarCase:
        parts = self._similarity.parts(query, row)
        pulled = self._weights * parts
        alike = np.flatnonzero((parts == 0) & (self._weights > 0) & (query > 0))
        apart = np.flatnonzero(pulled > 0)
        return SimilarCase(
            rank=rank,
            key=self._reference.keys[row],
            level=self._reference.levels[row],
            outcome=self._reference.outcomes[row],
            level_changed=self._reference.level_changed[row],
            similarity=scan.similarity(row),
            likenesses=self._strongest(query, row, alike, self._weights),
            differences=self._strongest(query, row, apart, pulled),
        )

    def _strongest(self, query: Codes, row: int, columns: np.ndarray, by: np.ndarray) -> tuple[Part, ...]:
        """The three strongest questions, equals in declared order."""
        chosen = columns[np.argsort(-by[columns], kind="stable")][:SHOWN_PARTS]
        return tuple(self._part(query, row, int(column)) for column in chosen)

    def _part(self, query: Codes, row: int, column: int) -> Part:
        labels = self._labels[column]
        there = int(self._reference.codes[column, row])
        return Part(self._book.codings[column].question.label, labels[int(query[column])], labels[there])


def most_common(levels: Iterable[str]) -> tuple[str | None, str | None]:
    """The most common level, or None and "tie"."""
    ranked = Counter(levels).most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return None, TIE
    return ranked[0][0], None


def _counts(codes: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    """How often each code occurs; what is not known is not counted."""
    return tuple(sorted(Counter(code for code in codes if code is not None).items()))
