"""Which reference cases a search may show: every filter is a mask made once, put together before the search.

So a filter takes nothing from the search: it finds the nearest of those who may be shown, not those of the
nearest who may. A case whose citizen said no is one bit.
"""

from collections.abc import Callable, Hashable

from models.masks import Mask
from models.reference import ReferenceCases, Wanted

KEPT = 16
"""Masks held at a time; each is an eighth of a byte a case: four megabytes in all at two million."""


class Filters:
    """The masks of one version's reference cases: those of the levels made at once, the rest when asked."""

    def __init__(self, reference: ReferenceCases, levels: tuple[str, ...]) -> None:
        self._reference = reference
        self._everyone = Mask.everyone(len(reference))
        self._of_level = {level: reference.mask_of("levels", (level,)) for level in levels}
        self._made: dict[Hashable, Mask] = {}

    def of_level(self, level: str) -> Mask:
        """Which cases got a level."""
        return self._of_level[level]

    def allowed(self, wanted: Wanted) -> Mask:
        """Which cases may be shown. An excluded key that is not of this version excludes nothing."""
        return self._kept(("all", wanted), lambda: self._put_together(wanted))

    def _put_together(self, wanted: Wanted) -> Mask:
        mask = self._everyone
        if wanted.levels is not None:
            mask &= self._reference.mask_of("levels", wanted.levels)
        if wanted.municipality is not None:
            mask &= self._field("municipalities", wanted.municipality)
        if wanted.team is not None:
            mask &= self._field("teams", wanted.team)
        if wanted.decided_from is not None or wanted.decided_to is not None:
            mask &= self._reference.decided_mask(wanted.decided_from, wanted.decided_to)
        rows = (self._reference.row_of(key) for key in sorted(wanted.excluded_keys))
        return mask.without(row for row in rows if row is not None)

    def _field(self, field: str, value: str) -> Mask:
        return self._kept((field, value), lambda: self._reference.mask_of(field, (value,)))

    def _kept(self, key: Hashable, make: Callable[[], Mask]) -> Mask:
        """A mask from before, or a new one. The mapping is replaced whole: no thread sees it half made."""
        found = self._made.get(key)
        if found is None:
            found = make()
            self._made = {**dict(list(self._made.items())[1 - KEPT :]), key: found}
        return found
