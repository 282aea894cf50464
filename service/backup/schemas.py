"""PostgreSQL's part of a restore: build in a schema beside, and change over in one transaction.

In a schema of its own the restored database can be verified while the old one still serves.
"""

from typing import Any

import psycopg
from psycopg import sql
from psycopg.errors import DependentObjectsStillExist
from sqlalchemy import URL, Engine
from sqlalchemy.exc import ProgrammingError
from sqlmodel import Session

from service.backup.errors import RestoreRefused
from service.backup.postgresql import raw
from service.tables import METADATA

STAGING = "skoen_restoring"
OURS = {"alembic_version", *METADATA.tables}
TABLES = "SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relkind = 'r' ORDER BY 1"
FUNCTIONS = """
    SELECT proname, pg_get_function_identity_arguments(oid) FROM pg_proc
    WHERE pronamespace = %s::regnamespace ORDER BY 1, 2
"""
RIGHTS = """
    SELECT relname, relkind::text, pg_get_userbyid(grantee), privilege_type, is_grantable
    FROM pg_class, aclexplode(relacl)
    WHERE relnamespace = %s::regnamespace AND relkind IN ('r', 'S') AND grantee NOT IN (0, relowner)
"""
"""Whom the owner let do what with tables and sequences; what everybody may is not ours to give again."""

Plain = psycopg.Connection[Any]


def in_schema(url: URL) -> URL:
    """The address of the same database, with the schema that is built beside as the current one."""
    options = f"{url.query.get('options', '')} -csearch_path={STAGING}".strip()
    return url.update_query_dict({"options": options})


def make_schema(live: Engine) -> None:
    """Make the empty schema; what a broken-off restore left there goes. Raises RestoreRefused."""
    try:
        with live.begin() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {STAGING} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {STAGING}")
    except ProgrammingError as error:
        raise RestoreRefused(
            "Only the role that owns the tables, and may create a schema in the database, can restore it."
        ) from error


def drop_schema(live: Engine) -> None:
    """Remove the schema with all that is in it, if it is there."""
    with live.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {STAGING} CASCADE")


def replace(session: Session) -> None:
    """Drop our tables in the current schema, and move the restored ones into their place; no commit.

    Roles keep the rights that they had on whole tables.
    """
    connection = raw(session.connection())
    live = str(_all(connection, "SELECT current_schema()")[0][0])
    rights = _all(connection, RIGHTS, live)
    drop_ours(connection, live)
    move(connection, live)
    for name, kind, role, right, may_pass_on in rights:
        grant(connection, live, name, kind, role, right, may_pass_on)


def drop_ours(connection: Plain, live: str) -> None:
    """Drop what will be replaced; what somebody else built upon it stands in the way, and is named."""
    there = [name for (name,) in _all(connection, TABLES, live) if name in OURS]
    if there:
        tables = sql.SQL(", ").join(sql.Identifier(live, name) for name in there)
        try:
            connection.execute(sql.SQL("DROP TABLE {}").format(tables))
        except DependentObjectsStillExist as error:
            raise RestoreRefused(
                f"Somebody else built upon our tables: {error.diag.message_detail}."
            ) from error
    restored = set(_all(connection, FUNCTIONS, STAGING))
    for name, arguments in _all(connection, FUNCTIONS, live):
        if (name, arguments) in restored:
            connection.execute(_function("DROP FUNCTION {}({})", live, name, arguments))


def move(connection: Plain, live: str) -> None:
    """Move everything out of the schema that was built beside, and remove that one: it must be empty then."""
    schema = sql.Identifier(live)
    for name, arguments in _all(connection, FUNCTIONS, STAGING):
        moving = _function("ALTER FUNCTION {}({}) SET SCHEMA ", STAGING, name, arguments)
        connection.execute(moving + schema)
    for (name,) in _all(connection, TABLES, STAGING):
        moved = sql.SQL("ALTER TABLE {} SET SCHEMA {}")
        connection.execute(moved.format(sql.Identifier(STAGING, name), schema))
    connection.execute(sql.SQL("DROP SCHEMA {}").format(sql.Identifier(STAGING)))


def grant(
    connection: Plain, live: str, name: str, kind: str, role: str, right: str, may_pass_on: bool
) -> None:
    """Give a right again, if what it was on is still there."""
    if not _all(
        connection,
        "SELECT 1 WHERE to_regclass(format('%%I.%%I', %s::text, %s::text)) IS NOT NULL",
        live,
        name,
    ):
        return
    connection.execute(
        sql.SQL("GRANT {} ON {} {} TO {}{}").format(
            sql.SQL(right),
            sql.SQL("TABLE" if kind == "r" else "SEQUENCE"),
            sql.Identifier(live, name),
            sql.Identifier(role),
            sql.SQL(" WITH GRANT OPTION" if may_pass_on else ""),
        )
    )


def _function(statement: str, schema: str, name: str, arguments: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(schema, name), sql.SQL(arguments))


def _all(connection: Plain, query: str, *values: str) -> list[Any]:
    return connection.execute(query.encode(), values or None).fetchall()
