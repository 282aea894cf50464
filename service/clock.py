"""Instants are UTC; dates, quarters and "today" are Europe/Copenhagen."""

from datetime import UTC, datetime

from models.instants import COPENHAGEN, local_date

__all__ = ["COPENHAGEN", "local", "local_date", "utc_now"]


def utc_now() -> datetime:
    """The wall clock, in UTC; the only place where the service reads it."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """An instant as Danish wall-clock time."""
    return at.astimezone(COPENHAGEN)
