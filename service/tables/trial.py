"""The trial with and without evidence: its plan, what was done about it, and the arm of each case."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Column, UniqueConstraint
from sqlmodel import Field

from service.tables.base import CaseStep, Logged, one_of, tied_to_log
from service.tables.suggestion import ARMS

STEP_KINDS = ("started", "looked", "stopped", "unsealed")
VERDICTS = ("too_few", "go_on", "evidence_worse", "control_worse")
CAUSES = ("person", "harm")


class Trial(Logged, table=True):
    """A plan that is settled before anybody is drawn: `plan_hash` is the SHA-256 (hex) of all that it says.

    `share` is the percentage of cases without evidence. `expected_with` and `expected_without` are the
    percentages of cases whose level is expected to be changed within six weeks: what `cases`, the number
    needed, rests on. `margin` is how many percentage points fewer may be right the first time before evidence
    counts as worse, `alpha` in thousandths over all looks and both directions. `exempt` are facts
    ("question=code") for which no lots are drawn. `null_option` says what it would mean to let it be.
    """

    __tablename__ = "trials"
    __table_args__ = (
        UniqueConstraint("municipality_id", "name"),
        CheckConstraint("share BETWEEN 1 AND 90", name="share_is_a_part"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        *tied_to_log("trial"),
    )

    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    name: str
    area: str
    units: list[str] = Field(sa_column=Column(JSON, nullable=False))
    share: int
    starts_on: date
    ends_on: date
    approver: str
    null_option: str
    exempt: list[str] = Field(sa_column=Column(JSON, nullable=False))
    expected_with: int
    expected_without: int
    cases: int
    looks: int
    alpha: int
    margin: int
    plan_hash: str
    registered_by: str = Field(foreign_key="people.id")


class TrialStep(Logged, table=True):
    """What was done about a trial, numbered from 1.

    A look tells its `verdict` and how much of the planned information there was (`information`, whole
    percent), and never what either arm came to: nobody knows that before the trial is over.
    """

    __tablename__ = "trial_steps"
    __table_args__ = (
        UniqueConstraint("trial_id", "number"),
        one_of("kind", STEP_KINDS),
        one_of("verdict", VERDICTS),
        one_of("cause", CAUSES),
        CheckConstraint("(kind = 'looked') = (verdict IS NOT NULL)", name="a_look_has_a_verdict"),
        CheckConstraint("(kind = 'stopped') = (cause IS NOT NULL)", name="a_stop_has_a_cause"),
        *tied_to_log("trial_step"),
    )

    trial_id: str = Field(foreign_key="trials.id")
    number: int
    kind: str
    verdict: str | None = None
    information: int | None = None
    cause: str | None = None
    reason: str = ""
    named: str = Field(foreign_key="people.id")


class TrialAllocation(CaseStep, table=True):
    """The arm of a case, once and for good; `number` counts the cases drawn in a unit, from 1."""

    __tablename__ = "trial_allocations"
    __table_args__ = (
        UniqueConstraint("case_id"),
        UniqueConstraint("trial_id", "unit_id", "number"),
        one_of("arm", ARMS),
        *tied_to_log("trial_allocation"),
    )

    trial_id: str = Field(foreign_key="trials.id")
    case_id: str = Field(foreign_key="cases.id")
    unit_id: str = Field(foreign_key="units.id")
    number: int
    arm: str
