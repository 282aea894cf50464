"""The cases most like one case: how they were decided, how they went, what is alike and what differs."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models.coding import Codebook, Codes
from models.filters import Filters
from models.masks import Mask
from models.packing import Rows
from models.recognisable import FEWEST, Crowd, coarsened
from models.reference import ReferenceCases, Wanted
from models.similarity import Scan, Similarity

SHOWN_PARTS = 3
TIE, TOO_FEW = "tie", "too_few"
HAIR = 1e-9
SOMETHING_ELSE = "noget andet"
"""Said of the other case where its own answer would be shared by fewer than five."""


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
    nothing else is told. `counter_example` is the most alike case within reach that was decided otherwise
    (on a tie: otherwise than the nearest).
    `nearer_than` is for how many in 100 earlier cases the nearest other one lay further off; None: not known.
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
    nearer_than: int | None = None

    def level_count(self, level: str) -> int:
        """How many of the similar cases got a level."""
        return sum(case.level == level for case in self.cases)


class Neighbours:
    """Finds the neighbourhoods of cases among the reference cases of one version."""

    def __init__(
        self,
        book: Codebook,
        reference: ReferenceCases,
        weights: Sequence[float],
        min_similarity: float,
        nearest: Sequence[float] = (),
    ) -> None:
        """`nearest` are quantiles of how alike the learned cases' own nearest are, evenly from 0 to 1."""
        self._book = book
        self._reference = reference
        distances = [book.distance_table(name) for name in book.names]
        self._similarity = Similarity(reference.codes, distances, weights)
        self._weights = np.array(weights, dtype=np.float64)
        self._labels = [book.code_labels(name) for name in book.names]
        self._filters = Filters(reference, book.area.level_codes)
        self._crowd = Crowd(reference.codes, tuple(book.names.index(each) for each in book.area.recognisable))
        self._within_reach = 1.0 - min_similarity
        self._nearest = np.array(nearest, dtype=np.float64)

    @property
    def engine(self) -> str:
        """Which engine scans."""
        return self._similarity.engine.name

    def around(self, query: Codes, wanted: Wanted, k: int, at_least: int) -> Neighbourhood:
        """The k most alike of the wanted cases within reach.

        Fewer than `at_least`, or than five, and none of them is told.
        """
        allowed = self._filters.allowed(wanted)
        scan = self._similarity.scan(query)
        found, apart = scan.nearest(k, allowed)
        rows = found[apart <= self._within_reach]
        similarity = _similarity(apart[0]) if len(apart) else 0.0
        if len(rows) < max(at_least, FEWEST):
            return Neighbourhood(len(rows), similarity, None, TOO_FEW)
        levels = self._reference.values("levels", rows)
        level, reason = most_common(levels)
        most = level or levels[0]
        cases = tuple(self._cases(query, rows, apart))
        told = {field: self._reference.values(field, rows) for field in ("forms", "teams", "places")}
        return Neighbourhood(
            count=len(rows),
            nearest=similarity,
            reference_level=level,
            reference_reason=reason,
            cases=cases,
            counter_example=next((case for case in cases if case.level != most), None)
            or self._counter_example(query, scan, allowed, most),
            forms=_counts(form for forms in told["forms"] for form in forms),
            teams=_counts(told["teams"]),
            places=_counts(told["places"]),
            nearer_than=self._nearer_than(similarity),
        )

    def _nearer_than(self, similarity: float) -> int | None:
        """For how many in 100 learned cases the nearest other one is less alike than this."""
        if not len(self._nearest):
            return None
        below = np.searchsorted(self._nearest, similarity - HAIR, side="right")
        return int(100 * below // len(self._nearest))

    def _counter_example(self, query: Codes, scan: Scan, allowed: Mask, level: str) -> SimilarCase | None:
        """The most alike case within reach with another level, when none of those shown has one."""
        others, apart = scan.nearest(1, allowed.but_not(self._filters.of_level(level)))
        if not len(others) or apart[0] > self._within_reach:
            return None
        rank = scan.rank(int(others[0]), float(apart[0]), allowed)
        return next(self._cases(query, others, apart, rank))

    def _cases(
        self, query: Codes, rows: Rows, apart: np.ndarray, first_rank: int = 1
    ) -> Iterator[SimilarCase]:
        """Reference cases in a row, each as it is shown."""
        levels, outcomes, changed = (
            self._reference.values(field, rows) for field in ("levels", "outcomes", "level_changed")
        )
        codes = self._reference.codes.codes_of(rows)
        parts = self._similarity.parts(query, codes)
        for place, row in enumerate(rows):
            likenesses, differences = self._parts(query, codes[:, place], parts[:, place])
            yield SimilarCase(
                rank=first_rank + place,
                key=self._reference.key(int(row)),
                level=levels[place],
                outcome=outcomes[place],
                level_changed=changed[place],
                similarity=_similarity(apart[place]),
                likenesses=likenesses,
                differences=differences,
            )

    def _parts(
        self, query: Codes, there: Codes, parts: np.ndarray
    ) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
        """The three strongest likenesses and differences, told so that at least five cases share them."""
        pulled = self._weights * parts
        alike = _strongest(np.flatnonzero((parts == 0) & (self._weights > 0) & (query > 0)), self._weights)
        apart = _strongest(np.flatnonzero(pulled > 0), pulled)
        vague, silent = coarsened(
            self._crowd,
            [(column, int(query[column])) for column in alike],
            [(column, int(query[column]), int(there[column])) for column in apart],
        )
        return (
            tuple(self._part(query, there, column) for column in alike if column not in silent),
            tuple(self._part(query, there, column, column in vague) for column in apart),
        )

    def _part(self, query: Codes, there: Codes, column: int, vague: bool = False) -> Part:
        labels = self._labels[column]
        other = SOMETHING_ELSE if vague else labels[int(there[column])]
        return Part(self._book.codings[column].question.label, labels[int(query[column])], other)


def _strongest(columns: np.ndarray, by: np.ndarray) -> list[int]:
    """The three strongest questions, equals in declared order."""
    chosen = columns[np.argsort(-by[columns], kind="stable")][:SHOWN_PARTS]
    return [int(column) for column in chosen]


def _similarity(distance: float) -> float:
    """How alike, between 0 and 1."""
    return float(min(1.0, max(0.0, 1.0 - distance)))


def most_common(levels: Iterable[str]) -> tuple[str | None, str | None]:
    """The most common level, or None and "tie"."""
    ranked = Counter(levels).most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return None, TIE
    return ranked[0][0], None


def _counts(codes: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    """How often each code occurs; what is not known is not counted."""
    return tuple(sorted(Counter(code for code in codes if code is not None).items()))
