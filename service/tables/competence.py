"""What a caseworker has learned: a quiz that was passed, and the exercises she keeps for herself."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.base import Instant, Logged, new_id, tied_to_log


class QuizPass(Logged, table=True):
    """Somebody answered every question about the limits of the evidence; an attempt that failed is nowhere.

    `questions` is the fingerprint of what was asked. Model, manifest and `approval` (udkast, skygge, pilot,
    drift) are what was in use then, "" where nothing was: with another, the pass no longer counts.
    """

    __tablename__ = "quiz_passes"
    __table_args__ = (*tied_to_log("quiz_pass"),)

    person_id: str = Field(foreign_key="people.id", index=True)
    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    area: str
    questions: str
    model_version: str
    manifest_hash: str
    approval: str


class PracticeRound(SQLModel, table=True):
    """One made-up case as somebody practised on it; mutable, hers to delete, in no log and no backup.

    `decision` is null until she has decided.
    """

    __tablename__ = "practice_rounds"
    __table_args__ = (UniqueConstraint("person_id", "exercise"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    person_id: str = Field(foreign_key="people.id")
    exercise: str
    own: str
    decision: str | None = None
    updated_at: datetime = Field(sa_type=Instant)
