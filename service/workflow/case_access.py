"""How long a case stays open to casework: until some days after it has ended, unless something is waiting.

Access is not retention. What is kept stays, and whoever opens a case after that says what for.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session

from service.tables.base import CaseStep
from service.tables.citizen import FactReport, FactReportAnswer, Letter
from service.tables.decision import Decision, Planning
from service.tables.intake import CaseClosure
from service.workflow.case_file import CaseState, newest, state_of
from service.workflow.case_rows import open_reports

ENDED = (CaseState.PLANNED, CaseState.CLOSED)
"""A decision that nobody has planned is work that waits, and its case stays open."""

LAST: tuple[type[CaseStep], ...] = (Decision, Planning, CaseClosure, Letter, FactReport, FactReportAnswer)
"""Steps that begin the days anew: somebody is at work in the case."""


def is_closed(session: Session, case_id: str, *, days: int, now: datetime) -> bool:
    """Whether a case opens only to somebody who says what for."""
    if not _is_past(newest(session, Decision, case_id), newest(session, CaseClosure, case_id), days, now):
        return False  # most cases, and cheaply
    if state_of(session, case_id) not in ENDED or open_reports(session, case_id):
        return False
    last = _last(newest(session, table, case_id) for table in LAST)
    return last is not None and now - last >= timedelta(days=days)


def _is_past(decision: Decision | None, closure: CaseClosure | None, days: int, now: datetime) -> bool:
    last = _last((decision, closure))
    return last is not None and now - last >= timedelta(days=days)


def _last(steps: Iterable[CaseStep | None]) -> datetime | None:
    return max((step.at for step in steps if step is not None), default=None)
