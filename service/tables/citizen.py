"""What the citizen is told about the case."""

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from service.tables.base import CaseStep, one_of, tied_to_log

VARIANTS = ("shown", "not_shown", "other_than_most", "control_arm")
"""What a letter tells of the evidence: shown, not shown, shown and decided otherwise, or held back by lot."""


class Letter(CaseStep, table=True):
    """*Sådan blev din genoptræning besluttet*: what a caseworker has signed for one decision.

    The words lie in the part: the mandatory reasons as she wrote or confirmed them, and the whole text.
    """

    __tablename__ = "letters"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "decision_id"], ["decisions.case_id", "decisions.id"]),
        UniqueConstraint("replaces"),
        one_of("variant", VARIANTS),
        *tied_to_log("letter"),
    )

    case_id: str = Field(foreign_key="cases.id", index=True)
    decision_id: str = Field(index=True)
    written_by: str = Field(foreign_key="people.id")
    variant: str
    replaces: str | None = Field(default=None, foreign_key="letters.id")
