"""How many rows every table holds: what a refusal must leave as it was."""

from sqlalchemy import Engine, func, select

from service.database import reading
from service.log import Event
from service.tables import METADATA
from service.tables.log import LogEntry, LogHead


def rows(engine: Engine) -> dict[str, int]:
    """The number of rows by table."""
    with reading(engine) as session:
        return {
            table.name: session.execute(select(func.count()).select_from(table)).scalar_one()
            for table in METADATA.sorted_tables
        }


def rows_beside_runs(engine: Engine) -> dict[str, int]:
    """The same without the entry that every run of a command leaves, refused or not."""
    counted = rows(engine)
    counted[LogEntry.__tablename__] -= runs(engine)
    del counted[LogHead.__tablename__]  # the first entry of a quarter brings its head
    return counted


def runs(engine: Engine) -> int:
    """How many runs of a command stand in the log."""
    of_runs = select(func.count()).where(LogEntry.event == Event.COMMAND_RUN)  # type: ignore[arg-type]
    with reading(engine) as session:
        return int(session.execute(of_runs).scalar_one())
