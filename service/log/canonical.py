"""Canonical JSON (RFC 8785) of entries and personal parts: the same values always give the same bytes.

Text is NFC-normalised first, which RFC 8785 does not do; floats are refused, because two programs may
print them differently.
"""

import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import rfc8785
from sqlalchemy import Table

from service.tables.base import Logged, table_of

OUTSIDE_THE_ROW = frozenset({"shard", "log_seq", "part_id"})


def canonical(value: Any) -> bytes:
    """The canonical bytes; raises TypeError for floats and whatever else JSON cannot hold exactly."""
    return rfc8785.dumps(plain(value))


def plain(value: Any) -> Any:
    """The value as JSON holds it: instants and dates as text, all text NFC; raises TypeError for the rest."""
    match value:
        case None | bool() | int():
            return value
        case str():
            return unicodedata.normalize("NFC", value)
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {_key(key): plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case _:
            raise TypeError(f"a {type(value).__name__} has no canonical form in the log")


def instant(at: datetime) -> str:
    """RFC 3339 in UTC with six decimals, so that text order is time order; a naive one raises ValueError."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def describe(row: Logged) -> dict[str, Any]:
    """The row's own columns as plain values, without its place in the log and what the database computes."""
    table = table_of(type(row))
    return {name: plain(getattr(row, name)) for name in described_columns(table)}


@cache
def described_columns(table: Table) -> tuple[str, ...]:
    """The names of the columns that `describe` covers."""
    return tuple(c.name for c in table.columns if c.name not in OUTSIDE_THE_ROW and c.computed is None)


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise TypeError("a name in the log must be text")
    return unicodedata.normalize("NFC", key)
