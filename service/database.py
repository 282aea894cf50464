"""The database: engines that are safe by default, and the two kinds of transaction.

A *writing* transaction is alone from its first moment on: BEGIN IMMEDIATE on SQLite, one advisory lock on
PostgreSQL. What it reads stays true until it commits, on both engines alike. A *reading* transaction sees
one moment and cannot write. On SQLite a reader holds writers back, so both are kept short.
"""

import os
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, partial
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, DisconnectionError
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from service import sqlite
from service.errors import LogUnavailable, SavingUncertain, UnsafeStart
from service.sqlite import READING
from service.tables.append_only import require_protection

BUSY_SECONDS = 30
WRITERS_LOCK = 0x736B6F656E  # "skoen": the one advisory lock every writing transaction takes on PostgreSQL
GUARD = "skoen_guard"
READERS = "skoen_readers"
MIGRATIONS = Path(__file__).parent / "migrations"
_READING: ContextVar[int] = ContextVar("reading", default=0)


class WouldWaitForItself(RuntimeError):
    """A writing transaction was opened inside a reading one: on SQLite it would wait for its end."""


def make_engine(url: str, journal: str = "truncate", busy_seconds: int = BUSY_SECONDS) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`; each process makes its own.

    Whoever waits longer than `busy_seconds` to write is told that it cannot be written. Parameters stay out
    of error messages, for they may be personal. Raises UnsafeStart for another engine or an unsafe journal.
    """
    if not url.startswith(("sqlite:", "postgresql+psycopg:")):
        raise UnsafeStart("The database must be SQLite or PostgreSQL.")
    engine = _engine(url, journal, busy_seconds)
    if engine.dialect.name == "sqlite" and not sqlite.in_memory(engine):
        # A connection that turns from reading to writing forgets every statement it has prepared. Where every
        # step does both, that took longer than the statements; so readers have connections of their own.
        readers = _engine(url, journal, busy_seconds)
        engine.update_execution_options(**{READERS: readers})
        event.listen(engine, "engine_disposed", lambda disposed: readers.dispose())
    return engine


def _engine(url: str, journal: str, busy_seconds: int) -> Engine:
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=url.startswith("postgresql"))
    if engine.dialect.name == "sqlite":
        sqlite.prepare(engine, journal, busy_seconds)
    else:
        event.listen(engine, "begin", partial(_begin_postgresql, busy_seconds))
    event.listen(engine, "connect", _remember_process)
    event.listen(engine, "checkout", _refuse_foreign_process)
    return engine


def for_reading(engine: Engine) -> Engine:
    """The engine on which nothing can be written, with the options of the other."""
    options = engine.get_execution_options()
    readers: Engine = options.get(READERS, engine)
    return readers.execution_options(**options, **{READING: True})


class _Writing(Session):
    """A session that knows when its commit is under way: until it returns, nobody knows what came of it."""

    is_committing = False

    def commit(self) -> None:
        self.is_committing = True
        super().commit()
        self.is_committing = False


@contextmanager
def writing(engine: Engine) -> Generator[Session]:
    """A session alone with the database from its first statement; whoever uses it commits.

    Without a commit everything is rolled back. Raises LogUnavailable when the database cannot be written,
    SavingUncertain when it broke off during the commit, and whatever the engine's guard raises before
    anything is begun.
    """
    if _READING.get():
        raise WouldWaitForItself("End the reading transaction before writing.")
    refuse = engine.get_execution_options().get(GUARD)
    if refuse is not None:
        refuse()
    with _Writing(engine, expire_on_commit=False) as session:
        try:
            yield session
        except DBAPIError as error:
            if not cannot_write(error):
                raise
            is_uncertain = session.is_committing and error.statement is None and _may_be_stored(error)
            raise (SavingUncertain if is_uncertain else LogUnavailable) from error


def guard(engine: Engine, refuse: Callable[[], None]) -> None:
    """Ask before every writing transaction on an engine: `refuse` raises when none may begin."""
    engine.update_execution_options(**{GUARD: refuse})


@contextmanager
def reading(engine: Engine) -> Generator[Session]:
    """A session that sees one moment and cannot write."""
    depth = _READING.set(_READING.get() + 1)
    try:
        with Session(for_reading(engine), expire_on_commit=False) as session:
            yield session
    finally:
        _READING.reset(depth)


def upgrade(engine: Engine, to: str = "head") -> None:
    """Bring the database to the newest tables, in one transaction; a second time does nothing.

    A restore goes `to` an older revision first and fills it; only the newest tables get their triggers.
    """
    private_file(engine)
    config = _alembic(MIGRATIONS)
    with engine.begin() as connection:
        config.attributes.update(connection=connection, is_newest=to == "head")
        _refuse_unreleased(MigrationContext.configure(connection).get_current_revision())
        command.upgrade(config, to)


def private_file(engine: Engine) -> None:
    """Make the empty file of an SQLite database, readable by nobody else; its journal inherits that."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        file = Path(engine.url.database)
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.touch(mode=0o600)


def _refuse_unreleased(found: str | None) -> None:
    if found is not None and found not in {each.revision for each in _scripts(MIGRATIONS).walk_revisions()}:
        raise UnsafeStart(UNRELEASED)


def require_version(engine: Engine) -> None:
    """Raise UnsafeStart unless the tables are the newest ones."""
    with reading(engine) as session:
        found = MigrationContext.configure(session.connection()).get_current_revision()
    _refuse_unreleased(found)
    if found != _scripts(MIGRATIONS).get_current_head():
        raise UnsafeStart("The database is not of this version. Run: skoen database upgrade")


def require_current(engine: Engine) -> None:
    """Raise UnsafeStart unless the tables are the newest ones and every append-only trigger stands."""
    require_version(engine)
    with reading(engine) as session:
        require_protection(session.connection())


def cannot_write(error: DBAPIError) -> bool:
    """Whether the database is locked, full, damaged or gone, as opposed to a mistake in our statement."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF in SQLITE_UNWRITABLE
    state = getattr(original, "sqlstate", None)
    if state is None:
        return error.connection_invalidated
    return state[:2] in POSTGRESQL_UNWRITABLE or state in ("55P03", "40P01", "25006")


def _may_be_stored(error: DBAPIError) -> bool:
    """Whether a COMMIT that failed so may have been carried out: nobody was left to say."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_IOERR
    state = getattr(original, "sqlstate", None)
    return state is None or state[:2] in ("08", "57", "58", "XX")


SQLITE_UNWRITABLE = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PROTOCOL,
    sqlite3.SQLITE_NOTADB,
}  # fmt: skip
POSTGRESQL_UNWRITABLE = {"08", "53", "57", "58", "XX"}  # connection, resources, operator, system, corruption


UNRELEASED = (
    "The database was made before the first release and cannot be brought along."
    " Move it away and make a new one (the demonstration: rm -r var, then make run)."
)


@cache
def _scripts(folder: Path) -> ScriptDirectory:
    """The migrations in a folder: read once, for they are asked about at every look of the self-test."""
    return ScriptDirectory.from_config(_alembic(folder))


def _alembic(folder: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _begin_postgresql(busy_seconds: int, connection: Connection) -> None:
    if connection.get_execution_options().get(READING):
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{busy_seconds}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITERS_LOCK})")


def _remember_process(connection: Any, record: ConnectionPoolEntry) -> None:
    record.info["process"] = os.getpid()


def _refuse_foreign_process(connection: Any, record: ConnectionPoolEntry, proxy: Any) -> None:
    # A connection carried over a fork would be used by two processes at once. SQLAlchemy's own recipe empties
    # both, which its types call read-only.
    if record.info["process"] != os.getpid():
        record.dbapi_connection = proxy.dbapi_connection = None  # type: ignore[misc]
        raise DisconnectionError("The connection belongs to the process that forked.")
