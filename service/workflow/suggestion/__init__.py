"""What is shown after a judgement: computed once, stored exactly as it is shown, or withheld with its reason.

Nothing here runs before the caseworker's own judgement is stored, and the row is committed before anything is
rendered to her. When no evidence can be given there is none: no other answer takes its place.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, select

from models import areas
from models import facts as case_facts
from models.artifact import ArtifactRefused
from models.evidence import AdditivityFailed
from service import log, policy
from service.clock import local_date
from service.database import reading, writing
from service.digest import digest
from service.errors import AssessmentMissing
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.assessment import Assessment
from service.tables.suggestion import SEALED_REASONS, Suggestion
from service.tables.trial import Trial
from service.workflow import competence, governance, in_force, showings, trial
from service.workflow.case_file import CaseFile, find_case, open_file
from service.workflow.model_in_use.admission import ActiveModel
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import practice_change
from service.workflow.registers.fairness import Use
from service.workflow.suggestion import fair_use
from service.workflow.suggestion.searched import keys_in, open_levels, wanted_cases
from service.workflow.trial.draw import CONTROL, EVIDENCE

logger = structlog.get_logger()

Render = Callable[[Mapping[str, Any], str], str]
"""From payload and mode to the fragment of the page, by whoever shows it."""

SHADOW_PHASES = ("udvikling", "skygge")
FAULTS = (ValueError, LookupError, TypeError, ArithmeticError, OSError)
"""Whatever a model stumbles over: the case is decided without it, and never waits for its mending."""


@dataclass(frozen=True)
class Ground:
    """Everything that settles whether evidence may be shown, read in one go after the judgement.

    `arm` is what the lot gave the case, None outside a trial; `drawn_in` is the trial to draw it in now.
    """

    file: CaseFile
    assessment: Assessment
    phase: str | None
    mode: str
    held_back: bool
    changed_on: date | None
    stopped: bool
    model: ActiveModel | None
    kept_from_others: frozenset[str]
    now: datetime
    arm: str | None = None
    drawn_in: Trial | None = None
    exceptions: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Outcome:
    """What came of it: a payload, or a reason for showing nothing (then a payload, if any, is sealed)."""

    reason: str | None
    payload: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Shown:
    """A suggestion as it was shown: the payload, the fragment made of it, and the template that made it."""

    payload: Mapping[str, Any] | None
    fragment: str | None
    template_version: str


def answer(
    engine: Engine,
    assessment_id: str,
    *,
    shelf: ModelShelf,
    render: Render,
    template_version: str,
    now: datetime,
    by: Actor,
) -> Suggestion:
    """Answer one judgement once: the same judgement always has the same answer.

    Raises AssessmentMissing when there is no such judgement and LogUnavailable when the answer cannot be
    logged; nothing is shown then.
    """
    with reading(engine) as session:
        stored = _of_assessment(session, assessment_id)
        if stored is not None:
            return stored
        ground = _ground(session, assessment_id, now, by)
    if fair_use.of(ground.model, ground.phase, ground.exceptions, shelf) is Use.OVERVIEW:
        ground = replace(ground, mode=competence.PLAIN)
    if ground.drawn_in is not None:
        arm = trial.allocate(engine, ground.drawn_in, ground.file.case, now=now, by=by)
        ground = replace(ground, arm=arm)
    outcome = _compute(ground, shelf)
    fragment = _rendered(outcome, ground, render)
    with writing(engine) as session:
        stored = _of_assessment(session, assessment_id)
        if stored is not None:
            return stored
        since = _asked_since(session, ground)
        if since is not None:
            outcome = _compute(since, shelf)
            fragment = _rendered(outcome, since, render)
        row = _store(session, ground, outcome, fragment, template_version, by)
        session.commit()
        return row


def of_case(session: Session, case_id: str) -> Suggestion:
    """The answer to the newest judgement of a case; AssessmentMissing before there is one."""
    file = open_file(session, case_id)
    if file.assessment is None or file.suggestion is None:
        raise AssessmentMissing()
    return file.suggestion


def as_shown(session: Session, suggestion: Suggestion) -> Shown:
    """What was shown, byte for byte; a withheld answer has no fragment, and its payload stays sealed."""
    part = log.open_part(session, suggestion)
    if suggestion.outcome == "withheld" and suggestion.reason != "abstained":
        return Shown(None, None, suggestion.template_version)
    return Shown(part.get("payload"), part.get("fragment"), suggestion.template_version)


def held_back_now(session: Session, file: CaseFile, suggestion: Suggestion) -> str | None:
    """The right for which what was shown may not be shown again now, or None.

    It is the citizen's own, or `similar_withdrawn`: somebody among the similar cases no longer wants to be.
    """
    if file.stopped_by_right is not None or suggestion.outcome != "shown":
        return file.stopped_by_right
    kept = in_force.kept_from_others(session)
    payload = log.open_part(session, suggestion).get("payload") if kept else None
    return "similar_withdrawn" if payload and keys_in(payload) & kept else None


def _of_assessment(session: Session, assessment_id: str) -> Suggestion | None:
    return session.exec(select(Suggestion).where(Suggestion.assessment_id == assessment_id)).first()


def _ground(session: Session, assessment_id: str, now: datetime, by: Actor) -> Ground:
    assessment = session.get(Assessment, assessment_id)
    if assessment is None:
        raise AssessmentMissing()
    case = find_case(session, assessment.case_id)
    policy.authorize(by, Action.SEE_EVIDENCE, case)
    mode = competence.mode_for(session, case.unit_id, case.area, now=now, by=by)
    ground = Ground(
        file=open_file(session, case.id),
        assessment=assessment,
        phase=governance.phase_of(session, case.municipality_id, local_date(now)),
        mode=mode,
        held_back=mode != governance.mode_of(session, case.unit_id),
        changed_on=practice_change.changed_on(
            session, case.municipality_id, local_date(now), areas.get(case.area)
        ),
        stopped=governance.is_stopped(session, case.unit_id),
        model=governance.active_model(session, case.area),
        kept_from_others=in_force.kept_from_others(session),
        now=now,
        arm=trial.arm_of(session, case.id),
        exceptions=fair_use.exceptions_of(session, case.municipality_id, case.area, local_date(now)),
    )
    # Whoever chooses to see nothing is drawn all the same: what became of a case is counted by its lot.
    if ground.arm is not None or _reason_against(ground) not in (None, "declined"):
        return ground
    values, today = case_facts.values(ground.file.facts), local_date(now)
    return replace(ground, drawn_in=trial.trial_for(session, case, values, ground.phase, today))


def _compute(ground: Ground, shelf: ModelShelf) -> Outcome:
    """The evidence, or the first reason against it; a fault in the model is a reason, never a guess."""
    reason = _reason_against(ground)
    if reason is not None or ground.model is None:
        return Outcome(reason)
    try:
        suggester = shelf.suggester(ground.model.version, ground.model.manifest_hash)
        evidence = suggester.suggest(
            case_facts.values(ground.file.facts),
            own_level=_own_level(ground),
            wanted=wanted_cases(ground.file, ground.kept_from_others, ground.changed_on, ground.now),
            received_on=ground.file.case.received_on,
            sources={name: fact.source for name, fact in ground.file.facts.items()},
        )
        payload = evidence.payload()
    except AdditivityFailed:
        return Outcome("additivity_failed")
    except (ArtifactRefused, *FAULTS):
        logger.exception("suggestion:model_failed", case_id=ground.file.case.id)
        return Outcome("model_damaged")
    if ground.arm == CONTROL:
        return Outcome("control_arm", payload)
    older = practice_change.is_of_older_practice(
        date.fromisoformat(payload["data_window"][0]), ground.changed_on
    )
    if older:
        return Outcome("older_practice", payload)
    if fair_use.of(ground.model, ground.phase, ground.exceptions, shelf) is Use.NOTHING:
        return Outcome("bias_found", payload)
    if payload["abstained"]:
        return Outcome("abstained", payload)
    return Outcome("shadow" if ground.phase in SHADOW_PHASES else None, payload)


def _reason_against(ground: Ground) -> str | None:
    """Why nothing may even be computed, strongest first; None when something may."""
    if ground.file.stopped_by_right is not None:
        return ground.file.stopped_by_right
    reasons = {
        "not_a_level_case": not set(ground.file.area.level_codes) <= open_levels(ground.file, ground.now),
        "declined": not ground.assessment.wants_evidence,
        "no_legal_basis": ground.phase is None,
        "reported_wrong": ground.file.waits_for_a_look,
        "stopped": ground.stopped,
        "no_model": ground.model is None,
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _asked_since(session: Session, ground: Ground) -> Ground | None:
    """The ground anew when somebody used a right while it was computed; read in the writing transaction."""
    right = in_force.stops_evidence(session, ground.file.case.id)
    kept = in_force.kept_from_others(session)
    if (right, kept) == (ground.file.stopped_by_right, ground.kept_from_others):
        return None
    return replace(ground, file=replace(ground.file, stopped_by_right=right), kept_from_others=kept)


def _rendered(outcome: Outcome, ground: Ground, render: Render) -> str | None:
    return render(outcome.payload, ground.mode) if outcome.reason is None and outcome.payload else None


def _own_level(ground: Ground) -> str | None:
    choice = ground.assessment.choice
    return choice if choice in ground.file.area.level_codes else None


def _store(
    session: Session, ground: Ground, outcome: Outcome, fragment: str | None, template_version: str, by: Actor
) -> Suggestion:
    case, payload = ground.file.case, outcome.payload
    shown = outcome.reason is None
    payload_hash = digest(payload) if payload is not None else None
    row = Suggestion(
        at=ground.now,
        case_id=case.id,
        assessment_id=ground.assessment.id,
        outcome="shown" if shown else "withheld",
        reason=outcome.reason,
        mode=ground.mode,
        arm=ground.arm or EVIDENCE,
        phase=ground.phase or "none",
        reference_level=payload["similar"]["reference_level"] if shown and payload else None,
        model_level=payload["model_level"] if payload and outcome.reason not in SEALED_REASONS else None,
        model_version=ground.model.version if ground.model else None,
        manifest_hash=ground.model.manifest_hash if ground.model else None,
        template_version=template_version,
        payload_hash=payload_hash,
    )
    log.append(
        session,
        Event.SUGGESTION_SHOWN if shown else Event.SUGGESTION_WITHHELD,
        at=ground.now,
        by=by,
        row=row,
        citizen_id=case.citizen_id,
        case_id=case.id,
        personal={"payload": payload, "fragment": fragment},
        reason=outcome.reason,
        model=row.model_version,
        manifest=row.manifest_hash,
        headline="held_back" if ground.held_back else None,
        because="+".join(payload["abstained"]) if payload and outcome.reason == "abstained" else None,
    )
    if shown and payload:
        showings.count_showing(session, keys_in(payload))
    return row
