"""What was never meant to stay: drafts, sessions, sign-ins, exercises, and files of what was not imported."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Engine, Table, delete, func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session

from service.clock import COPENHAGEN
from service.database import writing
from service.tables import METADATA
from service.workflow.erasure.freed_pages import sweep
from service.workflow.retention.schedule import Schedule

REJECTS = "rejects"
ROWS = {
    "drafts": ("drafts", "updated_at"),
    "sessions": ("web_sessions", "last_seen_at"),
    "sign_in_attempts": ("sign_in_attempts", "at"),
    "practice": ("practice_rounds", "updated_at"),
}
"""By line of the schedule, the table and the column that says how old a row is."""


def count(session: Session, var: Path, schedule: Schedule, as_of: date) -> dict[str, int]:
    """How many rows and files are over on a day, by line of the schedule."""
    counts = {}
    for line in ROWS:
        table, is_over = _over(line, schedule, as_of)
        query = select(func.count()).select_from(table).where(is_over)
        counts[line] = int(session.execute(query).scalar_one())
    return {**counts, REJECTS: len(list(_old_files(var, schedule, as_of)))}


def remove(engine: Engine, var: Path, schedule: Schedule, as_of: date) -> dict[str, int]:
    """Remove them; gives the same counts. Raises NotSwept when all of it is done but freed pages remain."""
    counts = {}
    for line in ROWS:
        table, is_over = _over(line, schedule, as_of)
        with writing(engine) as session:
            counts[line] = session.connection().execute(delete(table).where(is_over)).rowcount
            session.commit()
    files = list(_old_files(var, schedule, as_of))
    for file in files:
        file.unlink()
    removed = [ROWS[line][0] for line, number in counts.items() if number]
    if removed:
        sweep(engine, removed)
    return {**counts, REJECTS: len(files)}


def _over(line: str, schedule: Schedule, as_of: date) -> tuple[Table, ColumnElement[bool]]:
    name, column = ROWS[line]
    table = METADATA.tables[name]
    return table, table.c[column] < _limit(line, schedule, as_of)


def _old_files(var: Path, schedule: Schedule, as_of: date) -> Iterator[Path]:
    limit = _limit(REJECTS, schedule, as_of).timestamp()
    for file in sorted((var / REJECTS).glob("*")):
        if file.is_file() and file.stat().st_mtime < limit:
            yield file


def _limit(line: str, schedule: Schedule, as_of: date) -> datetime:
    """What is from before this instant is over."""
    day = as_of - timedelta(days=schedule.periods[line] - 1)
    return datetime.combine(day, time(), COPENHAGEN)
