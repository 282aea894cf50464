"""What the citizen is told about the case, how she gets at it, and what she says is wrong."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from service.tables.base import CaseStep, Instant, one_of, tied_to_log

VARIANTS = ("shown", "not_shown", "other_than_most", "control_arm")
"""What a letter tells of the evidence: shown, not shown, shown and decided otherwise, or held back by lot."""

CHANNELS = ("own", "phone")
"""On a page of her own, or read out and entered by a caseworker."""
SPEAKERS = ("citizen", "representative")
REPORT_OUTCOMES = ("corrected", "kept")


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


class CitizenCode(CaseStep, table=True):
    """A one-time code that opens *Mine oplysninger*; the newest of a case is the only one that works.

    `lookup` is a keyed hash of the code, which is kept nowhere. `representation_id` names whom else than the
    citizen it was issued to.
    """

    __tablename__ = "citizen_codes"
    __table_args__ = (UniqueConstraint("lookup"), *tied_to_log("citizen_code"))

    case_id: str = Field(foreign_key="cases.id", index=True)
    issued_by: str = Field(foreign_key="people.id")
    representation_id: str | None = Field(default=None, foreign_key="representations.id")
    lookup: str
    expires_at: datetime = Field(sa_type=Instant)


class CitizenCodeUse(CaseStep, table=True):
    """A code was used: the database lets it be used once."""

    __tablename__ = "citizen_code_uses"
    __table_args__ = (UniqueConstraint("code_id"), *tied_to_log("citizen_code_use"))

    case_id: str = Field(foreign_key="cases.id", index=True)
    code_id: str = Field(foreign_key="citizen_codes.id")


class Representation(CaseStep, table=True):
    """Somebody acts for the citizen by a power of attorney, or no longer does; the newest row counts.

    Who, the document and its dates are sealed.
    """

    __tablename__ = "representations"
    __table_args__ = (UniqueConstraint("replaces"), *tied_to_log("representation"))

    case_id: str = Field(foreign_key="cases.id", index=True)
    recorded_by: str = Field(foreign_key="people.id")
    withdrawn: bool = False
    replaces: str | None = Field(default=None, foreign_key="representations.id")


class FactReport(CaseStep, table=True):
    """The citizen says that a fact is wrong; `facts_id` is the version in which it is marked so.

    `recorded_by` entered it for her by phone, after reading it back; None when it was entered on her page.
    """

    __tablename__ = "fact_reports"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "facts_id"], ["facts_versions.case_id", "facts_versions.id"]),
        UniqueConstraint("case_id", "id"),
        one_of("channel", CHANNELS),
        one_of("speaker", SPEAKERS),
        CheckConstraint("(channel = 'phone') = (recorded_by IS NOT NULL)", name="phone_has_a_listener"),
        CheckConstraint(
            "(speaker = 'representative') = (representation_id IS NOT NULL)", name="representative_has_power"
        ),
        *tied_to_log("fact_report"),
    )

    case_id: str = Field(foreign_key="cases.id")
    facts_id: str = Field(unique=True)
    channel: str
    speaker: str
    representation_id: str | None = Field(default=None, foreign_key="representations.id")
    recorded_by: str | None = Field(default=None, foreign_key="people.id")


class FactReportAnswer(CaseStep, table=True):
    """A caseworker has looked at what the citizen said; `facts_id` is the version that came of it."""

    __tablename__ = "fact_report_answers"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "report_id"], ["fact_reports.case_id", "fact_reports.id"]),
        ForeignKeyConstraint(["case_id", "facts_id"], ["facts_versions.case_id", "facts_versions.id"]),
        UniqueConstraint("report_id"),
        one_of("outcome", REPORT_OUTCOMES),
        *tied_to_log("fact_report_answer"),
    )

    case_id: str = Field(foreign_key="cases.id", index=True)
    report_id: str
    facts_id: str
    answered_by: str = Field(foreign_key="people.id")
    outcome: str
