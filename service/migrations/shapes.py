"""The shapes that migrations are written in; added to and never changed, for old migrations use them."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

INSTANT = sa.DateTime(timezone=True)


def text(name: str, nullable: bool = False) -> sa.Column[Any]:
    """A column of text."""
    return sa.Column(name, sa.String(), nullable=nullable)


def column(name: str, kind: Any, nullable: bool = False) -> sa.Column[Any]:
    """A column of any other type."""
    return sa.Column(name, kind, nullable=nullable)


def unique(table: str, *columns: str) -> sa.UniqueConstraint:
    """No two rows with the same values there."""
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def key(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A key to another table's id."""
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}")


def same_case(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    """A key to another step of the same case."""
    columns = ["case_id", column]
    return sa.ForeignKeyConstraint(
        columns, [f"{target}.case_id", f"{target}.id"], name=f"fk_{table}_case_id_{column}"
    )


def codes(table: str, column: str, *values: str) -> sa.CheckConstraint:
    """The column holds one of the codes."""
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}_code"))


def check(table: str, name: str, rule: str) -> sa.CheckConstraint:
    """Every row obeys the rule."""
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{name}"))


def table(name: str, *parts: Any, id_column: str = "id") -> None:
    """Create a table whose key is one column of text."""
    op.create_table(name, text(id_column), *parts, sa.PrimaryKeyConstraint(id_column, name=f"pk_{name}"))


def tie(table: str, columns: Sequence[str], target: str, to: Sequence[str]) -> sa.ForeignKeyConstraint:
    """One half of the tie between a row and its entry, checked at commit."""
    return sa.ForeignKeyConstraint(
        columns, [f"{target}.{each}" for each in to], name=f"fk_{table}_{'_'.join(columns)}",
        deferrable=True, initially="DEFERRED",
    )  # fmt: skip


def logged(name: str, step: str, *parts: Any) -> None:
    """A table whose rows exist only together with the log entry of their step."""
    own_step = sa.Column("log_step", sa.String(), sa.Computed(f"'{step}'", True))
    place = (column("at", INSTANT), text("shard"), column("log_seq", sa.Integer()), own_step)
    to_entry = tie(name, ("shard", "log_seq", "log_step"), "log_entries", ("shard", "seq", "step"))
    table(name, *place, *parts, unique(name, "shard", "log_seq"), to_entry)


def case_step(name: str, step: str, *parts: Any) -> None:
    """A logged table of rows about a citizen."""
    logged(name, step, text("part_id"), *parts, key(name, "part_id", "personal_parts"))


def index_each(table: str, *columns: str) -> None:
    """An index for each of the columns."""
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def once(table: str, column: str) -> None:
    """One row among those that replace nothing."""
    rule = sa.text("replaces IS NULL")
    op.create_index(
        f"uq_{table}_first", table, [column], unique=True, sqlite_where=rule, postgresql_where=rule
    )
