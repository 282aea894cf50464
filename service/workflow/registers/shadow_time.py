"""How long a version was computed and shown to nobody: in the phases of shadow, and beside another in use."""

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, func, select

from service.clock import local_date
from service.tables.governance import RegisterEntry
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow.registers.approval import Shadow
from service.workflow.registers.monitoring import first_day, shadow_cases


def shadow_of(
    session: Session, municipality_id: str, entries: Sequence[RegisterEntry], version: str, today: date
) -> Shadow:
    """The cases a municipality has computed with a version in shadow, and the days since the first.

    Where it was the version in use, every sealed answer counts; beside another, what the monthly look says.
    Nothing sealed is opened.
    """
    count, first = session.exec(
        select(func.count(), func.min(Suggestion.at))
        .select_from(Suggestion)
        .join(Case, col(Case.id) == Suggestion.case_id)
        .where(Case.municipality_id == municipality_id, Suggestion.model_version == version)
        .where(Suggestion.reason == "shadow")
    ).one()
    beside = shadow_cases(entries, version)
    days = [local_date(first)] if first else []
    days += [first_day(beside[0][0])] if beside else []
    return Shadow(int(count) + sum(cases for _, cases in beside), (today - min(days)).days if days else 0)
