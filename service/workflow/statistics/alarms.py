"""Alarms for over-reliance in a unit's quarter, and for nothing else: to decide otherwise never raises one.

A case that is changed from agreement to override can only lower what is measured here. An alarm is about a
unit: 50 compared cases at least, of a mixed group of caseworkers (it rests on cells that may be shown), and
raised only when chance does not explain it. It is a reason to talk, and nothing follows from it by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.workflow.statistics.cells import ALL
from service.workflow.statistics.counted import Counted
from service.workflow.statistics.intervals import wilson
from service.workflow.statistics.reliance import FAST, switched
from service.workflow.statistics.rows import DecidedRow

DE_FACTO_AUTOMATIC = "de_facto_automatisk"
"""Nearly every decision is that of most similar cases, and half of them are saved within ten seconds."""
CHANGED_TOWARD = "skifter_naesten_altid"
"""Nearly everybody who judged otherwise changes to what most similar cases show."""

LEAST_COMPARED = 50
LEAST_APART = 20
AGREEMENT_ABOVE = 0.9
CHANGED_ABOVE = 0.8

Cases = Sequence[DecidedRow] | None


@dataclass(frozen=True)
class Alarm:
    """One alarm of one unit. `hits` of `of` cases agreed, or changed; `unit` is its id."""

    unit: str
    code: str
    hits: int
    of: int


def alarms_of(cells: Counted) -> tuple[Alarm, ...]:
    """The alarms of every unit in what was counted, in the order of the units' ids."""
    return tuple(
        Alarm(unit, code, *numbers)
        for unit, its in cells.units.items()
        for code, numbers in raised(its.shown("compared", ALL), its.shown("apart", ALL)).items()
    )


def raised(compared: Cases, apart: Cases) -> dict[str, tuple[int, int]]:
    """The alarms of one unit's compared cases, and of those of them that began apart, with their counts."""
    if compared is None or len(compared) < LEAST_COMPARED:
        return {}
    found = {}
    agreed = sum(not row.overrides for row in compared)
    if wilson(agreed, len(compared)).low > AGREEMENT_ABOVE and _half_within(compared, FAST):
        found[DE_FACTO_AUTOMATIC] = (agreed, len(compared))
    if apart is not None and len(apart) >= LEAST_APART:
        changed = sum(map(switched, apart))
        if wilson(changed, len(apart)).low > CHANGED_ABOVE:
            found[CHANGED_TOWARD] = (changed, len(apart))
    return found


def _half_within(cases: Sequence[DecidedRow], limit: timedelta) -> bool:
    """Whether more than half of the cases were saved sooner than this after the evidence was shown."""
    quick = sum(row.considered is not None and row.considered < limit for row in cases)
    return 2 * quick > len(cases)
