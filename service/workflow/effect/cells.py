"""Cells of followed cases, told behind those of the statistics: nothing that is hidden there is found here.

The cells of the statistics' own quarter come first, as they are shown there; these are released after them,
with the same rules, in one order for every page that reads them. Only quarters are counted. Several units
together show the sum of what each shows by itself.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from service.workflow.effect.followed import Followed
from service.workflow.effect.groups import (
    ARM,
    BY_ARM,
    BY_LOT,
    DECIDED,
    DIVISIONS,
    OF_THE_PROCESS,
    OFFER_MONTH,
    WHOLES,
    counted_in,
    is_in,
    whole_of,
)
from service.workflow.statistics.cells import ALL, table_of, visible
from service.workflow.statistics.counted import Counted
from service.workflow.statistics.periods import Period
from service.workflow.statistics.suppression import Key, Line, Table, may_show, released

Cells = Mapping[Key, frozenset[int]]
Behind = Callable[[Table, Sequence[Followed]], Table]
"""Puts further cells behind those of a table, for a page of its own."""


class FollowedCases:
    """The followed cases of a quarter, of one unit or several; `left_out` are units too small to tell of.

    What is put `behind` is released last, so that nothing of what every page shows is hidden for its sake.
    """

    def __init__(self, cases: Sequence[Followed], quarter: Period, behind: Behind | None = None) -> None:
        within = [case for case in cases if quarter.includes(case.row.decided_at)]
        self.period = quarter
        self.left_out = Counted([case.row for case in within], quarter).left_out
        names = sorted({case.row.unit for case in within} - set(self.left_out))
        self._units = [
            _Unit([case for case in within if case.row.unit == name], quarter, behind) for name in names
        ]

    def has_arm(self, arm: str) -> bool:
        """Whether any case was in an arm: that there is one is no secret, how many cases it has may be."""
        return any(case.arm == arm for unit in self._units for case in unit.cells[DECIDED])

    def keys(self, *start: str) -> list[Key]:
        """The keys of the cells that begin like this, in the order of their codes."""
        found = {key for unit in self._units for key in unit.cells}
        return sorted(key for key in found if key[: len(start)] == start)

    def shown(self, *key: str) -> list[Followed] | None:
        """The cases of a cell, or None when it is hidden.

        A cell that is nowhere is empty if its whole is shown.
        """
        nobody_tells = bool(self.left_out) and not self._units
        if nobody_tells or not all(unit.tells(key) for unit in self._units):
            return None
        return [case for unit in self._units for case in unit.cells.get(key, ())]


class _Unit:
    """What one unit shows by itself."""

    def __init__(self, cases: Sequence[Followed], quarter: Period, behind: Behind | None) -> None:
        table = further(cases)
        self._visible = released(table, visible([case.row for case in cases], quarter))
        if behind is not None:
            table = behind(table, cases)
            self._visible = released(table, self._visible)
        self.cells = {key: [cases[n] for n in sorted(group)] for key, group in table.cells.items()}

    def tells(self, key: Key) -> bool:
        """Whether a cell is shown, or seen to be empty because what it is a part of is shown."""
        return key in self._visible or (
            key not in self.cells and key != DECIDED and self.tells(whole_of(key))
        )


def further(cases: Sequence[Followed]) -> Table:
    """The table of the statistics, with the cells of followed cases behind its own."""
    base = table_of([case.row for case in cases])
    tiers = list(_tiers(cases))
    added = {key: group for tier in tiers for key, group in tier.items()}
    lines = tuple(_lines(added))
    small = rests(base.caseworkers, lines, added)
    return replace(
        base,
        tiers=(*base.tiers, *tiers, small),
        lines=(*base.lines, *lines),
        # What the statistics hold back, no other page shows.
        phantoms=base.phantoms | frozenset(base.cells) | frozenset(small),
        within={**base.within, **{key: whole_of(key) for key in added}},
        told={**base.told, **_told(cases, added)},
    )


def _tiers(cases: Sequence[Followed]) -> Iterator[Cells]:
    """What is added, in the order in which it is released."""
    yield {(name, ALL): _members(cases, name) for name in WHOLES if name not in OF_THE_PROCESS}
    parts = {name: _divided(cases, name) for name in DIVISIONS}
    for name, each in parts.items():
        yield {(name, code): group for code, group in each.items()}
    yield {
        (OFFER_MONTH, offer, month): parts["offer"][offer] & parts["planned month"][month]
        for offer, month in product(parts["offer"], parts["planned month"])
        if parts["offer"][offer] & parts["planned month"][month]
    }
    of_arm = {arm: frozenset(n for n, case in enumerate(cases) if case.arm == arm) for arm in BY_LOT}
    for name in BY_ARM:
        yield {(ARM + name, arm): _members(cases, name) & of_arm[arm] for arm in BY_LOT}
    yield {(name, ALL): _members(cases, name) for name in OF_THE_PROCESS}


def _members(cases: Sequence[Followed], name: str) -> frozenset[int]:
    return frozenset(number for number, case in enumerate(cases) if is_in(name, case))


def _divided(cases: Sequence[Followed], name: str) -> dict[str, frozenset[int]]:
    """The parts of a division that hold any case."""
    division = DIVISIONS[name]
    part = {number: division.part(cases[number]) for number in _members(cases, division.whole)}
    return {code: frozenset(n for n in part if part[n] == code) for code in sorted(set(part.values()))}


def _lines(added: Cells) -> Iterator[Line]:
    """Every whole is the sum of its parts, by each way of dividing it."""
    for name, division in DIVISIONS.items():
        yield Line((division.whole, ALL), _starting(added, name))
    for key in _starting(added, "offer"):
        yield Line(key, _starting(added, OFFER_MONTH, key[1]))
    for key in _starting(added, "planned month"):
        yield Line(key, tuple(each for each in _starting(added, OFFER_MONTH) if each[2] == key[1]))
    for name in BY_ARM:
        yield Line((name, ALL), _starting(added, ARM + name))


def rests(caseworkers: Sequence[str], lines: Sequence[Line], added: Cells) -> Cells:
    """Of each line the parts that may not be shown, taken together: a group that must not be found either.

    With two ways of dividing the same cases, one could find it by subtracting along both.
    """
    small = {key for key, group in added.items() if not may_show(caseworkers, group)}
    return {
        ("rest", *line.total, *line.parts[0][:1]): frozenset().union(*(added[part] for part in hidden))
        for line in lines
        if (hidden := [part for part in line.parts if part in small])
    }


def _starting(added: Cells, *start: str) -> tuple[Key, ...]:
    return tuple(key for key in added if key[: len(start)] == start)


def _told(cases: Sequence[Followed], added: Cells) -> dict[Key, frozenset[int]]:
    """The part of each cell whose size is told along with it: what its share counts."""
    return {
        key: frozenset(number for number in group if counted(cases[number]))
        for key, group in added.items()
        if (counted := counted_in(key[0])) is not None
    }
