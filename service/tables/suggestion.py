"""What was shown after a judgement, or that nothing was shown and why."""

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from service.tables.base import CaseStep, one_of, tied_to_log

OUTCOMES = ("shown", "withheld")
WITHHELD_REASONS = (
    "declined", "stopped", "no_model", "abstained", "control_arm", "objection", "restriction",
    "without_system", "no_legal_basis",
    "not_a_level_case", "shadow", "additivity_failed", "marked_wrong", "model_damaged",
    "reported_wrong", "older_practice", "bias_found",
)  # fmt: skip
ARMS = ("evidence", "control")
MODES = ("overblik", "forslag")

SEALED_REASONS = ("shadow", "control_arm", "older_practice", "bias_found")
"""What was computed lies sealed: nothing of it stands in the row, and no export opens it."""


class Suggestion(CaseStep, table=True):
    """One answer of the service to one judgement, frozen as it was shown.

    `reference_level` is the most common level among the similar cases shown; null on a tie or when
    none were shown.
    """

    __tablename__ = "suggestions"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "assessment_id"], ["assessments.case_id", "assessments.id"]),
        UniqueConstraint("case_id", "id"),
        UniqueConstraint("assessment_id"),
        one_of("outcome", OUTCOMES),
        one_of("reason", WITHHELD_REASONS),
        one_of("arm", ARMS),
        one_of("mode", MODES),
        CheckConstraint("(outcome = 'withheld') = (reason IS NOT NULL)", name="withheld_has_reason"),
        CheckConstraint("outcome = 'shown' OR reference_level IS NULL", name="reference_only_when_shown"),
        CheckConstraint("outcome = 'withheld' OR payload_hash IS NOT NULL", name="shown_is_kept"),
        *tied_to_log("suggestion"),
    )

    case_id: str = Field(foreign_key="cases.id")
    assessment_id: str
    outcome: str
    reason: str | None = None
    mode: str
    arm: str
    phase: str
    reference_level: str | None = None
    model_level: str | None = None
    model_version: str | None = None
    manifest_hash: str | None = None
    template_version: str
    payload_hash: str | None = None
