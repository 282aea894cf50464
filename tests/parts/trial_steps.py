"""One row of every step of a trial, for `tests.parts.steps`."""

from datetime import datetime

from sqlmodel import Session

from service.log import Event
from service.tables.base import Logged
from service.tables.trial import Trial, TrialAllocation, TrialStep
from tests.cast import Cast
from tests.parts.citizen_steps import Put


def trial_steps(
    session: Session, cast: Cast, before: dict[str, Logged], put: Put, at: datetime
) -> dict[str, Logged]:
    """The rows by step."""
    alma, dan, case_id = cast.alma, cast.dan, before["received"].id
    trial = Trial(
        at=at, municipality_id=dan.municipality_id, name="pilot", area="genoptraening", units=[alma.unit_id],
        share=50, starts_on=at.date(), ends_on=at.date(), approver="Dagny Ravn, direktør",
        null_option="Sagerne besluttes, som de altid er blevet.", exempt=[], expected_with=35,
        expected_without=45, cases=751, looks=4, alpha=50,
        margin=5, plan_hash="0" * 64, registered_by=dan.person_id,
    )  # fmt: skip
    put(session, Event.TRIAL_REGISTERED, trial, dan)
    started = TrialStep(at=at, trial_id=trial.id, number=1, kind="started", named=dan.person_id)
    put(session, Event.TRIAL_STARTED, started, dan)
    drawn = TrialAllocation(
        at=at, trial_id=trial.id, case_id=case_id, unit_id=alma.unit_id, number=1, arm="evidence"
    )
    put(session, Event.TRIAL_ALLOCATED, drawn, alma)
    return {"trial": trial, "trial_step": started, "trial_allocation": drawn}
