"""SQLite's part of backup and restore: copies through its own backup API, never through the file system.

Opening the file of a database in use, even only to read it, would drop the locks that keep its writers apart.
"""

import sqlite3
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine
from sqlmodel import Session

from service.backup.errors import BackupRefused, RestoreRefused

FILE = "content.db"
PAGES = 4096
"""Pages copied at a time, 16 MB: how often a restore asks whether it waited too long."""
LOCK_SECONDS = 30


def copy_out(session: Session, file: Path, without: Iterable[str]) -> None:
    """Copy the session's database, at the moment that the session sees, into a new file.

    The rows of the tables in `without` are overwritten in the copy. Raises BackupRefused when the copy shows
    that the database is damaged.
    """
    source: Any = session.connection().connection.driver_connection
    file.touch(mode=0o600)
    with closing(sqlite3.connect(file, isolation_level=None)) as copy:
        source.backup(copy)
        # One file from here on, and what is removed leaves nothing behind: the copy is not yet a backup.
        copy.execute("PRAGMA journal_mode = MEMORY")
        copy.execute("PRAGMA secure_delete = ON")
        for table in without:
            copy.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our own tables
        copy.execute("PRAGMA journal_mode = DELETE")
        problems = list(damage(copy))
    if problems:
        raise BackupRefused(f"The database is damaged, so this is no backup: {problems[0]}.")


def damage(connection: sqlite3.Connection) -> Iterator[str]:
    """What SQLite itself finds wrong with a database."""
    try:
        found = [row[0] for row in connection.execute("PRAGMA integrity_check(10)")]
        orphans = connection.execute("PRAGMA foreign_key_check").fetchmany(10)
    except sqlite3.DatabaseError as error:
        yield str(error)
        return
    yield from (line for line in found if line != "ok")
    yield from (f"a row in {table} points at nothing in {target}" for table, _, target, _ in orphans)


def open_unchanging(file: Path) -> sqlite3.Connection:
    """A connection to a finished copy that nobody writes to; it leaves no lock and no journal beside it."""
    return sqlite3.connect(f"file:{quote(str(file.absolute()))}?mode=ro&immutable=1", uri=True)


@contextmanager
def holding(live: Engine) -> Generator[sqlite3.Connection]:
    """The one connection to a database, with everybody else shut out of it until the end."""
    connection: Any = live.raw_connection()
    raw: sqlite3.Connection = connection.driver_connection
    try:
        raw.execute("PRAGMA locking_mode = EXCLUSIVE")  # a lock that outlasts the transaction that takes it
        try:
            raw.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise RestoreRefused(
                f"The database is in use: {error}. Stop the service and try again."
            ) from error
        raw.execute("COMMIT")
        yield raw
    finally:
        connection.invalidate()  # closes it, and so lets go of the lock
        connection.close()


def sizes(connection: sqlite3.Connection) -> dict[str, int]:
    """The size of each shard of the log."""
    return dict(connection.execute("SELECT shard, size FROM log_heads").fetchall())


def replace(staged: Engine, live: sqlite3.Connection) -> None:
    """Replace the whole content of the live database by the staged one's, in one transaction of SQLite's.

    Until its end the old content stands in the journal: whoever opens the database after a crash finds
    either the old or the new. Raises RestoreRefused when the database stays in use.
    """
    started = time.monotonic()
    with staged.connect() as connection:
        source: Any = connection.connection.driver_connection
        connection.rollback()
        source.backup(live, pages=PAGES, progress=lambda state, left, pages: between(state, started))


def between(state: int, started: float) -> None:
    """What is asked after each piece: whether it waits for somebody, and for how long already."""
    is_waiting = state in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    if is_waiting and time.monotonic() - started > LOCK_SECONDS:
        raise RestoreRefused("The database is in use. Stop the service and try again.")
