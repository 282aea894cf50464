"""The cases most like one case: how they were decided, how they went, what is alike and what differs."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from models.coding import Codebook, Codes
from models.filters import Filters
from models.masks import Mask
from models.packing import Rows
from models.recognisable import FEWEST
from models.reference import ReferenceCases, Wanted
from models.similar_case import SimilarCase, Teller, similarity_of
from models.similarity import Floats, Scan, Similarity

TIE, TOO_FEW = "tie", "too_few"
HAIR = 1e-9
TOLD = ("levels", "forms", "teams", "places")
"""What is counted of the similar cases."""
FARTHER = 8
"""So many times the cases shown are looked at for one decided otherwise, before all are searched for it."""


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

    @cached_property
    def by_level(self) -> Counter[str]:
        """How many of the similar cases got each level."""
        return Counter(case.level for case in self.cases)


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
        self._reference = reference
        distances = [book.distance_table(name) for name in book.names]
        self._similarity = Similarity(reference.codes, distances, weights)
        self._filters = Filters(reference, book.area.level_codes)
        self._teller = Teller(book, reference, self._similarity)
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
        found, apart = scan.nearest(FARTHER * k, allowed)
        within = found[apart <= self._within_reach]
        rows = within[:k]
        similarity = similarity_of(apart[0]) if len(apart) else 0.0
        if len(rows) < max(at_least, FEWEST):
            return Neighbourhood(len(rows), similarity, None, TOO_FEW)
        levels, forms, teams, places = self._reference.values_of(TOLD, rows)
        level, reason = most_common(levels)
        most = level or levels[0]
        cases = self._teller.tell(query, rows, apart[: len(rows)])
        counter_example = next((case for case in cases if case.level != most), None)
        if counter_example is None and len(within) > k:
            counter_example = self._farther(query, within, apart, k, most)
        if counter_example is None and len(within) == FARTHER * k:
            counter_example = self._farthest(query, scan, allowed, most)
        return Neighbourhood(
            count=len(rows),
            nearest=similarity,
            reference_level=level,
            reference_reason=reason,
            cases=cases,
            counter_example=counter_example,
            forms=_counts(form for some in forms for form in some),
            teams=_counts(teams),
            places=_counts(places),
            nearer_than=self._nearer_than(similarity),
        )

    def _nearer_than(self, similarity: float) -> int | None:
        """For how many in 100 learned cases the nearest other one is less alike than this."""
        if not len(self._nearest):
            return None
        below = np.searchsorted(self._nearest, similarity - HAIR, side="right")
        return int(100 * below // len(self._nearest))

    def _farther(self, query: Codes, rows: Rows, apart: Floats, k: int, level: str) -> SimilarCase | None:
        """The most alike with another level of the cases within reach that come after the k shown."""
        (levels,) = self._reference.values_of(("levels",), rows[k:])
        place = next((k + after for after, each in enumerate(levels) if each != level), None)
        if place is None:
            return None
        here = slice(place, place + 1)
        return self._teller.tell(query, rows[here], apart[here], place + 1)[0]

    def _farthest(self, query: Codes, scan: Scan, allowed: Mask, level: str) -> SimilarCase | None:
        """The most alike case within reach with another level, however many are more alike."""
        others, apart = scan.nearest(1, allowed.but_not(self._filters.of_level(level)))
        if not len(others) or apart[0] > self._within_reach:
            return None
        rank = scan.rank(int(others[0]), float(apart[0]), allowed)
        return self._teller.tell(query, others, apart, rank)[0]


def most_common(levels: Iterable[str]) -> tuple[str | None, str | None]:
    """The most common level, or None and "tie"."""
    ranked = Counter(levels).most_common(2)
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return None, TIE
    return ranked[0][0], None


def _counts(codes: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    """How often each code occurs; what is not known is not counted."""
    return tuple(sorted(Counter(code for code in codes if code is not None).items()))
