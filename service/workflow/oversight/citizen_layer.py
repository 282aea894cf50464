"""The layer of the access log that a citizen may read: when, what for, from which unit and in which role.

Who it was stands in the same entries and is left out here, so that a person at work is not exposed (the Court
of Justice of the European Union, C-579/21). `processing_ids` are the ids of the entries: whoever may open
the other layer finds the same look-ups there by them (service.workflow.oversight.restricted_layer).
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Session, col, select

from service.clock import local_date
from service.log import Event
from service.log.merkle import leaf_hash
from service.tables.intake import Case
from service.tables.log import LogEntry, LogHead
from service.tables.organisation import Municipality, Unit
from service.tables.oversight import Retirement

TOLD = (Event.CASE_OPENED, Event.CASE_FOUND, Event.EXPORTED, Event.CITIZEN_OPENED)
"""What a citizen is told of: her case was opened, seen in a search or taken out, or she opened it herself."""


class Whose(StrEnum):
    """On whose side the look-up was: the citizen's (or her representative's), the staff's, a command's."""

    HERS = "hers"
    STAFF = "staff"
    COMMAND = "command"


@dataclass(frozen=True)
class CitizenLook:
    """What was done with her case on one day for one purpose by one unit and role, and how many times.

    `event` is one of TOLD; `purpose` and `role` are codes, "" where there is none; `unit` and `authority` are
    names, "" for what she opened herself and for a command.
    """

    on: date
    case_id: str
    event: str
    purpose: str
    authority: str
    unit: str
    role: str
    whose: Whose
    processing_ids: tuple[str, ...]

    @property
    def times(self) -> int:
        """How many entries there are."""
        return len(self.processing_ids)


@dataclass(frozen=True)
class CitizenLayer:
    """All look-ups that are left, newest first.

    `retired` are the parts of the log that are deleted by schedule, `damaged` how many entries do not fit
    their leaf hash and are left out.
    """

    looks: tuple[CitizenLook, ...]
    retired: tuple[str, ...]
    damaged: int


Told = tuple[date, str, str, str, str, str, Whose]
"""What makes two entries one line: day, case, event, purpose, unit id, role and whose."""


def citizen_layer(session: Session, citizen_id: str) -> CitizenLayer:
    """Every look-up in the cases of one citizen."""
    case_ids = session.exec(select(Case.id).where(Case.citizen_id == citizen_id).order_by(Case.id)).all()
    return layer_of_cases(session, case_ids)


def layer_of_cases(session: Session, case_ids: Iterable[str]) -> CitizenLayer:
    """Every look-up in some cases."""
    gathered: dict[Told, list[str]] = {}
    damaged = 0
    for case_id in case_ids:
        for text, leaf in entries_about(session, case_id, TOLD):
            if leaf_hash(text.encode()) != leaf:
                damaged += 1
                continue
            entry = json.loads(text)
            gathered.setdefault(_told(entry), []).append(entry["id"])
    places = _places(session, {unit_id for _, _, _, _, unit_id, _, _ in gathered})
    looks = [_look(told, ids, places) for told, ids in gathered.items()]
    return CitizenLayer(
        tuple(sorted(looks, key=lambda look: look.on, reverse=True)), _retired(session), damaged
    )


def entries_about(session: Session, case_id: str, events: Iterable[Event]) -> Iterator[tuple[str, bytes]]:
    """The text and leaf hash of the access entries about a case, in the order of the log."""
    shards = session.exec(select(LogHead.shard).where(col(LogHead.shard).startswith("access/"))).all()
    query = (
        select(LogEntry.entry, LogEntry.leaf_hash)
        .where(col(LogEntry.shard).in_(shards), col(LogEntry.event).in_(list(events)))
        .where(col(LogEntry.entry).contains(f'"case":"{case_id}"'))
        .order_by(LogEntry.shard, col(LogEntry.seq))
    )
    yield from session.exec(query)


def _told(entry: dict[str, Any]) -> Told:
    whose = _whose(entry)
    unit, role = (entry.get(name, "") if whose is Whose.STAFF else "" for name in ("unit", "role"))
    on = local_date(datetime.fromisoformat(entry["t"]))
    return on, entry["case"], entry["type"], entry.get("purpose", ""), unit, role, whose


def _whose(entry: dict[str, Any]) -> Whose:
    """A caseworker who reads the page out on the telephone is staff: the entry names her."""
    if entry.get("actor"):
        return Whose.STAFF
    return Whose.HERS if entry["type"] == Event.CITIZEN_OPENED else Whose.COMMAND


def _look(told: Told, ids: list[str], places: dict[str, tuple[str, str]]) -> CitizenLook:
    on, case_id, event, purpose, unit_id, role, whose = told
    unit, authority = places.get(unit_id, ("", ""))
    return CitizenLook(
        on=on, case_id=case_id, event=event, purpose=purpose, authority=authority, unit=unit, role=role,
        whose=whose, processing_ids=tuple(ids),
    )  # fmt: skip


def _places(session: Session, unit_ids: set[str]) -> dict[str, tuple[str, str]]:
    """By unit id, the names of the unit and of its authority."""
    query = (
        select(Unit.id, Unit.name, Municipality.name)
        .join(Municipality, col(Municipality.id) == col(Unit.municipality_id))
        .where(col(Unit.id).in_(unit_ids))
    )
    return {unit_id: (unit, authority) for unit_id, unit, authority in session.exec(query)}


def _retired(session: Session) -> tuple[str, ...]:
    query = select(Retirement.retired_shard).where(col(Retirement.retired_shard).startswith("access/"))
    return tuple(sorted(session.exec(query)))
