"""The caseworker's own judgement (J1), stored before any evidence exists, and the advice of colleagues."""

from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from service.tables.base import CaseStep, Instant, one_of, tied_to_log

CONFIDENCES = ("tvivl", "nogenlunde", "sikker")


class Assessment(CaseStep, table=True):
    """One judgement on one version of the facts. A later one names the one it replaces.

    `wants_evidence` is False when she chose not to see any; `opened_at` is when the page was opened.
    """

    __tablename__ = "assessments"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "facts_id"], ["facts_versions.case_id", "facts_versions.id"]),
        ForeignKeyConstraint(["case_id", "replaces"], ["assessments.case_id", "assessments.id"]),
        UniqueConstraint("case_id", "id"),
        UniqueConstraint("replaces"),
        Index("uq_assessments_first", "case_id", unique=True, sqlite_where=text("replaces IS NULL"),
              postgresql_where=text("replaces IS NULL")),
        one_of("confidence", CONFIDENCES),
        *tied_to_log("assessment"),
    )  # fmt: skip

    case_id: str = Field(foreign_key="cases.id")
    facts_id: str
    person_id: str = Field(foreign_key="people.id")
    unit_id: str = Field(foreign_key="units.id")
    choice: str
    confidence: str
    wants_evidence: bool
    evidence_seen_before: bool
    opened_at: datetime = Field(sa_type=Instant)
    idempotency_key: str = Field(unique=True)
    replaces: str | None = None


class Consultation(CaseStep, table=True):
    """Somebody asks a colleague for advice, before or after the evidence."""

    __tablename__ = "consultations"
    __table_args__ = (one_of("stage", ("before_evidence", "after_evidence")), *tied_to_log("consultation"))

    case_id: str = Field(foreign_key="cases.id", index=True)
    asked_by: str = Field(foreign_key="people.id")
    stage: str


class ConsultationAnswer(CaseStep, table=True):
    """A colleague's advice; the case goes on as it was."""

    __tablename__ = "consultation_answers"
    __table_args__ = (*tied_to_log("consultation_answer"),)

    consultation_id: str = Field(foreign_key="consultations.id", unique=True)
    answered_by: str = Field(foreign_key="people.id")
