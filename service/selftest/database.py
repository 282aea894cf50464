"""Is the database what it was made to be: its version, its triggers, its settings, and who we are in it?"""

import sqlite3
from pathlib import Path

from sqlalchemy import Connection
from sqlmodel import select

from service.clock import local_date
from service.database import reading, require_version
from service.errors import UnsafeStart
from service.selftest.findings import Finding, Installation, fault, in_order, warning
from service.sqlite import READING, WAL_IS_SAFE_FROM
from service.tables.append_only import unprotected
from service.tables.organisation import Municipality
from service.workflow import governance

SQLITE = {"foreign_keys": 1, "secure_delete": 1, "recursive_triggers": 1, "synchronous": 3}
"""What every connection to SQLite is set to (`service.database`): keys count, what is deleted is gone."""
JOURNALS = ("truncate", "wal", "memory")
POSTGRESQL = ("data_checksums", "fsync", "full_page_writes", "synchronous_commit")
"""What must not be off, or what was acknowledged can be lost, or rot unnoticed."""
OWNS_TABLES = """
    SELECT rolsuper OR pg_has_role(current_user, tableowner, 'USAGE')
    FROM pg_roles, pg_tables WHERE rolname = current_user AND tablename = 'log_entries'
    AND schemaname = current_schema()
"""


def version(place: Installation) -> Finding:
    """The tables are those that this program was written for."""
    try:
        require_version(place.engine)
    except UnsafeStart as unsafe:
        return fault(unsafe.sentence, "Databasen passer ikke til denne udgave af Skøn.")
    return in_order("The tables are of this version.", "Databasen passer til denne udgave af Skøn.")


def triggers(place: Installation) -> Finding:
    """Every table whose rows are only added refuses to have them changed."""
    with reading(place.engine) as session:
        bare = unprotected(session.connection())
    if bare:
        return fault(
            f"The triggers that refuse changes are missing on {', '.join(bare)}. Run: skoen database upgrade",
            "Værnet mod, at gemte oplysninger ændres, mangler i databasen.",
            where=" ".join(bare),
        )
    return in_order(
        "Every table whose rows are only added refuses changes.",
        "Gemte oplysninger kan ikke ændres bag om Skøn.",
    )


def settings(place: Installation) -> Finding:
    """The database keeps what it acknowledged, and lets no key point nowhere."""
    # Asked of a connection that writes, and of nothing else: whoever reads has others.
    with place.engine.connect().execution_options(**{READING: True}) as connection:
        wrong = _wrong_in(connection)
        is_replica = connection.dialect.name == "postgresql" and _tells(connection, "pg_is_in_recovery()")
    if is_replica:
        return fault(
            "The database is a read replica: it may lag behind, and nothing can be written.",
            "Skøn er forbundet til en kopi af databasen, som ikke kan skrives.",
        )
    if not wrong:
        return in_order(
            "The database keeps what it acknowledges.", "Databasen er indstillet, som den skal være."
        )
    say = warning if wrong <= set(POSTGRESQL) and only_practice(place) else fault
    return say(
        f"The database is not set as it must be: {', '.join(sorted(wrong))}.",
        "Databasen er ikke indstillet, som den skal være.",
        where=" ".join(sorted(wrong)),
    )


def role(place: Installation) -> Finding:
    """Nobody else can open the file; on PostgreSQL the service cannot take its own protection down."""
    with reading(place.engine) as session:
        connection = session.connection()
        if connection.dialect.name != "postgresql":
            return _file(Path(place.engine.url.database or ""))
        owns = bool(connection.exec_driver_sql(OWNS_TABLES).scalar())
    if owns:
        return warning(
            "The service owns its tables and could take the triggers down. Run: skoen database grant ROLE",
            "Skøn har flere rettigheder i databasen end nødvendigt.",
        )
    return in_order(
        "The service may only add to what must not change.",
        "Skøn har ikke ret til at ændre det, der ikke må ændres.",
    )


def _file(path: Path) -> Finding:
    # Its mode alone: opening the file outside SQLite would drop the locks that this process holds on it.
    if path.stat().st_mode & 0o077:
        return warning(
            f"Others on the machine can read the database. Run: chmod 600 {path}",
            "Andre brugere på maskinen kan læse databasens fil.",
            where=str(path),
        )
    return in_order("Only the service's own user can open the database.", "Kun Skøn kan åbne databasens fil.")


def only_practice(place: Installation) -> bool:
    """Whether every citizen is invented: no municipality is in any other phase than practice."""
    with reading(place.engine) as session:
        day = local_date(place.now)
        municipalities = session.exec(select(Municipality.id)).all()
        return all(governance.phase_of(session, each, day) == governance.PRACTICE for each in municipalities)


def _wrong_in(connection: Connection) -> set[str]:
    """The names of the settings that are not as they must be."""
    if connection.dialect.name == "postgresql":
        return {name for name in POSTGRESQL if _tells(connection, f"current_setting('{name}')") == "off"}
    wrong = {name for name, needed in SQLITE.items() if _pragma(connection, name) != needed}
    journal = _pragma(connection, "journal_mode")
    if journal not in JOURNALS or (journal == "wal" and sqlite3.sqlite_version_info < WAL_IS_SAFE_FROM):
        wrong.add("journal_mode")
    return wrong


def _pragma(connection: Connection, name: str) -> object:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def _tells(connection: Connection, expression: str) -> object:
    return connection.exec_driver_sql(f"SELECT {expression}").scalar()
