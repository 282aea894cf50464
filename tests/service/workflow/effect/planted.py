"""Followed cases planted by hand, so that every number in a test can be counted on the fingers."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from service.workflow.effect.followed import Followed
from service.workflow.statistics.periods import Period
from tests.service.workflow.statistics.planted import PLAIN, STAFF

K2, K3, K4 = Period(2026, 2), Period(2026, 3), Period(2026, 4)
DAY = datetime(2026, 8, 12, 9, 30, tzinfo=UTC)
DECIDING = timedelta(minutes=4)

CASE = Followed(
    row=replace(PLAIN, shown_at=DAY - DECIDING),
    offer="ortopaedisk",
    discharged_on=date(2026, 8, 10),
    offered_on=date(2026, 8, 16),
)


def cases(
    count: int, at: datetime = DAY, minutes: int = 12, unit: str = "", **changes: Any
) -> list[Followed]:
    """So many cases alike, three caseworkers taking turns; `row` changes the decided case itself."""
    times = {"decided_at": at, "opened_at": at - timedelta(minutes=minutes), "shown_at": at - DECIDING}
    row = {**times, "unit": unit, **changes.pop("row", {})}
    return [
        replace(CASE, row=replace(CASE.row, caseworker=STAFF[number % 3], **row), **changes)
        for number in range(count)
    ]
