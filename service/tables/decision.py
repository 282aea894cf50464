"""What was decided (J2) and how it is carried out."""

from datetime import date

from sqlalchemy import JSON, Column, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from service.tables.base import CaseStep, one_of, tied_to_log

AGREEMENTS = ("agreement", "override", "no_reference", "outside")
CHANGES = ("kept", "changed", "outside")


class Decision(CaseStep, table=True):
    """The decision of a person. Agreement and change are derived from J1, R and J2, never asked.

    "outside" marks answers that are no level (kan ikke afgøres, andet / send retur).
    """

    __tablename__ = "decisions"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "suggestion_id"], ["suggestions.case_id", "suggestions.id"]),
        ForeignKeyConstraint(["case_id", "replaces"], ["decisions.case_id", "decisions.id"]),
        UniqueConstraint("case_id", "id"),
        UniqueConstraint("replaces"),
        Index("uq_decisions_first", "case_id", unique=True, sqlite_where=text("replaces IS NULL"),
              postgresql_where=text("replaces IS NULL")),
        one_of("agreement", AGREEMENTS),
        one_of("change", CHANGES),
        *tied_to_log("decision"),
    )  # fmt: skip

    case_id: str = Field(foreign_key="cases.id")
    suggestion_id: str
    person_id: str = Field(foreign_key="people.id")
    unit_id: str = Field(foreign_key="units.id")
    choice: str
    reason_code: str
    second_reason_code: str | None = None
    agreement: str
    change: str
    idempotency_key: str = Field(unique=True)
    replaces: str | None = None


class Planning(CaseStep, table=True):
    """Form, team, place and first date, chosen after the decision."""

    __tablename__ = "plannings"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "decision_id"], ["decisions.case_id", "decisions.id"]),
        UniqueConstraint("replaces"),
        Index("uq_plannings_first", "decision_id", unique=True, sqlite_where=text("replaces IS NULL"),
              postgresql_where=text("replaces IS NULL")),
        *tied_to_log("planning"),
    )  # fmt: skip

    case_id: str = Field(foreign_key="cases.id")
    decision_id: str
    planned_by: str = Field(foreign_key="people.id")
    forms: list[str] = Field(sa_column=Column(JSON, nullable=False))
    team: str
    place: str
    start_status: str
    first_date: date | None = None
    replaces: str | None = Field(default=None, foreign_key="plannings.id")
