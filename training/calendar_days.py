"""On which days plans arrive and are decided."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from models.instants import COPENHAGEN
from training.chance import stream

SATURDAY = 5
GAP_DAYS = 16
"""Between the last plan of the history and the quarter, so that every one of them is decided before it."""


def days_of_receipt(
    calendar: Mapping[str, Any], as_of: date, history: int, waiting: int, inbox: int, seed: int
) -> tuple[date, ...]:
    """Working days on which plans arrive, in order: history, quarter, and the inbox of the last days."""
    quarter = as_of - timedelta(days=calendar["quarter_days"] - 1)
    new = as_of - timedelta(days=calendar["inbox_days"] - 1)
    start = quarter - timedelta(days=round(365.25 * calendar["years"]))
    past = _drawn(calendar, start, quarter - timedelta(days=GAP_DAYS), history, seed, "days of history")
    quarterly = _drawn(calendar, quarter, new - timedelta(days=1), waiting, seed, "days of the quarter")
    return (*past, *quarterly, *_drawn(calendar, new, as_of, inbox, seed, "days of the inbox"))


def _drawn(
    calendar: Mapping[str, Any], first: date, last: date, n: int, seed: int, name: str
) -> tuple[date, ...]:
    days = [first + timedelta(days=day) for day in range((last - first).days + 1)]
    working = [day for day in days if day.weekday() < SATURDAY]
    busy = [calendar["busy_season"] if day.month in (1, 2, 3, 10, 11, 12) else 1.0 for day in working]
    edges = np.cumsum(busy)
    points = stream(seed, name).random(n) * edges[-1]
    chosen = np.searchsorted(edges, points, side="right")
    return tuple(working[i] for i in sorted(chosen.tolist()))


def decided_at(
    received_on: date, discharged_on: date, mean_days: float, points: tuple[float, float]
) -> datetime:
    """When the decision fell: some days after receipt, in working hours, never before discharge."""
    waited = min(int(-mean_days * np.log(1 - points[0])), 9)
    day = max(received_on + timedelta(days=waited), discharged_on)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    minute = int(points[1] * 7 * 60)
    local = datetime(day.year, day.month, day.day, 8 + minute // 60, minute % 60, tzinfo=COPENHAGEN)
    return local.astimezone(UTC)


def sent_at(received_on: date, discharged_on: date) -> datetime:
    """When the plan's coded parts became known: at discharge, or on arrival when it was sent ahead."""
    if discharged_on < received_on:
        return datetime(discharged_on.year, discharged_on.month, discharged_on.day, 10, 0, tzinfo=UTC)
    return datetime(received_on.year, received_on.month, received_on.day, 5, 0, tzinfo=UTC)
