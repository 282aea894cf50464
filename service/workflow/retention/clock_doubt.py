"""A clock that stands too far ahead would erase too early: the log says whether it can be believed.

Whoever has just signed in has written an entry by the same clock, so the newest entry proves nothing. What
counts is that somebody was at work by this clock some weeks ago, too.
"""

import json
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session
from sqlmodel import select as rows_of

from service.clock import local_date
from service.database import reading
from service.errors import SkoenError
from service.log.append import ENTRIES, HEADS
from service.log.canonical import instant
from service.log.shards import epoch_of
from service.tables.organisation import Municipality
from service.workflow import governance
from service.workflow.retention.schedule import day_after

RECENT = timedelta(days=14)
"""Entries of so long a time may all have been written by a clock that went wrong, and nobody has noticed."""
LONGEST_PAUSE = timedelta(days=35)
"""A log in which even the monthly run of retention is missing."""


class ClockDoubted(SkoenError):
    """Nothing was erased, for the clock may be ahead; the sentence says why."""

    status = 422


def refuse_doubtful(engine: Engine, now: datetime, as_of: date, *, clock_is_right: bool) -> None:
    """Raise ClockDoubted when the clock may be ahead, or for a day to come where citizens are real."""
    with reading(engine) as session:
        why = doubt(session, now)
        drill = as_of > local_date(now)
        if drill and not _only_practice(session, local_date(now)):
            raise ClockDoubted(
                f"{as_of} is still to come. Only where every citizen is invented can a day to come be tried."
            )
    if why and not (clock_is_right or drill):
        raise ClockDoubted(why)


def _only_practice(session: Session, day: date) -> bool:
    ids = session.exec(rows_of(Municipality.id)).all()
    return all(governance.phase_of(session, each, day) == governance.PRACTICE for each in ids)


def doubt(session: Session, now: datetime) -> str:
    """Why the clock is not believed, or ""."""
    before = newest_before(session, now - RECENT)
    if before is None or now - RECENT - before <= LONGEST_PAUSE:
        return ""
    return (
        f"By this clock it is {now:%Y-%m-%d}, and the log is silent from {before:%Y-%m-%d} until at least"
        f" {now - RECENT:%Y-%m-%d}. Either the service stood still, or the clock is ahead. If it is right,"
        " say --clock-is-right."
    )


def newest_before(session: Session, limit: datetime) -> datetime | None:
    """The time of the newest entry before an instant, in either log."""
    heads = session.execute(select(HEADS.c.shard, HEADS.c.size, HEADS.c.last_at)).all()
    newest_first = sorted(heads, key=lambda head: (day_after(head.shard), epoch_of(head.shard)), reverse=True)
    found: dict[str, str] = {}
    for head in newest_first:
        name = head.shard.split("/")[0]
        if name not in found and (
            text := _newest_in(session, head.shard, head.size, head.last_at, instant(limit))
        ):
            found[name] = text
    return max((datetime.fromisoformat(text) for text in found.values()), default=None)


def _newest_in(session: Session, shard: str, size: int, last_at: str, limit: str) -> str:
    """The time of the shard's newest entry before the limit, or "": within a shard time never goes back."""
    if last_at < limit:
        return last_at
    low, high, found = 0, size - 1, ""
    while low <= high:
        middle = (low + high) // 2
        text = _time_of(session, shard, middle)
        if text and text < limit:
            low, found = middle + 1, text
        else:
            high = middle - 1
    return found


def _time_of(session: Session, shard: str, seq: int) -> str:
    """The time of an entry; "" for one that a retirement took."""
    one = select(ENTRIES.c.entry).where(ENTRIES.c.shard == shard, ENTRIES.c.seq == seq)
    text = session.execute(one).scalar()
    return str(json.loads(text)["t"]) if text else ""
