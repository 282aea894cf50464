"""What PostgreSQL roles may do to our tables: the service adds, and changes little; the signer reads the log.

The tables belong to another role, under which operations run: `skoen database upgrade`, erasure, retention
and restore. So a web process that is taken over cannot take the append-only triggers down, nor go past them.
"""

import re
from collections.abc import Mapping

from sqlalchemy import Connection, inspect, text

Rights = Mapping[str, frozenset[str]]
"""By table."""
NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
CHANGES = {
    "web_sessions": frozenset({"UPDATE", "DELETE"}),
    "sign_in_attempts": frozenset({"DELETE"}),
    "drafts": frozenset({"UPDATE", "DELETE"}),
    "log_heads": frozenset({"UPDATE"}),
    "survey_tallies": frozenset({"UPDATE"}),
    "practice_rounds": frozenset({"UPDATE", "DELETE"}),
    "similar_showings": frozenset({"UPDATE"}),
    "trust_tallies": frozenset({"UPDATE"}),
}
"""What the service does to mutable tables besides adding. An identity is only blanked by an erasure."""
OWNERS = frozenset({"alembic_version", "erasures", "retirements", "epochs"})
"""Tables that only operations add to. A row in some of them opens the triggers a little."""
SIGNER = dict.fromkeys(("log_entries", "log_heads", "epochs", "retirements"), frozenset[str]())
"""What the signer reads of the database. It adds nothing, and cannot see a personal part."""
KEYSTORE = {"keys": frozenset({"INSERT"})}
"""In the keystore: a key is made by the service, and deleted by nobody but an erasure."""
RIGHTS = ("INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

ATTRIBUTES = """
    SELECT rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls
    FROM pg_roles WHERE rolname = :role
"""
OWNED = """
    SELECT tablename FROM pg_tables
    WHERE schemaname = current_schema() AND pg_has_role(:role, tableowner, 'MEMBER')
    ORDER BY tablename LIMIT 1
"""
HELD = """
    SELECT tablename, held FROM pg_tables, unnest(CAST(:rights AS text[])) AS held
    WHERE schemaname = current_schema() AND CASE
        WHEN held IN ('INSERT', 'UPDATE', 'REFERENCES')
        THEN has_any_column_privilege(:role, format('%I.%I', schemaname, tablename), held)
        ELSE has_table_privilege(:role, format('%I.%I', schemaname, tablename), held)
    END
"""
OWNS_DATABASE = """
    SELECT pg_has_role(current_user, datdba, 'MEMBER') FROM pg_database WHERE datname = current_database()
"""
MAY_CREATE = "SELECT has_schema_privilege(:role, current_schema(), 'CREATE')"
MAY_SILENCE_TRIGGERS = "SELECT has_parameter_privilege(:role, 'session_replication_role', 'SET')"
SINCE = (15,)  # earlier servers let nobody but a superuser set it


class GrantRefused(Exception):
    """The role cannot be the service's: it is missing, or it could do more than it may."""


def refuse_name(role: str) -> None:
    """Raise GrantRefused for what is no plain name of a role."""
    if not NAME.fullmatch(role):
        raise GrantRefused("A role's name is small letters, digits and underscores.")


def of_the_service(connection: Connection) -> Rights:
    """What the service may do to each table of its database, besides reading it."""
    return {
        table: CHANGES.get(table, frozenset()) | (frozenset() if table in OWNERS else {"INSERT"})
        for table in inspect(connection).get_table_names()
    }


def grant(connection: Connection, role: str, rights: Rights) -> None:
    """Give a role these rights, reading included, and take all others from it; the caller commits.

    Raises GrantRefused for a role that is missing, owns the tables, or would still be able to do more.
    """
    if connection.dialect.name != "postgresql":
        raise GrantRefused("SQLite knows no roles: whoever can open the file can do everything.")
    _refuse_unfit(connection, role)
    if _one(connection, OWNED, role=str(_one(connection, "SELECT current_user"))) is None:
        raise GrantRefused("Only the owner of the tables can grant rights to them. Connect as the owner.")
    quote = connection.dialect.identifier_preparer.quote
    schema, to = quote(str(_one(connection, "SELECT current_schema()"))), quote(role)
    statements = [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {to}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA {schema} FROM {to}",
        f"REVOKE ALL ON SCHEMA {schema} FROM {to}",
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC",
        f"GRANT USAGE ON SCHEMA {schema} TO {to}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {to}",
    ]
    for table, given in sorted(rights.items()):
        statements.append(f"GRANT {', '.join(sorted({'SELECT', *given}))} ON {schema}.{quote(table)} TO {to}")
    if _one(connection, OWNS_DATABASE):
        database = quote(str(_one(connection, "SELECT current_database()")))
        statements.append(f"REVOKE CREATE, TEMPORARY ON DATABASE {database} FROM PUBLIC, {to}")
        statements.append(f"GRANT CONNECT ON DATABASE {database} TO {to}")
    for statement in statements:
        connection.exec_driver_sql(statement)
    _refuse_more(connection, role, rights)


def _refuse_unfit(connection: Connection, role: str) -> None:
    refuse_name(role)
    found = connection.execute(text(ATTRIBUTES), {"role": role}).one_or_none()
    if found is None:
        raise GrantRefused(f"There is no role {role}. Make it first: CREATE ROLE {role} LOGIN PASSWORD '...'")
    if any(found):
        raise GrantRefused(f"{role} may do more in this server than a service should. Take a plain role.")
    owned = _one(connection, OWNED, role=role)
    if owned is not None:
        raise GrantRefused(f"{role} owns {owned}, or belongs to its owner, and no grant can bind an owner.")


def _refuse_more(connection: Connection, role: str, rights: Rights) -> None:
    """What a role has through a group or through everybody is not ours to take; it is named instead."""
    held = connection.execute(text(HELD), {"role": role, "rights": list(RIGHTS)}).all()
    more = [f"{right} on {table}" for table, right in held if right not in rights.get(table, frozenset())]
    if _one(connection, MAY_CREATE, role=role):
        more.append("CREATE on the schema")
    since = connection.dialect.server_version_info or ()
    if since >= SINCE and _one(connection, MAY_SILENCE_TRIGGERS, role=role):
        more.append("SET on session_replication_role")
    if more:
        raise GrantRefused(f"{role} would still have, through a group or PUBLIC: {', '.join(sorted(more))}.")


def _one(connection: Connection, query: str, **values: str) -> object:
    return connection.execute(text(query), values).scalar()
