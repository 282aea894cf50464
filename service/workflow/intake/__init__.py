"""A plan is received and becomes a case, once; its facts are read, marked wrong and added to, in versions."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session, func, select

from models import areas
from models import facts as case_facts
from models.facts import Fact, FactValue
from service import identity, log, policy
from service.clock import local_date
from service.errors import Conflict, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.intake import Case, CaseClosure, CaseTaking, FactsVersion, ReturnAnswer
from service.workflow.case_file import CaseState, arrival_of, facts_of, find_case, newest, open_file
from service.workflow.intake.arrival import (
    content_digest,
    municipality_of,
    plan_text,
    refuse_impossible_dates,
    unit_of,
)
from service.workflow.intake.facts_version import add_version, differs, newest_version, with_answers
from service.workflow.intake.other_sources import take_accepted, without_them
from service.workflow.intake.referral import Referral

FIRST_SERIAL = 2401


def receive(session: Session, referral: Referral, *, pepper: bytes, now: datetime, by: Actor | None) -> Case:
    """Open the case of a referral and commit; receiving the same one again changes nothing.

    A changed plan for a case without an end becomes a new version of its facts.
    """
    case = receive_row(session, referral, pepper=pepper, now=now, by=by)
    session.commit()
    return case


def receive_row(
    session: Session, referral: Referral, *, pepper: bytes, now: datetime, by: Actor | None
) -> Case:
    """`receive` without the commit, for an import that takes over many at once.

    Facts from a source that needs the citizen's yes come in only where she has said it.
    """
    case = _receive_plan(session, without_them(referral), pepper=pepper, now=now, by=by)
    take_accepted(session, case, referral.facts, now, by)
    return case


def _receive_plan(
    session: Session, referral: Referral, *, pepper: bytes, now: datetime, by: Actor | None
) -> Case:
    municipality = municipality_of(session, referral.municipality_code)
    digest = content_digest(referral)
    known = session.exec(
        select(Case).where(Case.municipality_id == municipality.id, Case.request_id == referral.request_id)
    ).first()
    if known is not None:
        return _receive_again(session, known, referral, digest, now, by)
    refuse_impossible_dates(referral, local_date(now))
    area = areas.get(referral.area)
    facts = case_facts.complete(area, referral.facts, referral.arrival, now)
    case = Case(
        at=now,
        serial=(session.exec(select(func.max(Case.serial))).one() or FIRST_SERIAL - 1) + 1,
        area=area.name,
        municipality_id=municipality.id,
        unit_id=unit_of(session, municipality, referral.unit_name).id,
        citizen_id=identity.citizen_id_for(session, municipality.id, referral.citizen.cpr, pepper),
        request_id=referral.request_id,
        plan_type=referral.plan_type,
        origin=referral.origin,
        received_on=referral.received_on,
        discharged_on=referral.discharged_on,
        start_after=referral.start_after,
        contact_from=referral.contact_from,
        contact_to=referral.contact_to,
        due_on=area.due_on(referral.arrival),
        received_by=by.person_id if by else None,
    )
    log.append(
        session, Event.CASE_RECEIVED, at=now, by=by, row=case, citizen_id=case.citizen_id, case_id=case.id,
        personal={"identity": asdict(referral.citizen), "digest": digest, **plan_text(referral)},
        area=area.name, origin=case.origin,
    )  # fmt: skip
    add_version(session, case, area, facts, "received", now, by)
    return case


def open_by_hand(session: Session, referral: Referral, *, pepper: bytes, now: datetime, by: Actor) -> Case:
    """Open a case that arrived outside the system (by post, by phone)."""
    policy.authorize(by, Action.OPEN_BY_HAND)
    return receive(session, referral, pepper=pepper, now=now, by=by)


def take(session: Session, case_id: str, *, now: datetime, by: Actor) -> CaseTaking:
    """Take a case as one's own; taking it from a colleague is possible and visible."""
    case = find_case(session, case_id)
    policy.authorize(by, Action.TAKE_CASE, case)
    current = newest(session, CaseTaking, case_id)
    if current is not None and current.person_id == by.person_id:
        return current
    taking = take_row(session, case, now=now, by=by)
    session.commit()
    return taking


def take_row(session: Session, case: Case, *, now: datetime, by: Actor) -> CaseTaking:
    """`take` without rules and commit, for the steps that make a case one's own."""
    taking = CaseTaking(at=now, case_id=case.id, person_id=by.person_id)
    log.append(
        session, Event.CASE_TAKEN, at=now, by=by, row=taking, citizen_id=case.citizen_id, case_id=case.id
    )
    return taking


def record_reading(
    session: Session, case_id: str, answers: Mapping[str, FactValue | None], *, now: datetime, by: Actor
) -> FactsVersion:
    """Store what the caseworker read from the plan as a new version; the same answers again add none."""
    case = find_case(session, case_id)
    policy.authorize(by, Action.RECORD_FACTS, case)
    version = record_reading_row(session, case, answers, now=now, by=by)
    session.commit()
    return version


def record_reading_row(
    session: Session, case: Case, answers: Mapping[str, FactValue | None], *, now: datetime, by: Actor
) -> FactsVersion:
    """`record_reading` without the commit."""
    area, current = areas.get(case.area), newest_version(session, case)
    before = facts_of(session, area, current)
    changed = {name: value for name, value in answers.items() if differs(before.get(name), value)}
    if not changed:
        return current
    facts = with_answers(area, before, changed, case, now)
    return add_version(session, case, area, facts, "reading", now, by)


def mark_wrong(
    session: Session, case_id: str, question: str, *, note: str, now: datetime, by: Actor
) -> FactsVersion:
    """Mark a fact as wrong: it no longer counts, and evidence computed from it is withdrawn."""
    case = find_case(session, case_id)
    policy.authorize(by, Action.RECORD_FACTS, case)
    version = mark_wrong_row(session, case, question, note=note, now=now, by=by)
    session.commit()
    return version


def mark_wrong_row(
    session: Session, case: Case, question: str, *, now: datetime, by: Actor | None, **personal: str
) -> FactsVersion:
    """`mark_wrong` without rules and commit, also for the citizen herself (`by` is then None)."""
    area, current = areas.get(case.area), newest_version(session, case)
    facts = facts_of(session, area, current)
    fact = facts.get(question)
    if fact is None or fact.value is None:
        raise Refused("Oplysningen er ikke udfyldt og kan derfor ikke markeres som forkert.", field=question)
    if area.by_name[question].computed:
        raise Refused(
            "Oplysningen er beregnet. Markér i stedet den oplysning, den er beregnet af.", field=question
        )
    marked = {name: given for name, given in facts.items() if not area.by_name[name].computed}
    marked[question] = Fact(fact.value, fact.source, fact.known_at, marked_wrong=True)
    completed = case_facts.complete(area, marked, arrival_of(case), now)
    return add_version(session, case, area, completed, "marked_wrong", now, by, question=question, **personal)


def answer_return(
    session: Session,
    case_id: str,
    answers: Mapping[str, FactValue | None],
    *,
    note: str,
    now: datetime,
    by: Actor,
) -> ReturnAnswer:
    """The hospital or the citizen has answered: the case waits for a judgement again."""
    case = find_case(session, case_id)
    policy.authorize(by, Action.ANSWER_RETURN, case)
    file = open_file(session, case_id)
    if file.state is not CaseState.RETURNED or file.decision is None:
        raise Conflict("Sagen venter ikke på svar.")
    facts = with_answers(file.area, file.facts, dict(answers), case, now)
    version = add_version(session, case, file.area, facts, "answer", now, by, note=note)
    answer = _add_answer(session, case, file.decision.id, version, now, by)
    session.commit()
    return answer


def close_row(
    session: Session, case: Case, *, kind: str, level: str | None, report_id: str | None, now: datetime,
    by: Actor | None,
) -> CaseClosure | None:  # fmt: skip
    """Close a case that has no decision here; one that is closed or decided already is left alone (None).

    Does not commit: it is part of a larger step.
    """
    if open_file(session, case.id).state in (CaseState.CLOSED, CaseState.DECIDED, CaseState.PLANNED):
        return None
    closure = CaseClosure(
        at=now,
        case_id=case.id,
        kind=kind,
        level=level,
        report_id=report_id,
        closed_by=by.person_id if by else None,
    )
    log.append(
        session,
        Event.CASE_CLOSED,
        at=now,
        by=by,
        row=closure,
        citizen_id=case.citizen_id,
        case_id=case.id,
        kind=kind,
    )
    return closure


def _receive_again(
    session: Session, case: Case, referral: Referral, digest: str, now: datetime, by: Actor | None
) -> Case:
    seen = {log.open_part(session, case).get("digest")}
    current = newest_version(session, case)
    if current.occasion in ("updated_plan", "answer"):
        seen = {log.open_part(session, current).get("digest")}
    if digest in seen:
        return case
    file = open_file(session, case.id)
    if file.state is CaseState.CLOSED:
        raise Conflict(f"Sag {case.serial} er lukket. En ny plan skal have sit eget nummer.")
    kept = {name: fact for name, fact in file.facts.items() if not file.area.by_name[name].computed}
    facts = case_facts.complete(file.area, {**kept, **referral.facts}, arrival_of(case), now)
    answers = file.state is CaseState.RETURNED
    occasion = "answer" if answers else "updated_plan"
    version = add_version(
        session, case, file.area, facts, occasion, now, by, digest=digest, **plan_text(referral)
    )
    if answers and file.decision is not None:
        _add_answer(session, case, file.decision.id, version, now, by)
    return case


def _add_answer(
    session: Session, case: Case, decision_id: str, version: FactsVersion, now: datetime, by: Actor | None
) -> ReturnAnswer:
    answer = ReturnAnswer(
        at=now, case_id=case.id, decision_id=decision_id, facts_id=version.id,
        answered_by=by.person_id if by else None,
    )  # fmt: skip
    log.append(
        session, Event.RETURN_ANSWERED, at=now, by=by, row=answer, citizen_id=case.citizen_id, case_id=case.id
    )
    return answer
