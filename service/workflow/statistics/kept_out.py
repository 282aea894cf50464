"""Decided cases that no number counts: their citizen had said no to the use of her facts when it was made up.

What counts is whether the restriction or the objection stood when the quarter of the decision ended. Numbers
that were told before she said it are not made anew, and not when it ends either: two readings of a quarter
would tell, by subtraction, how her case was decided.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from service.clock import local_date
from service.tables.intake import Case
from service.tables.rights import RightRequest, RightStep
from service.workflow.in_force import AT_A_TIME, ENDING
from service.workflow.statistics.periods import midnight, quarter_of

KEEPS_FROM_NUMBERS = ("restriction", "objection")
Span = tuple[datetime, datetime | None]
"""From when until when a right stood; None while it still does."""


def kept_out(session: Session, decided: Iterable[tuple[Case, datetime]]) -> frozenset[str]:
    """Of cases with the instant each was decided, the ids of those that no number counts."""
    by_case, by_citizen = _spans(session)
    return frozenset(
        case.id
        for case, at in decided
        for since, until in (*by_case[case.id], *(by_citizen[case.citizen_id] if case.citizen_id else ()))
        if since < (end := midnight(quarter_of(local_date(at)).end)) and (until is None or until >= end)
    )


def _spans(session: Session) -> tuple[dict[str, list[Span]], dict[str, list[Span]]]:
    """When the rights stood, by the case they were asked for in, and by the citizen, for all her cases.

    An erased case is nobody's any more, and stays kept out by itself.
    """
    asked = session.exec(select(RightRequest).where(col(RightRequest.kind).in_(KEEPS_FROM_NUMBERS))).all()
    ended = _ended(session, [row.id for row in asked])
    whose = _whose(session, sorted({row.case_id for row in asked}))
    by_case: dict[str, list[Span]] = defaultdict(list)
    by_citizen: dict[str, list[Span]] = defaultdict(list)
    for row in asked:
        span = (row.at, ended.get(row.id))
        by_case[row.case_id].append(span)
        by_citizen[whose.get(row.case_id, "")].append(span)
    return by_case, by_citizen


def _ended(session: Session, ids: Sequence[str]) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for start in range(0, len(ids), AT_A_TIME):
        steps = select(RightStep.request_id, func.min(RightStep.at)).where(
            col(RightStep.request_id).in_(ids[start : start + AT_A_TIME]), col(RightStep.kind).in_(ENDING)
        )
        found |= dict(session.exec(steps.group_by(RightStep.request_id)).all())
    return found


def _whose(session: Session, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(ids), AT_A_TIME):
        some = col(Case.id).in_(ids[start : start + AT_A_TIME])
        found |= dict(session.exec(select(Case.id, Case.citizen_id).where(some)).all())
    return found
