"""What operations begin with: settings, an open database, and a trace of the command in the access log."""

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, make_url
from sqlmodel import Session

from service import log
from service.config import Settings
from service.database import require_version
from service.errors import UnsafeStart
from service.log import Event


def open_database(settings: Settings | None = None) -> Engine:
    """An engine on the service's own database; raises UnsafeStart when it is missing or of another age."""
    settings = settings or Settings.from_environment()
    refuse_no_database(settings)
    engine = log.open_engine(settings)
    require_version(engine)
    return engine


def refuse_no_database(settings: Settings) -> None:
    """Raise UnsafeStart when the SQLite file is not there; opening it would make an empty one."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise UnsafeStart(f"There is no database at {url.database}. Run: skoen database upgrade")


def record_command(session: Session, command: str, *, now: datetime, **about: str) -> None:
    """Write to the access log that somebody at the machine ran a command; the caller commits."""
    public: dict[str, Any] = {"command": command, "operator": f"uid:{os.getuid()}", **about}
    log.append(session, Event.COMMAND_RUN, at=now, by=None, **public)
