"""Which cells of a table may be shown, so that neither a citizen nor a caseworker can be made out.

A cell is a group of cases. It may be shown when it holds at least 5 cases of at least 3 caseworkers and
nobody has more than 70 % of them, or what a local file tightens that to (service.limits);
an empty one only when its total is shown. But a hidden cell must not be
found by subtraction either. So cells are released one by one, in the order of the table and large before
small within a tier, and a cell is held back when it would, together with what is already released,

- leave a rest in one of its lines (a total less its visible parts) that may not be shown, or
- say by what is told beside it that none or all of such a rest is so, where a part of the rest is secret, or
- make a hidden cell computable from visible ones, along whatever rows and columns.

Equal input gives equal output. Caseworkers' ids enter here and do not leave.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.limits import in_force

NOTHING = 1e-7
"""Indicator vectors differ by whole cases; a remainder shorter than this is rounding, not information."""

Key = tuple[str, ...]
Vectors = NDArray[np.float64]


@dataclass(frozen=True)
class Line:
    """A total and the parts it is the sum of; the parts share no case."""

    total: Key
    parts: tuple[Key, ...]


@dataclass(frozen=True)
class Table:
    """Cells by key, each with the numbers of its cases, and the lines they add up in.

    What matters most stands in the first tier. `caseworkers` gives the caseworker of every case number.
    `phantoms` are cells that are not shown, but could be computed. `known` are groups whose size readers
    learn anyway. `within` names the cell that another is a part of, where the part is told only beside it.
    `told` is a group within a cell whose size is told along with it, and is secret where it is secret; of
    those in `choices`, what somebody chose, it is not even told of a part that none or all of it is so.
    """

    caseworkers: Sequence[str] = field(repr=False)
    tiers: Sequence[Mapping[Key, frozenset[int]]]
    lines: tuple[Line, ...] = ()
    phantoms: frozenset[Key] = frozenset()
    known: tuple[frozenset[int], ...] = ()
    within: Mapping[Key, Key] = field(default_factory=dict)
    told: Mapping[Key, frozenset[int]] = field(default_factory=dict)
    choices: frozenset[Key] = frozenset()

    @property
    def cells(self) -> dict[Key, frozenset[int]]:
        """All cells, in the order in which they are considered."""
        return {
            key: cases
            for tier in self.tiers
            for key, cases in sorted(tier.items(), key=lambda cell: -len(cell[1]))
        }


def may_show(caseworkers: Sequence[str], cases: Collection[int]) -> bool:
    """Whether a group of cases is large and mixed enough to be shown; an empty one tells of nobody."""
    if not cases:
        return True
    by_caseworker = Counter(caseworkers[case] for case in cases)
    limits = in_force()
    return (
        len(cases) >= limits.strictest("least_cases")
        and len(by_caseworker) >= limits.strictest("least_caseworkers")
        and 100 * max(by_caseworker.values()) <= limits.strictest("largest_share_percent") * len(cases)
    )


def released(table: Table, already: Iterable[Key] = ()) -> frozenset[Key]:
    """The keys of the cells that may be shown.

    `already` are cells of this table that other pages show in any case.
    """
    cells, shown = table.cells, set(already)
    span = _Span(table, cells, shown)
    for key, cases in cells.items():
        if key in shown or key in table.phantoms or not may_show(table.caseworkers, cases):
            continue
        if key in table.within and table.within[key] not in shown:
            continue
        if _rests_are_safe(table, cells, shown, key) and span.take_in(key):
            shown.add(key)
    return frozenset(shown - _telling_zeros(table, cells, shown))


def _telling_zeros(table: Table, cells: Mapping[Key, frozenset[int]], shown: set[Key]) -> set[Key]:
    """Empty parts of a hidden total: that none of four did something is a fact about each of the four."""
    hidden_totals = [line for line in table.lines if line.total not in shown]
    return {part for line in hidden_totals for part in line.parts if not cells[part]}


def _rests_are_safe(table: Table, cells: Mapping[Key, frozenset[int]], shown: set[Key], key: Key) -> bool:
    """Whether showing the cell leaves in each of its lines a rest that is empty or may be shown."""
    for line in table.lines:
        if key != line.total and not (key in line.parts and line.total in shown):
            continue
        visible = [part for part in line.parts if part in shown or part == key]
        rest = cells[line.total].difference(*(cells[part] for part in visible))
        if not may_show(table.caseworkers, rest):
            return False
        if _is_told_throughout(table, cells, line, visible) and _holds_a_secret(table, cells, line, visible):
            return False
    return True


def _is_told_throughout(
    table: Table, cells: Mapping[Key, frozenset[int]], line: Line, visible: Sequence[Key]
) -> bool:
    """Whether what is told beside the cells says of a rest that none of it, or all of it, is so.

    A whole that is no part of another may say so of itself: else a quarter without any would have no page.
    """
    if line.total not in table.choices or not all(part in table.told for part in visible):
        return False
    rest, told = cells[line.total], table.told[line.total]
    if told in (frozenset(), rest) and not any(line.total in other.parts for other in table.lines):
        return False
    rest = rest.difference(*(cells[part] for part in visible))
    told = told.difference(*(table.told[part] for part in visible))
    return told in (frozenset(), rest)


def _holds_a_secret(
    table: Table, cells: Mapping[Key, frozenset[int]], line: Line, visible: Sequence[Key]
) -> bool:
    """Whether a part of the rest is too small or too uniform to have such a thing said of it."""
    return any(not may_show(table.caseworkers, cells[part]) for part in line.parts if part not in visible)


class _Span:
    """All that can be computed from the cells shown: the span of their indicator vectors.

    Of every group (a cell, or one told along with a cell) the part outside the span is kept. When that of a
    secret group vanishes, its size can be computed.
    """

    def __init__(self, table: Table, cells: Mapping[Key, frozenset[int]], shown: set[Key]) -> None:
        groups = [*cells.items(), *table.told.items()]
        self._rows: dict[Key, list[int]] = {key: [] for key in cells}
        for row, (key, _) in enumerate(groups):
            self._rows[key].append(row)
        vectors = _indicators(len(table.caseworkers), [*(cases for _, cases in groups), *table.known])
        given = [*range(len(groups), len(vectors)), *(row for key in shown for row in self._rows[key])]
        self._outside = _outside(vectors[: len(groups)], vectors[given])
        secret = [key for key, cases in cells.items() if not may_show(table.caseworkers, cases)]
        # What readers know anyway cannot be kept from them here, and must not hold back all the rest.
        self._secret = np.array(
            [
                row
                for key in secret
                for row in self._rows[key]
                if np.linalg.norm(self._outside[row]) > NOTHING
            ],
            dtype=int,
        )

    def take_in(self, key: Key) -> bool:
        """Add a cell to what is shown unless a secret one could then be computed; says whether it was."""
        outside = self._outside
        for row in self._rows[key]:
            length = float(np.linalg.norm(outside[row]))
            if length > NOTHING:
                outside = _outside(outside, (outside[row] / length)[np.newaxis])
        if (np.linalg.norm(outside[self._secret], axis=1) <= NOTHING).any():
            return False
        self._outside = outside
        return True


def _outside(vectors: Vectors, given: Vectors) -> Vectors:
    """What is left of the vectors when everything the given ones span is taken out."""
    _, sizes, directions = np.linalg.svd(given, full_matrices=False)
    directions = directions[sizes > NOTHING]
    for _again in range(2):  # once more, to be rid of rounding
        vectors = vectors - (vectors @ directions.T) @ directions
    return vectors


def _indicators(cases: int, groups: Sequence[frozenset[int]]) -> Vectors:
    """One row per group, one column per kind of case: cases that no group tells apart are of one kind."""
    membership = np.zeros((len(groups), cases), dtype=np.int8)
    for number, group in enumerate(groups):
        membership[number, list(group)] = 1
    kinds: Vectors = np.unique(membership, axis=1).astype(np.float64)
    return kinds
