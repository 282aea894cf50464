"""Who looked at a citizen's case, as she may know it: the day, what for, from where and in what role.

Never by whom: an employee's identity is not hers to have unless it is indispensable (C-579/21), and what is
not read here cannot be shown.
"""

import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from service.clock import local_date
from service.log import Event
from service.tables.log import LogEntry, LogHead
from service.tables.organisation import Unit
from service.tables.oversight import Retirement

LOOKED = (Event.CASE_OPENED, Event.CASE_FOUND, Event.CITIZEN_OPENED, Event.EXPORTED)


@dataclass(frozen=True, order=True)
class Look:
    """What was done on one day, and how often. `unit` is a name; `speaker` and `channel` are codes or ""."""

    day: date
    event: str
    purpose: str
    unit: str
    role: str
    speaker: str
    channel: str


@dataclass(frozen=True)
class Looks:
    """Every look, the newest first, with the number of times; `some_are_deleted` by the schedule."""

    counted: tuple[tuple[Look, int], ...]
    some_are_deleted: bool


def looks_of(session: Session, case_id: str) -> Looks:
    """Everybody who opened the case, saw her name in a search or took a copy out, herself included."""
    shards = session.exec(select(LogHead.shard).where(col(LogHead.shard).startswith("access/"))).all()
    query = (
        select(LogEntry.entry)
        .where(col(LogEntry.shard).in_(shards), col(LogEntry.event).in_(LOOKED))
        .where(col(LogEntry.entry).contains(f'"case":"{case_id}"'))
    )
    units = dict(session.exec(select(Unit.id, Unit.name)).all())
    counted = Counter(_look(entry, units) for entry in session.exec(query))
    retired = select(Retirement.id).where(col(Retirement.retired_shard).startswith("access/")).limit(1)
    return Looks(
        tuple(sorted(counted.items(), key=lambda each: each[0], reverse=True)),
        some_are_deleted=session.exec(retired).first() is not None,
    )


def _look(text: str, units: dict[str, str]) -> Look:
    entry = json.loads(text)
    return Look(
        day=local_date(datetime.fromisoformat(entry["t"])),
        event=entry["type"],
        purpose=entry.get("purpose", ""),
        unit=units.get(entry.get("unit", ""), ""),
        role=entry.get("role", ""),
        speaker=entry.get("speaker", ""),
        channel=entry.get("channel", ""),
    )
