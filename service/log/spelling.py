"""How values are written: SQLite keeps instants and JSON as text, which can say the same in several ways.

`2026-06-30 09:00:00.000000` and `2026-06-30x09:00:00.000000` are read as the same instant, and `\\u00e6` and
`\\u00E6` as the same letter. What the log proves is the value; here the writing is held to be ours.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from sqlalchemy import JSON, Column, Dialect, Label, RowMapping, String, Table, type_coerce

from service.tables.base import Instant

AS_WRITTEN = "_as_written"


def as_written(dialect: Dialect, table: Table) -> tuple[Label[str], ...]:
    """What to select beside a table's own columns: the text of each value that is kept as text."""
    return tuple(
        type_coerce(column, String).label(column.name + AS_WRITTEN) for column in _kept(dialect, table)
    )


def misspelt(dialect: Dialect, table: Table, row: RowMapping) -> Iterator[str]:
    """What is not written as we write it; `row` was selected with `as_written`."""
    for column in _kept(dialect, table):
        if row[column.name + AS_WRITTEN] != _ours(dialect, column, row[column.name]):
            yield f"{table.name}.{column.name} is not written as it was"


@cache
def _kept(dialect: Dialect, table: Table) -> tuple[Column[Any], ...]:
    if dialect.name != "sqlite":
        return ()
    return tuple(column for column in table.columns if isinstance(column.type, Instant | JSON))


def _ours(dialect: Dialect, column: Column[Any], value: Any) -> str | None:
    write = column.type.dialect_impl(dialect).bind_processor(dialect)
    return None if value is None or write is None else write(value)
