"""The citizen's rights: what was asked for, and each step of what came of it."""

from datetime import date

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKeyConstraint, UniqueConstraint
from sqlmodel import Field

from service.tables.base import CaseStep, one_of, tied_to_log

KINDS = (
    "access", "rectification", "restriction", "objection", "without_system", "similar_cases", "training",
    "complaint", "representation", "human_contact", "other_sources",
)  # fmt: skip
CHANNELS = ("own", "phone", "letter", "in_person")
SPEAKERS = ("citizen", "representative")
STEPS = ("extended", "granted", "partly", "refused", "withdrawn", "lifted")


class RightRequest(CaseStep, table=True):
    """A citizen asks for one of her rights; which of them is in force follows from the steps.

    `reference_keys` are the keys under which her cases may lie in artifacts. They outlive an erasure, so that
    who said no to be shown to others is not shown again. What she said, and who spoke for her, is sealed.
    """

    __tablename__ = "right_requests"
    __table_args__ = (
        UniqueConstraint("case_id", "id"),
        one_of("kind", KINDS),
        one_of("channel", CHANNELS),
        one_of("speaker", SPEAKERS),
        CheckConstraint("(channel = 'own') = (recorded_by IS NULL)", name="somebody_listened"),
        *tied_to_log("right_request"),
    )

    case_id: str = Field(foreign_key="cases.id", index=True)
    kind: str = Field(index=True)
    channel: str
    speaker: str
    received_on: date
    due_on: date
    recorded_by: str | None = Field(default=None, foreign_key="people.id")
    reference_keys: list[str] = Field(sa_column=Column(JSON, nullable=False))


class RightStep(CaseStep, table=True):
    """What was done about a request, numbered from 1; `ground` is a code, the words told are sealed.

    `taken_by` is nobody when the citizen takes her request back herself, or for a command.
    """

    __tablename__ = "right_steps"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "request_id"], ["right_requests.case_id", "right_requests.id"]),
        UniqueConstraint("request_id", "number"),
        one_of("kind", STEPS),
        CheckConstraint(
            "kind NOT IN ('partly', 'refused') OR ground IS NOT NULL", name="refusal_has_a_ground"
        ),
        CheckConstraint("(kind = 'extended') = (due_on IS NOT NULL)", name="extension_has_a_day"),
        *tied_to_log("right_step"),
    )

    case_id: str = Field(foreign_key="cases.id", index=True)
    request_id: str
    number: int
    kind: str
    ground: str | None = None
    due_on: date | None = None
    taken_by: str | None = Field(default=None, foreign_key="people.id")
