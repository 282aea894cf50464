"""What is done about the record itself: erasure, retirement, restore, and the control of who looked."""

from datetime import date

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from service.tables.base import CaseStep, Logged, one_of, tied_to_log

SUBJECT_KINDS = ("case", "report")
ERASURE_OCCASIONS = ("request", "retention", "replay")
FINDINGS = ("in_order", "to_examine", "breach")


class Erasure(Logged, table=True):
    """The personal data of one case, or of one delivery report, are erased for good.

    Only with such a row do the triggers let anything be blanked. It does not say whose they were, and rows
    of the same citizen do not name each other. `reason` is about the erasure, never about the citizen.
    """

    __tablename__ = "erasures"
    __table_args__ = (
        one_of("subject_kind", SUBJECT_KINDS),
        one_of("occasion", ERASURE_OCCASIONS),
        *tied_to_log("erasure"),
    )

    subject_id: str = Field(unique=True)
    subject_kind: str
    occasion: str
    ground: str
    reason: str
    operator: str


class ErasureRefusal(CaseStep, table=True):
    """A request for erasure was refused for a case, with its legal ground; the words are sealed."""

    __tablename__ = "erasure_refusals"
    __table_args__ = (*tied_to_log("erasure_refusal"),)

    case_id: str = Field(foreign_key="cases.id", index=True)
    ground: str
    operator: str


class Retirement(Logged, table=True):
    """A shard whose time is up: what its entries say is removed, its last checkpoint stays here.

    `root` is in hex and `checkpoint` the signed note. Only with such a row do the triggers let entries go.
    """

    __tablename__ = "retirements"
    __table_args__ = (*tied_to_log("retirement"),)

    retired_shard: str = Field(unique=True)
    size: int
    root: str
    checkpoint: str
    reason: str
    operator: str


class Epoch(Logged, table=True):
    """A shard goes on under a new name after a restore; the old one is never added to or signed again.

    `checkpoint_size` and `checkpoint_root` (hex) are the last ones known outside the database, null where
    none was made; `restored_size` is what came back.
    """

    __tablename__ = "epochs"
    __table_args__ = (*tied_to_log("epoch"),)

    old_shard: str = Field(unique=True)
    number: int
    checkpoint_size: int | None = None
    checkpoint_root: str | None = None
    restored_size: int
    reason: str
    named_by: str
    confirmed_by: str
    operator: str


class LogSample(Logged, table=True):
    """A sample of look-ups drawn for control, as it was drawn: by rule, and at random from a stated seed.

    `lookups` lists shard, number and the rule that chose it ("random" where none did).
    """

    __tablename__ = "log_samples"
    __table_args__ = (*tied_to_log("log_sample"),)

    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    starts_on: date
    ends_on: date
    seed: str
    wanted: int
    eligible: int
    lookups: list[list[str]] = Field(sa_column=Column(JSON, nullable=False))
    drawn_by: str = Field(foreign_key="people.id")


class LogReview(CaseStep, table=True):
    """What was found about one look-up of a sample; the newest review counts. The note is sealed."""

    __tablename__ = "log_reviews"
    __table_args__ = (
        one_of("finding", FINDINGS),
        UniqueConstraint("replaces"),
        *tied_to_log("log_review"),
    )

    sample_id: str = Field(foreign_key="log_samples.id", index=True)
    case_id: str = Field(foreign_key="cases.id", index=True)
    looked_shard: str
    looked_seq: int
    finding: str
    reviewed_by: str = Field(foreign_key="people.id")
    replaces: str | None = Field(default=None, foreign_key="log_reviews.id")
