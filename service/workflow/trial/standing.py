"""Where a trial stands, from the steps that were taken: nothing of it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from service.clock import local_date
from service.tables.trial import Trial, TrialStep


class State(StrEnum):
    """Where a trial stands on a day."""

    PLANNED = "planned"
    RUNNING = "running"
    OVER = "over"
    UNSEALED = "unsealed"


@dataclass(frozen=True)
class Standing:
    """A trial with its steps in order, and where it stands."""

    trial: Trial
    steps: tuple[TrialStep, ...]
    state: State

    def step(self, kind: str) -> TrialStep | None:
        """The step of a kind that is taken once."""
        return next((each for each in self.steps if each.kind == kind), None)

    @property
    def looks(self) -> tuple[TrialStep, ...]:
        """The interim looks, in order."""
        return tuple(each for each in self.steps if each.kind == "looked")

    @property
    def times(self) -> tuple[float, ...]:
        """The information at each look that was one: with too few cases, nothing was looked at."""
        return tuple(each.information / 100 for each in self.looks if each.information is not None)

    @property
    def withdrawn(self) -> bool:
        """Whether it was stopped before it was ever started, so that nobody was drawn."""
        return self.step("stopped") is not None and self.step("started") is None

    @property
    def until(self) -> date:
        """The last day of the trial: as planned, or the day on which it was stopped."""
        stopped = self.step("stopped")
        return min(self.trial.ends_on, local_date(stopped.at)) if stopped else self.trial.ends_on


def standing_of(session: Session, trial: Trial, now: datetime) -> Standing:
    """Where a trial stands at an instant."""
    steps = steps_of(session, trial.id)
    return Standing(trial, tuple(steps), _state(trial, steps, local_date(now)))


def standings(session: Session, municipality_id: str, now: datetime) -> tuple[Standing, ...]:
    """Every trial of a municipality, newest first."""
    rows = select(Trial).where(Trial.municipality_id == municipality_id)
    newest_first = rows.order_by(col(Trial.starts_on).desc(), col(Trial.name))
    return tuple(standing_of(session, trial, now) for trial in session.exec(newest_first))


def steps_of(session: Session, trial_id: str) -> Sequence[TrialStep]:
    """What was done about a trial, in order."""
    of_trial = select(TrialStep).where(TrialStep.trial_id == trial_id)
    return session.exec(of_trial.order_by(col(TrialStep.number))).all()


def is_running(steps: Sequence[TrialStep]) -> bool:
    """Whether a trial was started and not stopped."""
    kinds = {each.kind for each in steps}
    return "started" in kinds and "stopped" not in kinds


def _state(trial: Trial, steps: Sequence[TrialStep], on: date) -> State:
    kinds = {each.kind for each in steps}
    if "unsealed" in kinds:
        return State.UNSEALED
    if "stopped" in kinds or on > trial.ends_on:
        return State.OVER
    return State.RUNNING if "started" in kinds else State.PLANNED
