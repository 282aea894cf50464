"""What was blanked or removed leaves no copy in the database's own files.

SQLite overwrites what it frees (`secure_delete`, asked of every connection), and empties its journal; a
write-ahead log is emptied here. PostgreSQL leaves the old row where it was, and samples of columns in its
statistics, until both are written anew. Its write-ahead log keeps rows as they were until it is recycled,
and so does an archive of it; what is personal lies sealed there as everywhere else.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from service.errors import SkoenError
from service.tables.erasable import BLANKED, REMOVED

TOUCHED = (*BLANKED, *REMOVED, "drafts", "identity_map", "web_sessions")
"""The tables that an erasure changes."""
STATISTICS = "pg_statistic"
NOT_OURS = text("""
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relname = ANY(:tables) AND nspname IN (current_schema(), 'pg_catalog')
    AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    AND NOT pg_has_role(current_user, relowner, 'USAGE')
    AND NOT (SELECT pg_has_role(current_user, datdba, 'USAGE') FROM pg_database
             WHERE datname = current_database())
    ORDER BY relname
""")
MAY_CHECKPOINT = text("""
    SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
    OR pg_has_role(current_user, 'pg_checkpoint', 'MEMBER')
""")


class NotSwept(SkoenError):
    """Freed pages may still hold what was erased; the sentence says what to do."""

    status = 503


def sweep(engine: Engine, tables: Iterable[str] = TOUCHED) -> None:
    """Clear what was freed; to be done again at any time. Raises NotSwept when something is in the way."""
    if engine.dialect.name == "sqlite":
        _empty_wal(engine)
    else:
        _write_anew(engine, sorted(set(tables)))


def _empty_wal(engine: Engine) -> None:
    connection = engine.raw_connection()  # a checkpoint cannot be made within a transaction
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # without a write-ahead log it does nothing
        (is_busy, *_) = cursor.fetchone() or (True,)
    finally:
        connection.close()
    if is_busy:
        raise NotSwept("The write-ahead log is in use and was not emptied. Run it again in a moment.")


def _write_anew(engine: Engine, tables: list[str]) -> None:
    try:
        with engine.connect() as plain:
            connection = plain.execution_options(isolation_level="AUTOCOMMIT")
            _refuse_what_is_not_ours(connection, [*tables, STATISTICS])
            for table in tables:
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {table}")
            connection.exec_driver_sql(f"VACUUM (FULL) {STATISTICS}")
            if connection.execute(MAY_CHECKPOINT).scalar():
                connection.exec_driver_sql("CHECKPOINT")
    except DBAPIError as error:
        raise NotSwept(
            "PostgreSQL could not write the tables anew, and old rows still lie in their pages. Run it again."
        ) from error


def _refuse_what_is_not_ours(connection: Connection, tables: list[str]) -> None:
    """PostgreSQL passes over what one may not vacuum, with no more than a warning."""
    found = list(connection.execute(NOT_OURS, {"tables": tables}).scalars())
    if found:
        raise NotSwept(
            f"Old rows still lie in the pages of {', '.join(found)}. Run this as the owner of the database."
        )
