"""What governs the evidence: phase and legal basis, mode, stop button, the model in use, the registers."""

from datetime import date
from typing import Any

from sqlalchemy import JSON, Column, UniqueConstraint
from sqlmodel import Field

from models.export_head import PHASES
from service.tables.base import Logged, one_of, tied_to_log
from service.tables.suggestion import MODES

ADMISSION_KINDS = ("promotion", "rollback")
REGISTERS = (
    "project", "dilemma", "balance", "involvement", "approval", "competence", "incident", "complaint",
    "catalogue", "document", "checklist",
    "practice_change", "attestation", "fairness", "monitoring", "challenge",
)  # fmt: skip


class Phase(Logged, table=True):
    """The phase a municipality is in, with the record of its legal basis; the newest row counts."""

    __tablename__ = "phases"
    __table_args__ = (one_of("phase", PHASES), *tied_to_log("phase"))

    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    phase: str
    legal_basis: str
    approved_by: str
    valid_from: date


class UnitSetting(Logged, table=True):
    """How a unit is shown evidence; the newest row counts."""

    __tablename__ = "unit_settings"
    __table_args__ = (one_of("mode", MODES), *tied_to_log("unit_setting"))

    unit_id: str = Field(foreign_key="units.id", index=True)
    mode: str
    set_by: str = Field(foreign_key="people.id")


class Stop(Logged, table=True):
    """The stop button of a unit, pressed or released; the newest row counts."""

    __tablename__ = "stops"
    __table_args__ = (*tied_to_log("stop"),)

    unit_id: str = Field(foreign_key="units.id", index=True)
    stopped: bool
    reason: str
    pressed_by: str = Field(foreign_key="people.id")


class Admission(Logged, table=True):
    """A model version is taken into use for an area; the newest row counts."""

    __tablename__ = "admissions"
    __table_args__ = (one_of("kind", ADMISSION_KINDS), *tied_to_log("admission"))

    area: str = Field(index=True)
    version: str
    manifest_hash: str
    kind: str
    approver: str
    note: str


class RegisterEntry(Logged, table=True):
    """One entry of a public register, and never about a citizen. A later one names the one it replaces.

    `subject` is what it is about (a model version, a phase, a project); `content` follows the kind.
    """

    __tablename__ = "register_entries"
    __table_args__ = (
        UniqueConstraint("replaces"),
        one_of("kind", REGISTERS),
        *tied_to_log("register_entry"),
    )

    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    kind: str = Field(index=True)
    subject: str
    content: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    recorded_by: str
    replaces: str | None = Field(default=None, foreign_key="register_entries.id")
