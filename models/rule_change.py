"""Has a new version changed the rule? Which of the facts that weigh most weigh otherwise than before.

Training writes how much each fact pulls in the version in use and in the new one, on the same later cases,
and how far that moves when each is fitted again. What counts as changed follows from those numbers alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import hypot, isfinite
from operator import attrgetter
from typing import Any

from models.declaration import Area

TOP = 5
"""So many facts that weigh most, in either version, are looked at."""
MOVED = 0.05
"""A share of all pull must move by five percentage points to be another rule; the largest is often seven."""
BEYOND = 3.0
"""And by so many standard errors of the two, so that fitting again on other cases does not look like one."""

Report = Mapping[str, Any]


class ReportUnread(ValueError):
    """A report of changes that is not there, or whose numbers cannot be read."""


@dataclass(frozen=True)
class Changed:
    """One fact that weighs otherwise: its share of all pull before and now, and if it pulls back.

    `used_before` and `used_now` say whether the versions use it at all.
    """

    name: str
    label: str
    before: float
    now: float
    turned: bool
    used_before: bool = True
    used_now: bool = True

    @property
    def words(self) -> str:
        """In whole percent; a turned direction is said as well."""
        if not self.used_now:
            return f"{self.label} bruges ikke mere, vejede før {round(100 * self.before)} %"
        if not self.used_before:
            return f"{self.label} vejer {round(100 * self.now)} %, blev ikke brugt før"
        moved = f"{self.label} vejer {round(100 * self.now)} %, før {round(100 * self.before)} %"
        return f"{moved}, og trækker den anden vej" if self.turned else moved


def changed_facts(report: Any, area: Area) -> tuple[Changed, ...]:
    """The facts among those that weigh most in either version that changed; most moved first.

    Raises ReportUnread.
    """
    try:
        facts = [_read(each, area) for each in report["facts"]]
    except (TypeError, KeyError, ValueError, AttributeError) as unread:
        raise ReportUnread("the report of changes cannot be read") from unread
    changes = [each for each, _ in facts]
    top = {
        each.name
        for side in (attrgetter("before"), attrgetter("now"))
        for each in sorted(changes, key=side, reverse=True)[:TOP]
    }
    found = [each for each, spread in facts if each.name in top and (each.turned or _moved(each, spread))]
    return tuple(sorted(found, key=lambda each: (-abs(each.now - each.before), each.name)))


def _moved(fact: Changed, spread: float) -> bool:
    """A fact that one version leaves out was not moved by chance, however far it moves when fitted again."""
    by = abs(fact.now - fact.before)
    chosen = fact.used_before != fact.used_now
    return by >= MOVED and (chosen or by > BEYOND * spread)


def _read(each: Report, area: Area) -> tuple[Changed, float]:
    """A fact and the standard error of how far it moved."""
    numbers = [float(each[key]) for key in ("before", "now", "spread_before", "spread_now")]
    told = each["turned"], each.get("used_before", True), each.get("used_now", True)
    if not all(isfinite(one) and one >= 0 for one in numbers) or not all(
        isinstance(one, bool) for one in told
    ):
        raise ValueError(f"{each!r} is no change")
    name = str(each["name"])
    label = area.by_name[name].label if name in area.by_name else name
    return Changed(name, label, numbers[0], numbers[1], *told), hypot(numbers[2], numbers[3])
