"""What operations begin with: settings, an open database, and a trace of the command in the access log.

Every run leaves one `command:run` entry, also a run that only reads and one that is refused. It is written
before the command does anything, and says who by the user id of the process: what `sudo` or the environment
calls somebody can be set by whoever types it.
"""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, make_url
from sqlmodel import Session

from service import log
from service.config import Settings
from service.database import require_version, writing
from service.errors import UnsafeStart
from service.limits import enforce
from service.log import Event
from service.log.append import OPERATOR


def open_database(settings: Settings | None = None) -> Engine:
    """An engine on the service's own database; raises UnsafeStart when it is missing or of another age."""
    settings = settings or Settings.from_environment()
    enforce(settings.limits)
    refuse_no_database(settings)
    engine = log.open_engine(settings)
    engine.update_execution_options(**{OPERATOR: operator()})
    require_version(engine)
    return engine


def opened_for(command: str, *, now: datetime, settings: Settings | None = None, **about: str) -> Engine:
    """`open_database`, once it stands in the access log that somebody runs the command.

    `command` is the verb with its group, as in `users.add`. Raises LogUnavailable when it cannot be written.
    """
    engine = open_database(settings)
    with writing(engine) as session:
        record_command(session, command, now=now, **about)
        session.commit()
    return engine


def operator() -> str:
    """Who is at the machine, as it stands in entries: `uid:1000`."""
    return f"uid:{os.getuid()}"


def refuse_no_database(settings: Settings) -> None:
    """Raise UnsafeStart when the SQLite file is not there; opening it would make an empty one."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise UnsafeStart(f"There is no database at {url.database}. Run: skoen database upgrade")


def record_command(session: Session, command: str, *, now: datetime, **about: str) -> None:
    """Write to the access log that somebody at the machine runs a command; the caller commits."""
    public: dict[str, Any] = {"command": command, "operator": operator(), **about}
    log.append(session, Event.COMMAND_RUN, at=now, by=None, **public)
