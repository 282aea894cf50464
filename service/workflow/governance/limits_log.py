"""That other limits are in force than before is an entry in the log, written once by whoever starts first."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import col, select

from service import log
from service.database import reading, writing
from service.limits import Limits
from service.log import Event
from service.tables.log import LogEntry


def note_limits(engine: Engine, limits: Limits, now: datetime) -> bool:
    """Write which limits are in force when they are others than the log says; says whether it wrote.

    A fresh log says nothing, which means the central ones.
    """
    if _known(engine) == _digest(limits):
        return False
    with writing(engine) as session:
        if _known(engine) == _digest(limits):
            return False
        said: dict[str, Any] = {name: str(value) for name, value in limits.values.items()}
        log.append(
            session, Event.LIMITS_CHANGED, at=now, by=None, digest=_digest(limits) or "central",
            units=str(len(limits.units)), **said,
        )  # fmt: skip
        session.commit()
    return True


def _known(engine: Engine) -> str:
    """The digest of the limits that the log knows to be in force."""
    newest = (
        select(LogEntry.entry)
        .where(LogEntry.event == Event.LIMITS_CHANGED.value, LogEntry.entry != "")
        .order_by(col(LogEntry.shard).desc(), col(LogEntry.seq).desc())
    )
    with reading(engine) as session:
        entry = session.exec(newest.limit(1)).first()
    said = json.loads(entry)["digest"] if entry else "central"
    return "" if said == "central" else str(said)


def _digest(limits: Limits) -> str:
    return limits.sha256 if limits.tightened() or limits.units else ""
