"""The employees' short survey, anonymous by construction: no row holds one person's answers.

A turnout says that somebody has answered a round, a tally how many chose an answer. Neither has a time, an
order that the other shares, or an entry in the log, so nothing ties the two together.
"""

from datetime import date

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.base import Logged, new_id, tied_to_log


class SurveyRound(Logged, table=True):
    """A round that caseworkers of a municipality can answer from one day to another, both included."""

    __tablename__ = "survey_rounds"
    __table_args__ = (
        CheckConstraint("opens_on <= closes_on", name="opens_before_it_closes"),
        *tied_to_log("survey_round"),
    )

    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    opens_on: date
    closes_on: date
    opened_by: str = Field(foreign_key="people.id")


class SurveyTurnout(SQLModel, table=True):
    """Somebody has answered a round, once; not what, and not when."""

    __tablename__ = "survey_turnouts"
    __table_args__ = (UniqueConstraint("round_id", "person_id"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    round_id: str = Field(foreign_key="survey_rounds.id")
    person_id: str = Field(foreign_key="people.id")


class SurveyTally(SQLModel, table=True):
    """How many have chosen an answer in a round. Mutable: a row per person would tell whose it is."""

    __tablename__ = "survey_tallies"
    __table_args__ = (
        UniqueConstraint("round_id", "question", "choice"),
        CheckConstraint("chosen >= 0", name="not_negative"),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    round_id: str = Field(foreign_key="survey_rounds.id")
    question: str
    choice: str
    chosen: int = 0
