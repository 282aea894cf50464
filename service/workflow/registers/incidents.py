"""The clock of a breach: 72 hours from when it was found until the authority knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

HOURS = timedelta(hours=72)
"""Article 33 of the General Data Protection Regulation."""


class Notice(Enum):
    """How a breach stands against its clock."""

    NOT_NEEDED = "skal ikke anmeldes"
    IN_TIME = "anmeldt i tide"
    LATE = "anmeldt for sent"
    RUNNING = "skal anmeldes"
    OVERDUE = "fristen er overskredet"


@dataclass(frozen=True)
class Clock:
    """When the authority must know at the latest, how it stands, and how long is left (below zero: over)."""

    due: datetime
    notice: Notice
    left: timedelta


def clock_of(content: Mapping[str, Any], now: datetime) -> Clock:
    """The clock of an incident as it stands at an instant."""
    due = datetime.fromisoformat(content["opdaget"]) + HOURS
    told = datetime.fromisoformat(content["anmeldt"]) if content.get("anmeldt") else None
    return Clock(due, _notice(content["persondata"], due, told, now), due - (told or now))


def _notice(is_breach: bool, due: datetime, told: datetime | None, now: datetime) -> Notice:
    if told is not None:
        return Notice.IN_TIME if told <= due else Notice.LATE
    if not is_breach:
        return Notice.NOT_NEEDED
    return Notice.RUNNING if now <= due else Notice.OVERDUE
