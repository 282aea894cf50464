"""A plan arrives: citizen, case, facts in versions, and who has taken the case."""

from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.base import CaseStep, Instant, new_id, one_of, tied_to_log

FACTS_OCCASIONS = (
    "received", "reading", "marked_wrong", "answer", "updated_plan", "report_answered", "fetched",
)  # fmt: skip
ORIGINS = ("referral", "service_request", "by_hand")
CLOSURE_KINDS = ("level_set_elsewhere", "entered_in_error", "moved", "handled_elsewhere")


class IdentityMap(SQLModel, table=True):
    """From a keyed hash of a CPR number to the random citizen id. Mutable: erasure clears the row."""

    __tablename__ = "identity_map"
    __table_args__ = (UniqueConstraint("municipality_id", "lookup"),)

    citizen_id: str = Field(default_factory=new_id, primary_key=True)
    municipality_id: str = Field(foreign_key="municipalities.id")
    lookup: str


class PersonalPart(SQLModel, table=True):
    """Everything personal lies here, sealed under the citizen's key (see `service.log.parts`).

    Sealed is a salt and canonical JSON: the columns of the row it belongs to, and what else is personal in
    that step (identity and plan text of a case, the facts, free text, the payload shown). A log entry holds
    only the commitment HMAC-SHA256(salt, content). `subject_id` is the case, or the delivery report, that it
    is erased with.
    """

    __tablename__ = "personal_parts"

    id: str = Field(default_factory=new_id, primary_key=True)
    citizen_id: str = Field(index=True)
    subject_id: str = Field(index=True)
    step: str
    nonce: bytes = Field(sa_type=LargeBinary)
    content: bytes = Field(sa_type=LargeBinary)
    scheme: str


class Case(CaseStep, table=True):
    """A case, opened when a plan is received. `request_id` is the sender's id of the request."""

    __tablename__ = "cases"
    __table_args__ = (
        UniqueConstraint("municipality_id", "request_id"),
        one_of("origin", ORIGINS),
        *tied_to_log("received"),
    )

    serial: int = Field(unique=True)
    area: str
    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    unit_id: str = Field(foreign_key="units.id", index=True)
    citizen_id: str = Field(index=True)
    request_id: str
    plan_type: str
    origin: str
    received_on: date
    discharged_on: date
    start_after: date | None = None
    contact_from: date | None = None
    contact_to: date | None = None
    due_on: date = Field(index=True)
    received_by: str | None = Field(default=None, foreign_key="people.id")


class FactsVersion(CaseStep, table=True):
    """The facts of a case at one time; `fingerprint` is of the declaration that validated them."""

    __tablename__ = "facts_versions"
    __table_args__ = (
        UniqueConstraint("case_id", "version"),
        UniqueConstraint("case_id", "id"),
        one_of("occasion", FACTS_OCCASIONS),
        *tied_to_log("facts"),
    )

    case_id: str = Field(foreign_key="cases.id")
    version: int
    occasion: str
    fingerprint: str
    prefilled: int
    asked: int
    recorded_by: str | None = Field(default=None, foreign_key="people.id")


class CaseTaking(CaseStep, table=True):
    """Somebody takes a case; the newest row says whose it is."""

    __tablename__ = "case_takings"
    __table_args__ = (*tied_to_log("taken"),)

    case_id: str = Field(foreign_key="cases.id", index=True)
    person_id: str = Field(foreign_key="people.id")


class CaseClosure(CaseStep, table=True):
    """A case ends without a decision here, for example because the level was set elsewhere."""

    __tablename__ = "case_closures"
    __table_args__ = (one_of("kind", CLOSURE_KINDS), *tied_to_log("closed"))

    case_id: str = Field(foreign_key="cases.id", unique=True)
    kind: str
    level: str | None = None
    report_id: str | None = Field(default=None, foreign_key="delivery_reports.id")
    closed_by: str | None = Field(default=None, foreign_key="people.id")


class ReturnAnswer(CaseStep, table=True):
    """The answer to a case that was sent back: new facts, and the case waits for a judgement again."""

    __tablename__ = "return_answers"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "facts_id"], ["facts_versions.case_id", "facts_versions.id"]),
        *tied_to_log("returned_answer"),
    )

    case_id: str = Field(foreign_key="cases.id")
    decision_id: str = Field(foreign_key="decisions.id", unique=True)
    facts_id: str
    answered_by: str | None = Field(default=None, foreign_key="people.id")


class Draft(SQLModel, table=True):
    """What somebody has typed and not yet saved, sealed; mutable, and gone when it is saved."""

    __tablename__ = "drafts"
    __table_args__ = (UniqueConstraint("case_id", "person_id", "step"),)

    id: str = Field(default_factory=new_id, primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    person_id: str = Field(foreign_key="people.id")
    step: str
    nonce: bytes = Field(sa_type=LargeBinary)
    content: bytes = Field(sa_type=LargeBinary)
    updated_at: datetime = Field(sa_type=Instant)
