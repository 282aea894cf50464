"""What people did in cases, from the rows of every step: whether a look-up led to something."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from service.tables.assessment import Assessment, Consultation, ConsultationAnswer
from service.tables.decision import Decision, Planning
from service.tables.intake import Case, CaseClosure, CaseTaking, FactsVersion, ReturnAnswer
from service.tables.rights import RightRequest, RightStep

CONCLUDING = ("decision", "closed")
WHO: dict[str, tuple[Any, Any]] = {
    "received": (Case, Case.received_by),
    "facts": (FactsVersion, FactsVersion.recorded_by),
    "taken": (CaseTaking, CaseTaking.person_id),
    "consultation": (Consultation, Consultation.asked_by),
    "consultation_answer": (ConsultationAnswer, ConsultationAnswer.answered_by),
    "assessment": (Assessment, Assessment.person_id),
    "decision": (Decision, Decision.person_id),
    "planning": (Planning, Planning.planned_by),
    "returned_answer": (ReturnAnswer, ReturnAnswer.answered_by),
    "closed": (CaseClosure, CaseClosure.closed_by),
    "right_request": (RightRequest, RightRequest.recorded_by),
    "right_step": (RightStep, RightStep.taken_by),
}
"""By step, its table and the column that says who did it, in the order in which one request does them."""

ORDER = {step: number for number, step in enumerate(WHO)}


@dataclass(frozen=True)
class Trace:
    """One step in a case; `person_id` is None for what came from outside."""

    at: datetime
    case_id: str
    person_id: str | None
    step: str


def traces(session: Session, case_ids: Iterable[str], *, before: datetime) -> list[Trace]:
    """Every step in some cases up to an instant, in the order of time."""
    wanted = sorted(set(case_ids))
    found = [
        Trace(at, case_id, person_id, step)
        for start in range(0, len(wanted), AT_A_TIME)
        for step in WHO
        for case_id, person_id, at in session.exec(_rows(step, wanted[start : start + AT_A_TIME], before))
    ]
    return sorted(found, key=lambda trace: (trace.at, trace.case_id, ORDER[trace.step]))


AT_A_TIME = 500
"""Cases in one statement: an SQLite statement takes only so many parameters."""


def _rows(step: str, case_ids: list[str], before: datetime) -> Any:
    table, person = WHO[step]
    case_id = {"received": Case.id, "consultation_answer": Consultation.case_id}.get(step)
    case_id = table.case_id if case_id is None else case_id
    rows = select(case_id, person, table.at)
    if step == "consultation_answer":
        rows = rows.join(Consultation, col(Consultation.id) == col(ConsultationAnswer.consultation_id))
    return rows.where(col(case_id).in_(case_ids), table.at < before)
