"""Instants are UTC; dates, quarters and "today" are Europe/Copenhagen."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def utc_now() -> datetime:
    """The wall clock, in UTC; the only place where the service reads it."""
    return datetime.now(UTC)


def local(at: datetime) -> datetime:
    """An instant as Danish wall-clock time."""
    return at.astimezone(COPENHAGEN)


def local_date(at: datetime) -> date:
    """The Danish date of an instant."""
    return local(at).date()
