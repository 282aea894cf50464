"""Triggers that refuse to change or remove a row, on every table that is not in MUTABLE.

Two things open them a little, and each is a logged row itself: an erasure lets what points at the citizen
be blanked, and a retirement lets the entries of a shard go. The database itself asks for that row.

SQLite's way of altering a table loses its triggers in silence; so they are made again and counted at the
end of every migration, and counted again when the service starts.
"""

from sqlalchemy import Connection, inspect

from service.errors import UnsafeStart
from service.tables import METADATA, MUTABLE
from service.tables.erasable import BLANKED, LOG, REMOVED, RETIRED_COLUMN, subject_column

OUTSIDE = (*MUTABLE, "alembic_version")
REFUSES = "append_only"

POSTGRESQL_FUNCTIONS = (
    """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
""",
    """
CREATE OR REPLACE FUNCTION refuse_unless_logged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    logged boolean;
BEGIN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE %I = ($1).%I)', TG_ARGV[0], TG_ARGV[1], TG_ARGV[2])
        INTO logged USING OLD;
    IF NOT logged OR (TG_OP = 'DELETE' AND TG_ARGV[0] = 'retirements' AND to_jsonb(OLD)->>'step' IS NOT NULL)
    THEN
        RAISE EXCEPTION 'rows of % are only added', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$
""",
)


def protected_tables(connection: Connection) -> tuple[str, ...]:
    """Every table in the database whose rows are only added."""
    return tuple(sorted(name for name in inspect(connection).get_table_names() if name not in OUTSIDE))


def protect(connection: Connection) -> None:
    """Make every trigger again and count them; raises UnsafeStart when one is missing."""
    tables = protected_tables(connection)
    if connection.dialect.name == "postgresql":
        for function in POSTGRESQL_FUNCTIONS:
            connection.exec_driver_sql(function.replace("%", "%%"))
    for table in tables:
        for name, statement in triggers_of(connection.dialect.name, table).items():
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
    dialect = connection.dialect.name
    present = {str(name): str(text) for name, text in connection.exec_driver_sql(PRESENT[dialect]).all()}
    return [
        table
        for table in protected_tables(connection)
        if any(not _stands(dialect, present, *each) for each in triggers_of(dialect, table).items())
    ]


def _stands(dialect: str, present: dict[str, str], name: str, statement: str) -> bool:
    # SQLite keeps the statement as it was written: a trigger that was made harmless is noticed too.
    return name in present and (dialect != "sqlite" or present[name] == statement)


PRESENT = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname, '' FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
    " WHERE NOT tgisinternal AND tgenabled IN ('O', 'A') AND relnamespace = current_schema()::regnamespace",
}


def triggers_of(dialect: str, table: str) -> dict[str, str]:
    """The name and statement of each trigger a table needs. The table names are our own."""
    make = _postgresql if dialect == "postgresql" else _sqlite
    if table == LOG:
        key = ("retirements", "retired_shard", "shard")
        return make(table, [RETIRED_COLUMN], key, may_delete=True)
    if table in BLANKED:
        return make(table, list(BLANKED[table]), ("erasures", "subject_id", subject_column(table)))
    if table in REMOVED:
        return make(table, [], ("erasures", "subject_id", REMOVED[table]), may_delete=True)
    return make(table, [], None)


def _kept(table: str, blanked: list[str]) -> str:
    """The columns that nothing lets change, for `UPDATE OF`."""
    columns = METADATA.tables[table].columns
    return ", ".join(c.name for c in columns if c.name not in blanked and c.computed is None)


def _sqlite(
    table: str, blanked: list[str], key: tuple[str, str, str] | None, may_delete: bool = False
) -> dict[str, str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, 'rows of {table} are only added'); END"
    base = f"{table}_{REFUSES}"
    if key is None:
        return {
            name: f"CREATE TRIGGER {name} BEFORE {verb} ON {table} {refuse}"
            for verb in ("UPDATE", "DELETE")
            if (name := f"{base}_{verb.lower()}")
        }
    log, named, column = key
    unless = f"WHEN NOT EXISTS (SELECT 1 FROM {log} WHERE {named} = OLD.{column})"  # noqa: S608 - our own names
    deleting = unless + (" OR OLD.step IS NOT NULL" if table == LOG else "")
    when = {
        f"{base}_update": f"BEFORE UPDATE ON {table} {unless}",
        f"{base}_kept": f"BEFORE UPDATE OF {_kept(table, blanked)} ON {table}",
        f"{base}_delete": f"BEFORE DELETE ON {table} {deleting if may_delete else ''}",
    }
    return {name: f"CREATE TRIGGER {name} {rule} {refuse}" for name, rule in when.items()}


def _postgresql(
    table: str, blanked: list[str], key: tuple[str, str, str] | None, may_delete: bool = False
) -> dict[str, str]:
    base, always = f"{table}_{REFUSES}", "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    if key is None:
        return {base: f"CREATE TRIGGER {base} BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} {always}"}
    logged = "FOR EACH ROW EXECUTE FUNCTION refuse_unless_logged('{}', '{}', '{}')".format(*key)
    verbs, refused = ("UPDATE OR DELETE", "TRUNCATE") if may_delete else ("UPDATE", "DELETE OR TRUNCATE")
    kept = f"CREATE TRIGGER {base}_kept BEFORE UPDATE OF {_kept(table, blanked)} ON {table} {always}"
    return {
        base: f"CREATE TRIGGER {base} BEFORE {refused} ON {table} {always}",
        f"{base}_kept": kept,
        f"{base}_logged": f"CREATE TRIGGER {base}_logged BEFORE {verbs} ON {table} {logged}",
    }
