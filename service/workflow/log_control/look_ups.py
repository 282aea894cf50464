"""Look-ups, as the access log tells them.

A look-up is what one person opened of one case on one day for one purpose. Each page of a case is an entry,
so a single reading leaves several; the first of them stands for the look-up, and its id is the look-up's.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from service.clock import local_date
from service.database import reading
from service.errors import NotFound, Refused
from service.log import Event
from service.log.shards import base_of, shard_of
from service.tables.log import LogEntry, LogHead
from service.tables.organisation import Unit
from service.tables.oversight import Retirement

AT_A_TIME = 5_000
Place = tuple[str, int]
"""Where an entry stands: its shard and its number there."""
Key = tuple[str, str, str, str, str, date]


class PeriodRetired(Refused):
    """The access log of the period is deleted, as the schedule says."""

    sentence = "Loggen for den periode er slettet efter kommunens slettefrister."


@dataclass(frozen=True)
class LookUp:
    """One look-up: where its first entry stands, that entry's id, and the instants of all its entries."""

    shard: str
    seq: int
    id: str
    times: tuple[datetime, ...]
    person_id: str
    unit_id: str
    role: str
    case_id: str
    purpose: str

    @property
    def at(self) -> datetime:
        """When it began."""
        return self.times[0]

    @property
    def day(self) -> date:
        """The Danish day it was made on."""
        return local_date(self.at)


def look_ups(engine: Engine, municipality_id: str, starts_on: date, ends_on: date) -> list[LookUp]:
    """Every look-up by people of a municipality in a period, both days included, in the order of time.

    Reads in short pieces. Raises PeriodRetired when the log of the period is gone.
    """
    with reading(engine) as session:
        units = set(session.exec(select(Unit.id).where(Unit.municipality_id == municipality_id)).all())
        shards = shards_between(session, starts_on, ends_on)
    entries = (
        entry
        for shard in shards
        for entry in _openings(partial(reading, engine), shard)
        if entry["unit"] in units and starts_on <= local_date(_at(entry)) <= ends_on
    )
    return sorted(gathered(entries), key=lambda one: (one.at, one.shard, one.seq))


def gathered(entries: Iterable[dict[str, Any]]) -> Iterator[LookUp]:
    """The look-ups that entries of openings make up."""
    first: dict[Key, dict[str, Any]] = {}
    times: dict[Key, list[datetime]] = {}
    for entry in entries:
        key = _key(entry)
        first.setdefault(key, entry)
        times.setdefault(key, []).append(_at(entry))
    for key, entry in first.items():
        yield _look_up(entry, sorted(times[key]))


def find(session: Session, shard: str, seq: int) -> LookUp:
    """The look-up whose first entry stands at a place in the log; NotFound when there is none (any more)."""
    row = session.get(LogEntry, (shard, seq))
    if row is None or row.event != Event.CASE_OPENED or not row.entry:
        raise NotFound
    entry = json.loads(row.entry)
    day = local_date(_at(entry))
    around = (
        other
        for other_shard in shards_between(session, day, day)
        for other in _openings(lambda: nullcontext(session), other_shard, f'"case":"{entry["case"]}"')
        if _key(other) == _key(entry)
    )
    return _look_up(entry, sorted(_at(other) for other in around))


def beginnings(session: Session, places: Iterable[Place]) -> dict[Place, LookUp]:
    """The look-ups that begin at some places, with their first instant alone; what is retired is left out."""
    by_shard: dict[str, list[int]] = {}
    for shard, seq in places:
        by_shard.setdefault(shard, []).append(seq)
    found = {}
    for shard, numbers in by_shard.items():
        rows = select(LogEntry.seq, LogEntry.entry).where(LogEntry.shard == shard)
        for seq, entry in session.exec(rows.where(col(LogEntry.seq).in_(numbers), LogEntry.entry != "")):
            parsed = json.loads(entry)
            found[shard, seq] = _look_up(parsed, [_at(parsed)])
    return found


def shards_between(session: Session, starts_on: date, ends_on: date) -> list[str]:
    """The shards of the access log that hold a period, those that went on after a restore included."""
    heads = session.exec(select(LogHead.shard).where(col(LogHead.shard).startswith("access/"))).all()
    first, last = (shard_of("access", _noon(day)) for day in (starts_on, ends_on))
    found = sorted(shard for shard in heads if first <= base_of(shard) <= last)
    retired = select(Retirement.id).where(col(Retirement.retired_shard).in_(found)).limit(1)
    if session.exec(retired).first() is not None:
        raise PeriodRetired(field="starts_on")
    return found


def _openings(
    opened: Callable[[], AbstractContextManager[Session]], shard: str, holding: str = ""
) -> Iterator[dict[str, Any]]:
    """The entries of a shard that open a case, in their order; only those that hold a piece of text."""
    last = -1
    while True:
        piece = (
            select(LogEntry.seq, LogEntry.entry)
            .where(LogEntry.shard == shard, LogEntry.event == Event.CASE_OPENED, LogEntry.seq > last)
            .where(col(LogEntry.entry).contains(holding, autoescape=True))
            .order_by(col(LogEntry.seq))
            .limit(AT_A_TIME)
        )
        with opened() as session:
            rows = session.exec(piece).all()
        yield from (json.loads(entry) for _, entry in rows)
        if len(rows) < AT_A_TIME:
            return
        last = rows[-1][0]


def _look_up(entry: dict[str, Any], times: list[datetime]) -> LookUp:
    return LookUp(
        shard=entry["log"], seq=int(entry["seq"]), id=entry["id"], times=tuple(times),
        person_id=entry["actor"], unit_id=entry["unit"], role=entry["role"], case_id=entry["case"],
        purpose=entry["purpose"],
    )  # fmt: skip


def _key(entry: dict[str, Any]) -> Key:
    day = local_date(_at(entry))
    return entry["actor"], entry["unit"], entry["role"], entry["case"], entry["purpose"], day


def _at(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["t"])


def _noon(day: date) -> datetime:
    return datetime.fromisoformat(f"{day}T12:00:00+00:00")
