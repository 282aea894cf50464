"""The arm of a case: drawn once after the own judgement, written down before anything is computed for it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.answers import FactValue
from service import log
from service.database import writing
from service.identity import Actor
from service.log import Event
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.tables.trial import Trial, TrialAllocation
from service.workflow.trial.draw import arm_for, lot_of
from service.workflow.trial.standing import is_running, steps_of

PHASES = ("oevelse", "pilot", "drift")
"""In the phases between, nothing is shown to anybody, so there is nothing to leave out."""


def arm_of(session: Session, case_id: str) -> str | None:
    """The arm that a case was drawn for, whatever became of the trial; None for a case outside any."""
    return session.exec(select(TrialAllocation.arm).where(TrialAllocation.case_id == case_id)).first()


def trial_for(
    session: Session, case: Case, values: Mapping[str, FactValue | None], phase: str | None, on: date
) -> Trial | None:
    """The trial that a case is to be drawn in now: one runs in its unit, and it was never answered before."""
    if phase not in PHASES:
        return None
    trial = running_in(session, case.municipality_id, case.unit_id, case.area, on)
    if trial is None or _is_exempt(values, trial.exempt):
        return None
    answered = session.exec(select(Suggestion.id).where(Suggestion.case_id == case.id)).first()
    return None if answered else trial


def running_in(session: Session, municipality_id: str, unit_id: str, area: str, on: date) -> Trial | None:
    """The trial that runs in a unit on a day, or None."""
    planned = select(Trial).where(
        Trial.municipality_id == municipality_id, Trial.area == area, Trial.starts_on <= on,
        Trial.ends_on >= on,
    )  # fmt: skip
    running = (
        trial
        for trial in session.exec(planned)
        if unit_id in trial.units and is_running(steps_of(session, trial.id))
    )
    return next(running, None)


def allocate(engine: Engine, trial: Trial, case: Case, *, now: datetime, by: Actor) -> str:
    """Draw the arm of a case and commit it; a case that has one keeps it.

    Raises LogUnavailable when it cannot be logged: then nothing may be computed or shown.
    """
    with writing(engine) as session:
        found = arm_of(session, case.id)
        if found is not None:
            return found
        before = arms_in(session, trial.id, case.unit_id)
        row = TrialAllocation(
            at=now, trial_id=trial.id, case_id=case.id, unit_id=case.unit_id, number=len(before) + 1,
            arm=arm_for(lot_of(session, trial.id, case.id), trial.share, before),
        )  # fmt: skip
        log.append(
            session, Event.TRIAL_ALLOCATED, at=now, by=by, row=row, citizen_id=case.citizen_id,
            case_id=case.id, trial=trial.id,
        )  # fmt: skip
        session.commit()
        return row.arm


def arms_in(session: Session, trial_id: str, unit_id: str) -> Sequence[str]:
    """The arms drawn in a unit so far, in their order."""
    drawn = select(TrialAllocation.arm).where(
        TrialAllocation.trial_id == trial_id, TrialAllocation.unit_id == unit_id
    )
    return session.exec(drawn.order_by(col(TrialAllocation.number))).all()


def misdrawn(session: Session, trial: Trial) -> int:
    """How many arms are not those that the lots give when they are drawn again in their order."""
    rows = session.exec(
        select(TrialAllocation)
        .where(TrialAllocation.trial_id == trial.id)
        .order_by(col(TrialAllocation.unit_id), col(TrialAllocation.number))
    )
    before: dict[str, list[str]] = {}
    wrong = 0
    for row in rows:
        drawn = before.setdefault(row.unit_id, [])
        is_next = row.number == len(drawn) + 1
        wrong += not is_next or row.arm != arm_for(lot_of(session, trial.id, row.case_id), trial.share, drawn)
        drawn.append(row.arm)
    return wrong


def _is_exempt(values: Mapping[str, FactValue | None], exempt: Sequence[str]) -> bool:
    """Whether a case has a fact for which no lots are drawn."""
    for each in exempt:
        question, _, code = each.partition("=")
        value = values.get(question)
        if value == code or (isinstance(value, frozenset) and code in value):
            return True
    return False
