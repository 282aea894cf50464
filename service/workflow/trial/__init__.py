"""Cases decided with and without evidence by lot, so that one can know what the evidence does.

A trial is registered with its plan before anybody is drawn, started by somebody else than who planned it,
and stopped by a person or by the boundary of harm. What each arm came to, and what the evidence would have
said in the cases without it, is sealed until the trial is over and a second person opens it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from models import areas
from service import log, policy
from service.clock import local_date
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.governance import Stop
from service.tables.trial import Trial, TrialAllocation, TrialStep
from service.workflow import governance
from service.workflow.effect.followed import Followed, followed_cases
from service.workflow.trial.allocation import PHASES, allocate, arm_of, misdrawn, running_in, trial_for
from service.workflow.trial.looking import CONTROL_WORSE, EVIDENCE_WORSE, Look, look
from service.workflow.trial.plan import Plan, plan_of, refuse_unfit
from service.workflow.trial.sealed import Sealed
from service.workflow.trial.standing import Standing, State, standing_of, standings

__all__ = [
    "Plan",
    "Standing",
    "State",
    "allocate",
    "arm_of",
    "find",
    "look_at",
    "misdrawn",
    "note_reading",
    "register",
    "running_in",
    "standings",
    "start",
    "stop",
    "trial_for",
    "unseal",
]

STOPPED_BY_HARM = "Forsøget {name} stoppede sig selv: Sagerne gik dårligere {arm}."
WITH, WITHOUT = "med grundlag", "uden grundlag"


def register(session: Session, plan: Plan, *, now: datetime, by: Actor) -> Trial:
    """Write down a plan, and commit; nobody is drawn until it starts. Raises Refused for an unfit plan."""
    policy.authorize(by, Action.RUN_TRIAL)
    others = standings(session, by.municipality_id, now)
    refuse_unfit(session, plan, by.municipality_id, local_date(now), others)
    row = Trial(
        at=now, municipality_id=by.municipality_id, name=plan.name, area=plan.area, units=list(plan.units),
        share=plan.share, starts_on=plan.starts_on, ends_on=plan.ends_on, approver=plan.approver,
        null_option=plan.null_option, exempt=list(plan.exempt), expected_with=plan.expected_with,
        expected_without=plan.expected_without, cases=plan.cases, looks=plan.looks,
        alpha=plan.alpha, margin=plan.margin, plan_hash=plan.hash, registered_by=by.person_id,
    )  # fmt: skip
    log.append(session, Event.TRIAL_REGISTERED, at=now, by=by, row=row)
    session.commit()
    return row


def find(session: Session, municipality_id: str, name: str, now: datetime) -> Standing:
    """A trial of a municipality by its name; raises NotFound."""
    named = select(Trial).where(Trial.municipality_id == municipality_id, Trial.name == name)
    trial = session.exec(named).first()
    if trial is None:
        raise NotFound("Der er ikke noget forsøg med det navn.")
    return standing_of(session, trial, now)


def start(session: Session, name: str, *, now: datetime, by: Actor) -> TrialStep:
    """Let cases be drawn from the first day on, and commit.

    Raises Refused for whoever registered it, and outside the phases in which evidence is shown: each beyond
    practice with its legal basis. Raises Conflict for a trial that does not wait, or whose plan was changed.
    """
    found = _authorized(session, name, now, by)
    if found.state is not State.PLANNED:
        raise Conflict("Forsøget er allerede startet, stoppet eller slut.")
    if found.trial.registered_by == by.person_id:
        raise Refused("En anden end den, der skrev planen, skal starte forsøget.")
    if governance.phase_of(session, by.municipality_id, local_date(now)) not in PHASES:
        raise Refused("Et forsøg kræver fasen pilot eller drift med et gyldigt retsgrundlag.", field="phase")
    if plan_of(found.trial).hash != found.trial.plan_hash:
        raise Conflict("Planen er ikke den, der blev registreret.")
    return _step(session, found, Event.TRIAL_STARTED, "started", now=now, by=by)


def stop(session: Session, name: str, *, reason: str, now: datetime, by: Actor) -> TrialStep:
    """Draw no more cases from the next judgement on, and commit; those drawn keep their arm.

    Raises Refused without a reason, Conflict for a trial that is over.
    """
    found = _authorized(session, name, now, by)
    if not reason.strip():
        raise Refused("Skriv kort hvorfor.", field="reason")
    if found.state not in (State.PLANNED, State.RUNNING):
        raise Conflict("Forsøget er slut.")
    return _step(
        session, found, Event.TRIAL_STOPPED, "stopped", now=now, by=by, cause="person", reason=reason.strip()
    )


def look_at(session: Session, name: str, *, now: datetime, by: Actor) -> Look:
    """Look whether either arm does harm, write down that somebody did, and commit.

    A look that finds harm stops the trial by itself; where it is the evidence that does harm, the stop button
    of every unit in the trial is pressed as well. Raises Conflict for a trial that does not run, or when
    there is too little new since the last look.
    """
    found = _authorized(session, name, now, by)
    if found.step("started") is None or found.step("stopped") or found.state is State.UNSEALED:
        raise Conflict("Forsøget kører ikke.")
    trial = found.trial
    seen = look(
        drawn_cases(session, trial, local_date(now)), planned=trial.cases, share=trial.share,
        alpha=trial.alpha, times=found.times,
    )  # fmt: skip
    if seen is None:
        raise Conflict("Der er for lidt nyt siden sidste kig. Vent, til flere sager kan følges i seks uger.")
    _write_look(session, found, seen, now, by)
    session.commit()
    return seen


def unseal(session: Session, name: str, *, reason: str, now: datetime, by: Actor) -> TrialStep:
    """Open what the arms came to and what the evidence would have said, and commit: once, and for good.

    Raises Conflict before the trial is over, Refused without a reason and for whoever started it.
    """
    found = _authorized(session, name, now, by)
    if found.state is not State.OVER or found.withdrawn:
        raise Conflict("Forsøget er åbnet allerede, eller det er ikke slut.")
    if not reason.strip():
        raise Refused("Skriv, hvad I vil finde ud af, før I åbner.", field="reason")
    started = found.step("started")
    if started is not None and started.named == by.person_id:
        raise Refused("En anden end den, der startede forsøget, skal åbne det.")
    return _step(session, found, Event.TRIAL_UNSEALED, "unsealed", now=now, by=by, reason=reason.strip())


def note_reading(session: Session, found: Standing, *, now: datetime, by: Actor) -> None:
    """Write down that somebody reads what an opened trial came to, and commit: before anybody does.

    Raises Forbidden for other roles, and Sealed before the trial is opened.
    """
    policy.authorize(by, Action.READ_TRIALS)
    if found.state is not State.UNSEALED:
        raise Sealed
    log.append(session, Event.STATISTICS_READ, at=now, by=by, what="trial", trial=found.trial.id)
    session.commit()


def drawn_cases(session: Session, trial: Trial, until: date) -> list[Followed]:
    """The decided cases that were drawn in a trial, each with its arm, whatever was shown in them."""
    drawn = select(TrialAllocation.case_id, TrialAllocation.arm).where(TrialAllocation.trial_id == trial.id)
    arms = dict(session.exec(drawn).all())
    day_after = until + timedelta(days=1)
    cases = followed_cases(
        session, trial.units, areas.get(trial.area), trial.starts_on, day_after, until=day_after
    )
    return [replace(case, arm=arms[case.row.case_id]) for case in cases if case.row.case_id in arms]


def _authorized(session: Session, name: str, now: datetime, by: Actor) -> Standing:
    policy.authorize(by, Action.RUN_TRIAL)
    return find(session, by.municipality_id, name, now)


def _step(
    session: Session, found: Standing, event: Event, kind: str, *, now: datetime, by: Actor,
    cause: str | None = None, reason: str = "",
) -> TrialStep:  # fmt: skip
    row = TrialStep(
        at=now, trial_id=found.trial.id, number=len(found.steps) + 1, kind=kind, cause=cause, reason=reason,
        named=by.person_id,
    )  # fmt: skip
    log.append(session, event, at=now, by=by, row=row)
    session.commit()
    return row


def _write_look(session: Session, found: Standing, seen: Look, now: datetime, by: Actor) -> None:
    """The look, and what follows from it, in one transaction."""
    trial, number = found.trial, len(found.steps) + 1
    row = TrialStep(
        at=now, trial_id=trial.id, number=number, kind="looked", verdict=seen.verdict,
        information=seen.information, named=by.person_id,
    )  # fmt: skip
    log.append(session, Event.TRIAL_LOOKED, at=now, by=by, row=row)
    if seen.verdict not in (EVIDENCE_WORSE, CONTROL_WORSE):
        return
    worse = WITH if seen.verdict == EVIDENCE_WORSE else WITHOUT
    reason = STOPPED_BY_HARM.format(name=trial.name, arm=worse)
    stopped = TrialStep(
        at=now, trial_id=trial.id, number=number + 1, kind="stopped", cause="harm", reason=reason,
        named=by.person_id,
    )  # fmt: skip
    log.append(session, Event.TRIAL_STOPPED, at=now, by=by, row=stopped)
    if seen.verdict == EVIDENCE_WORSE:
        _press(session, trial.units, reason, now, by)


def _press(session: Session, units: Iterable[str], reason: str, now: datetime, by: Actor) -> None:
    """Press the stop button of the units that are not stopped."""
    for unit_id in units:
        if not governance.is_stopped(session, unit_id):
            row = Stop(at=now, unit_id=unit_id, stopped=True, reason=reason, pressed_by=by.person_id)
            log.append(session, Event.STOP_PRESSED, at=now, by=by, row=row)
