"""Who looked at a case, when and what for, as the access log tells it."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from service.clock import local_date
from service.log import Event
from service.log.merkle import leaf_hash
from service.tables.log import LogEntry, LogHead
from service.tables.oversight import Retirement

LOOKED = (Event.CASE_OPENED, Event.CASE_FOUND, Event.EXPORTED)
Key = tuple[str, str, str, str, str, str, date]


@dataclass(frozen=True)
class Look:
    """What one person did with a case on one day for one purpose: every time of it, the first one first.

    `person_id` is "" for a command, and `operator` then says who was at the machine.
    """

    times: tuple[datetime, ...]
    event: str
    person_id: str
    unit_id: str
    role: str
    operator: str
    purpose: str
    shard: str
    seq: int


@dataclass(frozen=True)
class Looks:
    """The looks that are left, in the order of time, and the parts of the access log that are deleted.

    `damaged` are the places of entries that do not fit their leaf hash; what they say is left out.
    """

    looks: tuple[Look, ...]
    retired: tuple[str, ...]
    damaged: tuple[tuple[str, int], ...] = ()


def looks_at(session: Session, case_id: str) -> Looks:
    """Everybody who opened a case, saw it in a search or took it out."""
    shards = session.exec(select(LogHead.shard).where(col(LogHead.shard).startswith("access/"))).all()
    query = (
        select(LogEntry.shard, LogEntry.seq, LogEntry.entry, LogEntry.leaf_hash)
        .where(col(LogEntry.shard).in_(shards), col(LogEntry.event).in_(LOOKED))
        .where(col(LogEntry.entry).contains(f'"case":"{case_id}"'))
        .order_by(LogEntry.shard, col(LogEntry.seq))
    )
    gathered: dict[Key, list[dict[str, Any]]] = {}
    damaged = []
    for shard, seq, text, leaf in session.exec(query):
        if leaf_hash(text.encode()) != leaf:
            damaged.append((shard, seq))
            continue
        entry = json.loads(text)
        gathered.setdefault(_key(entry), []).append(entry)
    looks = sorted((_look(entries) for entries in gathered.values()), key=lambda look: look.times[0])
    retired = session.exec(
        select(Retirement.retired_shard).where(col(Retirement.retired_shard).startswith("access/"))
    )
    return Looks(tuple(looks), tuple(sorted(retired)), tuple(damaged))


def _look(entries: list[dict[str, Any]]) -> Look:
    first = entries[0]
    return Look(
        times=tuple(sorted(datetime.fromisoformat(entry["t"]) for entry in entries)),
        event=first["type"], person_id=first.get("actor", ""), unit_id=first.get("unit", ""),
        role=first.get("role", ""), operator=first.get("operator", ""), purpose=first.get("purpose", ""),
        shard=first["log"], seq=int(first["seq"]),
    )  # fmt: skip


def _key(entry: dict[str, Any]) -> Key:
    said = [str(entry.get(name, "")) for name in ("type", "actor", "unit", "role", "operator", "purpose")]
    kind, actor, unit, role, operator, purpose = said
    return kind, actor, unit, role, operator, purpose, local_date(datetime.fromisoformat(entry["t"]))
