"""Sparring: asking a colleague for advice, before or after the evidence, without leaving the case."""

from datetime import datetime

from sqlmodel import Session, select

from service import log, policy
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.assessment import Consultation, ConsultationAnswer
from service.tables.suggestion import Suggestion
from service.workflow.case_file import find_case, newest


def ask(session: Session, case_id: str, *, text: str, now: datetime, by: Actor) -> Consultation:
    """Ask the team for advice; the question may be empty, the case goes on as it was."""
    case = find_case(session, case_id)
    policy.authorize(by, Action.CONSULT, case)
    shown = newest(session, Suggestion, case_id)
    consultation = Consultation(
        at=now,
        case_id=case_id,
        asked_by=by.person_id,
        stage="before_evidence" if shown is None else "after_evidence",
    )
    log.append(
        session, Event.CONSULTATION_ASKED, at=now, by=by, row=consultation, citizen_id=case.citizen_id,
        case_id=case_id, personal={"text": text.strip()}, stage=consultation.stage,
    )  # fmt: skip
    session.commit()
    return consultation


def answer(
    session: Session, consultation_id: str, *, text: str, now: datetime, by: Actor
) -> ConsultationAnswer:
    """A colleague's advice. Nobody answers her own question, and a question is answered once."""
    consultation = session.get(Consultation, consultation_id)
    if consultation is None:
        raise NotFound()
    case = find_case(session, consultation.case_id)
    policy.authorize(by, Action.ANSWER_CONSULTATION, case)
    if consultation.asked_by == by.person_id:
        raise Refused("Sparring besvares af en kollega.")
    if not text.strip():
        raise Refused("Skriv dit svar.", field="text")
    answered = select(ConsultationAnswer).where(ConsultationAnswer.consultation_id == consultation_id)
    if session.exec(answered).first() is not None:
        raise Conflict("En kollega har allerede svaret.")
    row = ConsultationAnswer(at=now, consultation_id=consultation_id, answered_by=by.person_id)
    log.append(
        session,
        Event.CONSULTATION_ANSWERED,
        at=now,
        by=by,
        row=row,
        citizen_id=case.citizen_id,
        case_id=case.id,
        personal={"text": text.strip()},
    )
    session.commit()
    return row
