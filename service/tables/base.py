"""What all tables share: identifiers, instants, and the pair that ties a row to its log entry."""

import secrets
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKeyConstraint,
    MetaData,
    String,
    Table,
    TypeDecorator,
    UniqueConstraint,
)
from sqlmodel import Field, SQLModel

METADATA = SQLModel.metadata
METADATA.naming_convention = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
).naming_convention


class Instant(TypeDecorator[datetime]):
    """An instant in UTC; a naive datetime raises ValueError, on every engine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive instants and store UTC."""
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """SQLite forgets the zone; what was stored is UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """A random 128-bit identifier in hexadecimal, for URLs, API and log."""
    return secrets.token_hex(16)


def table_of(model: type[SQLModel]) -> Table:
    """The table under a model, for statements that name columns rather than attributes."""
    table: Table = model.__table__  # type: ignore[attr-defined]  # SQLModel makes it when the class is made
    return table


class Logged(SQLModel):
    """A row that exists only together with its log entry; `shard` and `log_seq` are set by `log.append`."""

    id: str = Field(default_factory=new_id, primary_key=True)
    at: datetime = Field(sa_type=Instant)
    shard: str = ""
    log_seq: int = -1


class CaseStep(Logged):
    """A logged row about a citizen; what is personal lies in its part, and the entry commits to that part.

    The part repeats the row's own columns, so that a column changed behind the log's back is found.
    """

    part_id: str = Field(default="", foreign_key="personal_parts.id")


def tied_to_log(step: str) -> tuple[Any, ...]:
    """A row of one step is tied to the log entry of the same step, and to no other: `log_step` names it."""
    return (
        Column("log_step", String, Computed(f"'{step}'", persisted=True)),
        UniqueConstraint("shard", "log_seq"),
        ForeignKeyConstraint(
            ["shard", "log_seq", "log_step"],
            ["log_entries.shard", "log_entries.seq", "log_entries.step"],
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
        ),
    )


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that a column holds one of the codes; table classes do not validate, the database does."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_code")
