"""Append one entry to the log, in the transaction of the step it proves."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from service.cpr import holds_cpr
from service.database import BUSY_SECONDS, cannot_write
from service.errors import LogUnavailable, Refused
from service.identity import Actor
from service.log import merkle
from service.log.canonical import canonical, describe, instant
from service.log.events import NEEDS_PURPOSE, Event, Receipt
from service.log.laws import law_of
from service.log.parts import make_part
from service.log.shards import base_of, newest_epoch, shard_of
from service.log.tiles import LONGEST_ENTRY
from service.tables.base import CaseStep, Logged, new_id, table_of
from service.tables.intake import PersonalPart
from service.tables.log import STEPS, LogEntry, LogHead
from service.tables.oversight import Retirement

VERSION = 1
CODE = re.compile(r"[A-Za-z0-9_.:/+=@-]{1,160}")
OURS = {
    "v", "log", "seq", "id", "t", "type", "law", "actor", "unit", "role", "authority", "case", "step",
    "commit", "row",
}  # fmt: skip
OPERATOR = "skoen_operator"
"""Execution option of an engine that a command opened: who is at the machine, as in `uid:1000`."""
CLOCK_TOLERANCE = timedelta(seconds=BUSY_SECONDS + 1)
"""Whoever waits for the turn to write brings an instant that is older by the wait: no anomaly."""
LOOK_BACK = 10_000
A_DAY = timedelta(days=1)
ENTRIES, HEADS = table_of(LogEntry), table_of(LogHead)
PARTS = table_of(PersonalPart)
RETIREMENTS = table_of(Retirement)

# Built once: an entry is written while everybody else waits for the turn.
_EPOCHS = (
    select(HEADS.c.shard, HEADS.c.size, HEADS.c.frontier, HEADS.c.last_at, RETIREMENTS.c.retired_shard)
    .join(RETIREMENTS, RETIREMENTS.c.retired_shard == HEADS.c.shard, isouter=True)
    .where(or_(HEADS.c.shard == bindparam("base"), HEADS.c.shard.like(bindparam("later"))))
)
_HAS_BEGUN = select(HEADS.c.size).where(
    or_(HEADS.c.shard == bindparam("next"), HEADS.c.shard.startswith(bindparam("next") + "/"))
)
_ADD_PART, _ADD_ENTRY, _ADD_HEAD = insert(PARTS), insert(ENTRIES), insert(HEADS)
_GROW = update(HEADS).where(HEADS.c.shard == bindparam("grown"))


@dataclass(frozen=True)
class Head:
    """How far a shard has come; a shard without entries has size 0."""

    size: int
    frontier: tuple[bytes, ...]
    last_at: str


def append(
    session: Session,
    event: Event,
    *,
    at: datetime,
    by: Actor | None,
    row: Logged | None = None,
    citizen_id: str | None = None,
    case_id: str | None = None,
    personal: Mapping[str, Any] | None = None,
    purpose: str | None = None,
    shard: str | None = None,
    **public: str | bool | None,
) -> Receipt:
    """Write the entry, its row and the row's personal part; the caller commits all of it or nothing.

    The row gets its place in the log here and must be new. `citizen_id` and `case_id` are taken from the row
    where it has them. `public` holds codes, never text or anything about a citizen. `shard` is only named to
    begin one that a restore calls for; else it follows from the event, the time and the newest epoch.
    On any error the transaction is rolled back. Raises LogUnavailable when the log cannot be written,
    Refused when something bound for the open entry looks like a CPR number, and ValueError for a
    row, purpose or field that does not belong to the event.
    """
    try:
        _refuse_misfits(event, row, personal, purpose, public)
        shard, head = _end_of(session, event.log, at, shard)
        head = _noting_the_clock(session, shard, head, at)
        entry: dict[str, Any] = {
            "v": VERSION,
            "log": shard,
            "seq": str(head.size),
            "id": row.id if row is not None else new_id(),
            "t": max(instant(at), head.last_at),  # order is by number; time never runs backwards
            "type": event.value,
            "law": law_of(event),
            "case": case_id or _case_of(row),
            "purpose": purpose,
            "step": event.step,
            **_who(session, by),
            "authority": (by.authority or None) if by and event.log == "access" else None,
            **public,
            **_proof(session, event, at, row, citizen_id, case_id or _case_of(row), personal),
        }
        return _write(session, event, shard, head, entry, row)
    except DBAPIError as error:
        session.rollback()
        if cannot_write(error):
            raise LogUnavailable from error
        raise
    except Exception:  # whatever it was, nothing of the step may stay; it is raised on
        session.rollback()
        raise


def _refuse_misfits(
    event: Event,
    row: Logged | None,
    personal: Mapping[str, Any] | None,
    purpose: str | None,
    public: Mapping[str, Any],
) -> None:
    table = STEPS[event.step] if event.step else None
    found = None if row is None else table_of(type(row)).name
    if found != table:
        raise ValueError(f"{event} proves a row of {table}, not of {found}")
    if personal is not None and not isinstance(row, CaseStep):
        raise ValueError(f"{event} has no personal part")
    if event in NEEDS_PURPOSE and purpose is None:
        raise ValueError(f"{event} needs a purpose")
    for name, value in {**public, "purpose": purpose}.items():
        if name in OURS:
            raise ValueError(f"'{name}' in an entry is written by the log itself")
        if isinstance(value, str) and not CODE.fullmatch(value):
            raise ValueError(f"'{name}' in an entry must be a code, not text")
        if isinstance(value, str) and holds_cpr(value):
            raise Refused("Et CPR-nummer må ikke stå i loggen.", field=name)
        if not isinstance(value, str | bool | None):
            raise ValueError(f"'{name}' in an entry must be text or a truth value")


def current_shard(session: Session, log: str, at: datetime) -> str:
    """The shard that an entry of this log and instant goes to: the newest epoch of it."""
    return _end_of(session, log, at, None)[0]


def _base_for(session: Session, log: str, at: datetime) -> str:
    """The shard of the instant, or the next one when that has begun and is less than a day ahead.

    A clock that is set back over New Year, or is behind on another machine, would else write a later step of
    a case into an earlier shard; and what came after what follows from shard and number.
    """
    base, soon = shard_of(log, at), shard_of(log, at + A_DAY)
    if soon != base and session.connection().execute(_HAS_BEGUN, {"next": soon}).first() is not None:
        return soon
    return base


def _end_of(session: Session, log: str, at: datetime, named: str | None) -> tuple[str, "Head"]:
    """The shard that an entry goes to, the newest epoch or the one named, and its head."""
    base = base_of(named) if named else _base_for(session, log, at)
    epochs = session.connection().execute(_EPOCHS, {"base": base, "later": f"{base}/%"}).all()
    heads = {row.shard: Head(row.size, split_frontier(row.frontier), row.last_at) for row in epochs}
    shard = named or newest_epoch(base, heads)
    if shard in {row.retired_shard for row in epochs}:  # only a clock that is years behind leads here
        raise LogUnavailable("Uret på serveren går forkert. Intet er gemt. Kontakt din administrator.")
    return shard, heads.get(shard, Head(0, (), ""))


def _noting_the_clock(session: Session, shard: str, head: "Head", at: datetime) -> "Head":
    """The head to append to; a clock that went back is noted first, in an entry of its own."""
    went_back = head.last_at and datetime.fromisoformat(head.last_at) - at > CLOCK_TOLERANCE
    if not went_back or _is_noted(session, shard, head):
        return head
    event = Event.CLOCK_ANOMALY
    entry = {
        "v": VERSION, "log": shard, "seq": str(head.size), "id": new_id(), "t": head.last_at,
        "type": event.value, "law": law_of(event), "wall": instant(at),
    }  # fmt: skip
    _write(session, event, shard, head, entry, None)
    return _end_of(session, event.log, at, shard)[1]


def _is_noted(session: Session, shard: str, head: "Head") -> bool:
    """Whether the log has said already that the clock went back behind this instant."""
    noted = (
        select(ENTRIES.c.entry)
        .where(ENTRIES.c.shard == shard, ENTRIES.c.seq >= head.size - LOOK_BACK)
        .where(ENTRIES.c.event == Event.CLOCK_ANOMALY.value)
        .order_by(ENTRIES.c.seq.desc())
        .limit(1)
    )
    last = session.connection().execute(noted).scalar()
    return last is not None and json.loads(last)["t"] == head.last_at


def split_frontier(stored: bytes) -> tuple[bytes, ...]:
    """The hashes of a stored frontier."""
    return tuple(stored[i : i + merkle.HASH] for i in range(0, len(stored), merkle.HASH))


def _who(session: Session, by: Actor | None) -> dict[str, str | None]:
    """The person it was done by or on whose behalf, and whoever is at the machine when it is a command."""
    operator = session.get_bind().get_execution_options().get(OPERATOR)
    if by is None:
        return {"actor": None, "unit": None, "role": None, "operator": operator}
    return {"actor": by.person_id, "unit": by.unit_id, "role": by.role, "operator": operator}


def _case_of(row: Logged | None) -> str | None:
    if row is None:
        return None
    if table_of(type(row)).name == "cases":
        return row.id
    found: str | None = getattr(row, "case_id", None)
    return found


def _proof(
    session: Session,
    event: Event,
    at: datetime,
    row: Logged | None,
    citizen_id: str | None,
    case_id: str | None,
    personal: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """What ties the entry to its row: a commitment to its personal part, or the row itself without one."""
    if row is None or event.step is None:
        return {}
    if row.at != at:
        raise ValueError(f"the row of {event} is of another instant than its entry")
    if not isinstance(row, CaseStep):
        described = describe(row)
        if any(isinstance(value, str) and holds_cpr(value) for value in described.values()):
            raise Refused("Et CPR-nummer må ikke stå i loggen.")
        return {"row": described}
    citizen_id = citizen_id or getattr(row, "citizen_id", None)
    if not citizen_id:
        raise ValueError(f"{event} needs to know the citizen")
    part, commit = make_part(session, row, event.step, citizen_id, case_id or row.id, personal or {})
    session.connection().execute(_ADD_PART, part)
    row.part_id = part["id"]
    return {"commit": commit}


def _write(
    session: Session, event: Event, shard: str, head: Head, entry: Mapping[str, Any], row: Logged | None
) -> Receipt:
    text = canonical({name: value for name, value in entry.items() if value is not None})
    if len(text) > LONGEST_ENTRY:  # it could never be sealed
        raise Refused("Der står mere, end en post i loggen kan rumme.")
    leaf = merkle.leaf_hash(text)
    connection = session.connection()
    connection.execute(
        _ADD_ENTRY,
        {
            "shard": shard,
            "seq": head.size,
            "event": event.value,
            "step": event.step,
            "entry": text.decode(),
            "leaf_hash": leaf,
        },
    )
    frontier = b"".join(merkle.append(head.size, head.frontier, leaf))
    grown = {"size": head.size + 1, "frontier": frontier, "last_at": entry["t"]}
    if head.size == 0:
        connection.execute(_ADD_HEAD, {"shard": shard, **grown})
    else:
        connection.execute(_GROW, {"grown": shard, **grown})
    if row is not None:
        row.shard, row.log_seq = shard, head.size
        session.add(row)
        session.flush()
    return Receipt(shard, head.size, leaf.hex())
