"""*Skønsprøve*: cases drawn by lot and judged again by a colleague who sees what the first one saw."""

from sqlalchemy import ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from service.tables.base import CaseStep, Logged, tied_to_log


class ReviewRound(Logged, table=True):
    """A unit's lot for a quarter: written, with its seed and what may be drawn, before anything is drawn.

    `eligible` is how many judgements may be drawn, `eligible_hash` the SHA-256 (hex) of their ids in order.
    `period` is the quarter ("2026-K3").
    """

    __tablename__ = "review_rounds"
    __table_args__ = (UniqueConstraint("unit_id", "period"), *tied_to_log("review_round"))

    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    unit_id: str = Field(foreign_key="units.id")
    period: str
    seed: str
    wanted: int
    eligible: int
    eligible_hash: str
    drawn_by: str = Field(foreign_key="people.id")


class ReviewDraw(CaseStep, table=True):
    """One judgement that the lot fell on; it names the version of the facts that was judged from."""

    __tablename__ = "review_draws"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "assessment_id"], ["assessments.case_id", "assessments.id"]),
        UniqueConstraint("round_id", "assessment_id"),
        *tied_to_log("review_draw"),
    )

    round_id: str = Field(foreign_key="review_rounds.id", index=True)
    case_id: str = Field(foreign_key="cases.id", index=True)
    assessment_id: str


class SecondJudgement(CaseStep, table=True):
    """What a colleague judged, without having seen the first judgement, the evidence or the decision."""

    __tablename__ = "second_judgements"
    __table_args__ = (UniqueConstraint("draw_id"), *tied_to_log("second_judgement"))

    draw_id: str = Field(foreign_key="review_draws.id")
    case_id: str = Field(foreign_key="cases.id", index=True)
    judged_by: str = Field(foreign_key="people.id")
    choice: str
