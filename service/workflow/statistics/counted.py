"""The cases of a period in cells, behind their suppression: nothing hidden can be asked for.

Several units together show the sum of what each of them shows by itself, and nothing else. Whoever reads both
a unit and all units can then subtract one from the other without learning anything new.
"""

from collections.abc import Mapping, Sequence

from service.workflow.statistics.cells import ALL, MEASURES, NO_SUPPORT, cases_in, visible
from service.workflow.statistics.periods import Period
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import Share, share_of
from service.workflow.statistics.suppression import Key

WHOLE: Mapping[str, str] = {
    "month": "compared",
    "reason": "decided",
    "column": "compared",
    "withheld": "without",
    "apart by reason": "apart",
    "differing": "apart",
    "bin": "compared",
    "ended": "compared",
    "bin ended": "compared",
}
"""The measure whose whole says of a cell that there is nothing in it."""


class Counted:
    """The cells of a period. `left_out` are units of which not even the number of compared cases is shown."""

    def __init__(self, rows: Sequence[DecidedRow], period: Period) -> None:
        within = [row for row in rows if period.includes(row.decided_at)]
        units = {
            unit: Unit([row for row in within if row.unit == unit], period)
            for unit in sorted({row.unit for row in within})
        }
        together = len(units) > 1
        self.period = period
        self.units: Mapping[str, Unit] = units
        self.left_out = tuple(name for name, unit in units.items() if together and not unit.tells_its_size)
        told = [unit for name, unit in units.items() if name not in self.left_out]
        self._cases = cases_in([row for row in within if row.unit not in self.left_out])
        self._visible = frozenset(key for key in self._cases if all(unit.tells(key) for unit in told))
        if together and not told:
            self._visible = frozenset()

    def keys(self, *start: str) -> list[Key]:
        """The keys of the cells that begin like this, in the order of their codes."""
        return sorted(key for key in self._cases if key[: len(start)] == start)

    def shown(self, *key: str) -> list[DecidedRow] | None:
        """The cases of a cell, or None when it is hidden.

        A case type or a month of which there is nothing in the period is empty, if the whole is shown.
        """
        if key not in self._cases:
            return [] if (_whole(key), ALL) in self._visible else None
        return self._cases[key] if key in self._visible else None

    def count(self, *key: str) -> int | None:
        """The number of cases in a cell; None when it is hidden."""
        cases = self.shown(*key)
        return None if cases is None else len(cases)

    def binned(self, name: str) -> dict[int, list[DecidedRow] | None]:
        """The cases of each bin by its tenths."""
        return {int(key[1]): self.shown(*key) for key in self.keys(name) if key[1] != NO_SUPPORT}

    def overrides(self, *key: str) -> Share:
        """The share of a cell's cases that were decided otherwise than most similar cases."""
        return share_of(self.shown(*key), lambda row: row.overrides)


class Unit:
    """What one unit shows by itself."""

    def __init__(self, rows: Sequence[DecidedRow], period: Period) -> None:
        self._cases = cases_in(rows)
        self._visible = visible(rows, period)

    @property
    def tells_its_size(self) -> bool:
        """Whether the number of its cases is shown that were compared, what all else rests on."""
        return ("compared", ALL) in self._visible

    def shown(self, *key: str) -> list[DecidedRow] | None:
        """The cases of one of its cells, or None when it is hidden or there is none such."""
        return self._cases[key] if key in self._visible else None

    def tells(self, key: Key) -> bool:
        """Whether a cell is shown, or seen to be empty because the whole is shown and it is not there."""
        return key in self._visible or (key not in self._cases and (_whole(key), ALL) in self._visible)


def _whole(key: Key) -> str:
    return key[0] if key[0] in MEASURES else WHOLE[key[0]]
