"""Instants and dates as text, in the one way the product writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip


def instant_text(at: datetime) -> str:
    """An instant as RFC 3339 in UTC with Z; a naive datetime raises ValueError."""
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_instant(text: str) -> datetime:
    """The instant of an RFC 3339 text; a text without a time or a zone raises ValueError."""
    if "T" not in text and " " not in text:
        raise ValueError("an instant needs a time of day")
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return at.astimezone(UTC)


def local_date(at: datetime) -> date:
    """The Copenhagen date of an instant."""
    return at.astimezone(COPENHAGEN).date()


def day_text(day: date) -> str:
    """A date as Danes write it: 23. november 2026."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
