"""SQLite as Skøn opens it: durable, strict, a turn for everybody who writes, and readers who cannot.

What PostgreSQL does by itself is arranged here: who waits to write, and for how long.
"""

import random
import sqlite3
import threading
import time
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from service.errors import UnsafeStart

WAL_IS_SAFE_FROM = (3, 51, 3)  # earlier versions can corrupt a WAL database with several writers
TURN_ASKED = (0.0002, 0.0008)
"""Seconds between two questions whether it is this process's turn to write."""
TURN, READING = "skoen_turn", "skoen_reading"


def refuse_unsafe_journal(journal: str, version: tuple[int, ...]) -> None:
    """Write-ahead logging only where SQLite's own corruption bug is mended."""
    if journal == "wal" and version < WAL_IS_SAFE_FROM:
        found = ".".join(map(str, version))
        raise UnsafeStart(f"SQLite {found} can corrupt a WAL database; 3.51.3 is needed. Use 'truncate'.")


def in_memory(engine: Engine) -> bool:
    """Whether the database is gone with its only connection."""
    return engine.url.database in (None, "", ":memory:")


def prepare(engine: Engine, journal: str, busy_seconds: int) -> None:
    """Make every connection of an engine durable and strict. Raises UnsafeStart for an unsafe journal."""
    refuse_unsafe_journal(journal, sqlite3.sqlite_version_info)
    wanted = {
        "journal_mode": "memory" if in_memory(engine) else journal,
        "synchronous": 3,  # EXTRA: the directory entry too is on the disk before the commit returns
        "foreign_keys": 1,
        "secure_delete": 1,  # what is deleted is overwritten
        "recursive_triggers": 1,  # else INSERT OR REPLACE removes a row past its DELETE trigger
    }

    def connect(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # the driver begins nothing by itself; `_begin` does
        connection.execute(f"PRAGMA busy_timeout = {busy_seconds * 1000}")
        for name, value in wanted.items():
            connection.execute(f"PRAGMA {name} = {value}")
            found = connection.execute(f"PRAGMA {name}").fetchone()[0]
            if found != value:
                raise UnsafeStart(f"SQLite keeps {name} at {found}; Skøn needs {value}.")

    event.listen(engine, "connect", connect)
    event.listen(engine, "begin", partial(_begin, busy_seconds, threading.Lock()))
    event.listen(engine, "checkin", _end_turn)


def _begin(busy_seconds: int, turn: threading.Lock, connection: Connection) -> None:
    is_reading = bool(connection.get_execution_options().get(READING))
    if connection.info.get(READING) != is_reading:
        connection.exec_driver_sql(f"PRAGMA query_only = {int(is_reading)}")
        connection.info[READING] = is_reading
    if is_reading:
        connection.exec_driver_sql("BEGIN DEFERRED")
    else:
        _wait_and_begin(connection, busy_seconds, turn)


def _wait_and_begin(connection: Connection, busy_seconds: int, turn: threading.Lock) -> None:
    """Begin a writing transaction on SQLite as soon as nobody else has one, or fail after `busy_seconds`.

    The threads of a process take turns, and only the one whose turn it is asks the database. SQLite's own
    patience sleeps longer the longer it has waited, so that whoever came last often goes first and some wait
    for many seconds. Asking at short random intervals gives every process the same chance.
    """
    raw: Any = connection.connection.driver_connection
    until = time.monotonic() + busy_seconds
    if turn.acquire(timeout=busy_seconds):
        connection.info[TURN] = turn
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        while time.monotonic() < until:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    break
            time.sleep(random.uniform(*TURN_ASKED))  # noqa: S311 - no secret hangs on it
        connection.exec_driver_sql("BEGIN IMMEDIATE")  # the last try: its error says what is wrong
    finally:
        raw.execute(f"PRAGMA busy_timeout = {busy_seconds * 1000}")


def _end_turn(connection: Any, record: ConnectionPoolEntry) -> None:
    """Let the next thread write: the transaction has ended, however it did."""
    turn = record.info.pop(TURN, None)
    if turn is not None:
        turn.release()
