"""Triggers that refuse to change or remove a row, on every table that is not in MUTABLE.

SQLite's way of altering a table loses its triggers in silence; so they are made again and counted at the
end of every migration, and counted again when the service starts.
"""

from sqlalchemy import Connection, inspect

from service.errors import UnsafeStart
from service.tables import MUTABLE

OUTSIDE = (*MUTABLE, "alembic_version")
REFUSES = "append_only"

POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""


def protected_tables(connection: Connection) -> tuple[str, ...]:
    """Every table in the database whose rows are only added."""
    return tuple(sorted(name for name in inspect(connection).get_table_names() if name not in OUTSIDE))


def protect(connection: Connection) -> None:
    """Make every trigger again and count them; raises UnsafeStart when one is missing."""
    tables = protected_tables(connection)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(POSTGRESQL_FUNCTION.replace("%", "%%"))
    for table in tables:
        for name, statement in _triggers(connection.dialect.name, table).items():
            suffix = f" ON {table}" if connection.dialect.name == "postgresql" else ""
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{suffix}")
            connection.exec_driver_sql(statement)
    require_protection(connection)


def require_protection(connection: Connection) -> None:
    """Raise UnsafeStart, naming the table, when a trigger is missing or switched off."""
    for table in unprotected(connection):
        raise UnsafeStart(f"The table {table} lost its triggers. Run: skoen database upgrade")


def unprotected(connection: Connection) -> list[str]:
    """The tables whose rows could be changed without being refused."""
    present = set(connection.exec_driver_sql(PRESENT[connection.dialect.name]).scalars())
    dialect = connection.dialect.name
    return [t for t in protected_tables(connection) if not present.issuperset(_triggers(dialect, t))]


PRESENT = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND relnamespace = current_schema()::regnamespace",
}


def _triggers(dialect: str, table: str) -> dict[str, str]:
    """The name and statement of each trigger a table needs. The table names are our own."""
    if dialect == "postgresql":
        name = f"{table}_{REFUSES}"
        when = f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT"
        return {name: f"CREATE TRIGGER {name} {when} EXECUTE FUNCTION refuse_change()"}
    refuse = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
    return {
        name: f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {refuse}"
        for verb in ("UPDATE", "DELETE")
        if (name := f"{table}_{REFUSES}_{verb.lower()}")
    }
