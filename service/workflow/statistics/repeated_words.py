"""How often reasons repeat each other in a unit: a share for the whole unit, and nothing below it.

The texts are opened where their keys are at hand, compared and forgotten again. What comes out is a rounded
share of one whole quarter: no text, no case, no count and no person.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlmodel import Session, col, select

from models.declaration import Area
from service import log
from service.errors import PartUnreadable
from service.tables.decision import Decision
from service.tables.intake import Case, PersonalPart
from service.workflow.statistics.near_duplicates import with_twins
from service.workflow.statistics.periods import Period, midnight
from service.workflow.statistics.suppression import may_show

LEAST_TEXTS = 10
STEP = 10
"""Percent: the share is told in tenths."""

Written = tuple[str, str, str]
"""The unit, the caseworker and the text of a decision."""


def repeated_words(
    session: Session, units: Sequence[str], area: Area, period: Period
) -> dict[str, int | None]:
    """By unit, about how many percent of the reasons have a twin; None where they are too few to tell.

    Empty for a year: what a year tells beside its quarters could be subtracted.
    """
    if period.quarter is None:
        return {}
    hidden: dict[str, int | None] = dict.fromkeys(units)
    return hidden | shares(_texts(session, units, area, period.start, period.end))


def shares(written: Iterable[Written]) -> dict[str, int | None]:
    """The share of each unit; at least ten texts, by as many caseworkers as any other number needs."""
    by_unit: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for unit, caseworker, text in written:
        by_unit[unit].append((caseworker, text))
    return {unit: _share(told) for unit, told in by_unit.items()}


def _share(told: list[tuple[str, str]]) -> int | None:
    if len(told) < LEAST_TEXTS or not may_show([caseworker for caseworker, _ in told], range(len(told))):
        return None
    exact = 100 * with_twins([text for _, text in told]) / len(told)
    return STEP * int(exact / STEP + 0.5)


def _texts(session: Session, units: Sequence[str], area: Area, start: date, end: date) -> Iterator[Written]:
    """What was written with the decisions that stand, corrections in place of what they replace."""
    replaced = select(Decision.replaces).where(col(Decision.replaces).is_not(None))
    within = (
        select(Case.unit_id, Decision, PersonalPart)
        .join(Decision, col(Decision.case_id) == Case.id)
        .join(PersonalPart, col(PersonalPart.id) == Decision.part_id)
        .where(Case.area == area.name, col(Case.unit_id).in_(units), col(Decision.id).not_in(replaced))
        .where(Decision.at >= midnight(start), Decision.at < midnight(end))
    )
    for unit, decision, _part in session.exec(within).all():
        try:
            text = log.open_part(session, decision).get("text", "")
        except PartUnreadable:
            continue
        if text:
            yield unit, decision.person_id, text
