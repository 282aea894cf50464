"""The caseworker's own judgement (J1): stored before any evidence is computed, and never changed."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session, select

from models.declaration import Option
from models.facts import FactValue
from service import log, policy
from service.clock import local_date
from service.errors import Conflict, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.assessment import CONFIDENCES, Assessment
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow.assessment import drafts
from service.workflow.case_file import CaseFile, find_case, open_file
from service.workflow.intake import record_reading_row, take_row
from service.workflow.intake.facts_version import newest_version

STEP = "assessment"
MOST_CHARACTERS = 4000


def options_of(file: CaseFile, now: datetime) -> tuple[Option, ...]:
    """The lawful answers for a case today; the model has no part in them."""
    return file.area.options(file.case.plan_type, local_date(now))


def judge(
    session: Session, case_id: str, answers: Mapping[str, FactValue | None], *, choice: str, confidence: str,
    wants_evidence: bool, read_version: int, opened_at: datetime, key: str, now: datetime, by: Actor,
    reflection: str = "",
) -> Assessment:  # fmt: skip
    """Store what she read from the plan and what she judges, in one step.

    `read_version` is the version of the facts that her page showed; if facts have come since,
    Conflict is raised and nothing is stored.
    """
    case = find_case(session, case_id)
    policy.authorize(by, Action.JUDGE, case)
    repeated = _of_key(session, key, by)
    if repeated is not None:
        return repeated
    if newest_version(session, case).version != read_version:
        raise Conflict("Oplysningerne er ændret, mens du læste. Se dem igen, og gem så din vurdering.")
    facts = record_reading_row(session, case, answers, now=now, by=by)
    return record(
        session,
        case_id,
        facts_id=facts.id,
        choice=choice,
        confidence=confidence,
        wants_evidence=wants_evidence,
        opened_at=opened_at,
        key=key,
        now=now,
        by=by,
        reflection=reflection,
    )


def record(
    session: Session, case_id: str, *, facts_id: str, choice: str, confidence: str, wants_evidence: bool,
    opened_at: datetime, key: str, now: datetime, by: Actor, replaces: str | None = None,
    reflection: str = "",
) -> Assessment:  # fmt: skip
    """Store one judgement on the newest facts and commit; what she thought speaks for and against is sealed.

    The same `key` again gives the judgement already stored. A second judgement is possible when facts have
    come since the first, or as a correction that names the one it `replaces`; otherwise Conflict is raised.
    """
    case = find_case(session, case_id)
    policy.authorize(by, Action.JUDGE, case)
    repeated = _of_key(session, key, by)
    if repeated is not None:
        return repeated
    file = open_file(session, case_id)
    _refuse_unlawful(file, choice, confidence, now)
    if len(reflection) > MOST_CHARACTERS:
        raise Refused(f"Overvejelsen må højst være på {MOST_CHARACTERS} tegn.", field="reflection")
    _refuse_stale(file, facts_id, replaces)
    _take_if_free(session, case, file, now, by)
    assessment = Assessment(
        at=now,
        case_id=case_id,
        facts_id=facts_id,
        person_id=by.person_id,
        unit_id=by.unit_id,
        choice=choice,
        confidence=confidence,
        wants_evidence=wants_evidence,
        evidence_seen_before=_has_seen_evidence(session, case_id),
        opened_at=min(opened_at, now),
        idempotency_key=key,
        replaces=file.assessment.id if file.assessment else None,
    )
    event = Event.ASSESSMENT_RECORDED if assessment.replaces is None else Event.ASSESSMENT_CORRECTED
    log.append(
        session, event, at=now, by=by, row=assessment, citizen_id=case.citizen_id,
        case_id=case_id, personal={"reflection": reflection.strip()},
        blind=not assessment.evidence_seen_before, replaces=assessment.replaces,
    )  # fmt: skip
    drafts.clear_row(session, case_id, by.person_id, STEP)
    session.commit()
    return assessment


def _of_key(session: Session, key: str, by: Actor) -> Assessment | None:
    if not key:
        raise Refused("Formularen mangler sit nummer. Åbn sagen igen.")
    stored = session.exec(select(Assessment).where(Assessment.idempotency_key == key)).first()
    if stored is not None and stored.person_id != by.person_id:
        raise Refused("Formularens nummer hører til en anden. Åbn sagen igen.")
    return stored


def _refuse_unlawful(file: CaseFile, choice: str, confidence: str, now: datetime) -> None:
    if choice not in {option.code for option in options_of(file, now)}:
        raise Refused("Vælg, hvad borgeren har brug for.", field="choice")
    if confidence not in CONFIDENCES:
        raise Refused("Angiv, hvor sikker du er.", field="confidence")


def _refuse_stale(file: CaseFile, facts_id: str, replaces: str | None) -> None:
    if file.closure is not None:
        raise Conflict("Sagen er lukket.")
    if facts_id != file.facts_version.id:
        raise Conflict("Oplysningerne er ændret, mens du læste. Se dem igen, og gem så din vurdering.")
    if file.assessment is None:
        if replaces is not None:
            raise Conflict("Der er ingen vurdering at rette.")
        return
    if replaces is not None and replaces != file.assessment.id:
        raise Conflict("Vurderingen er rettet i mellemtiden. Se sagen igen.")
    if replaces is None and not file.needs_judgement and not file.facts_are_newer:
        raise Conflict("Sagen er allerede vurderet.")


def _take_if_free(session: Session, case: Case, file: CaseFile, now: datetime, by: Actor) -> None:
    """Whoever judges a case has taken it."""
    if file.taking is None or file.taking.person_id != by.person_id:
        take_row(session, case, now=now, by=by)


def _has_seen_evidence(session: Session, case_id: str) -> bool:
    statement = (
        select(Suggestion.id).where(Suggestion.case_id == case_id, Suggestion.outcome == "shown").limit(1)
    )
    return session.exec(statement).first() is not None
