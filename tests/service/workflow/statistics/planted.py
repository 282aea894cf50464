"""Rows planted by hand, so that every number in a test can be counted on the fingers."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle

from service.workflow.statistics.rows import DecidedRow

STAFF = ("alma-id", "bent-id", "ebbe-id", "gorm-id")
DAY = datetime(2026, 8, 12, 9, 30, tzinfo=UTC)

PLAIN = DecidedRow(
    caseworker=STAFF[0],
    opened_at=DAY - timedelta(minutes=12),
    decided_at=DAY,
    case_type="hoftebrud",
    shown=True,
    withheld_reason=None,
    own="avanceret",
    reference="avanceret",
    choice="avanceret",
    reason="funktion_nu",
    prefilled=14,
    asked=20,
    due_on=date(2026, 8, 17),
    offered="inden_frist",
    first_date=date(2026, 8, 16),
)


def turns(staff: tuple[str, ...] = STAFF[:3]) -> Iterator[str]:
    """The caseworkers, taking turns."""
    return cycle(staff)


def some(
    count: int, row: DecidedRow = PLAIN, staff: tuple[str, ...] = STAFF[:3], **changes: object
) -> list[DecidedRow]:
    """So many cases alike, the caseworkers taking turns."""
    who = turns(staff)
    return [replace(row, caseworker=next(who), **changes) for _ in range(count)]


def withheld(count: int, reason: str, **changes: object) -> list[DecidedRow]:
    """Cases decided without evidence."""
    return some(count, shown=False, withheld_reason=reason, reference=None, **changes)
