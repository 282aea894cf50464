"""The service's own role on a real PostgreSQL: enough to decide a case, and nothing to undo one with."""

import json
from collections.abc import Generator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, text
from sqlalchemy.exc import ProgrammingError

from service import grants, log, sessions, sign_in
from service.commands import groups
from service.database import make_engine, reading, writing
from service.errors import SignInRefused
from service.log.keystore import Keystore
from service.program import assemble
from service.selftest import State
from service.selftest.database import role as role_check
from service.signer.ledger import entries, moment
from service.tables import METADATA, MUTABLE
from service.workflow import staff
from service.workflow.assessment import drafts
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case
from tests.cast import NOW, Cast, gather
from tests.parts.fitness import content_of, installation
from tests.parts.postgres import PostgresServer
from tests.parts.vaults import sealed_engine

NUMBERS = count(1)
PASSWORD = "et langt kodeord"
DENIED = "42501"


@dataclass(frozen=True)
class Bound:
    """A database whose tables belong to one role, and the service's own role in it."""

    server: PostgresServer
    name: str
    owner: Engine
    service: Engine
    cast: Cast
    home: Path

    @property
    def role(self) -> str:
        """The service's role."""
        return f"{self.name}_service"

    def grant(self, *words: str) -> Result:
        """`skoen database grant`, run by the owner."""
        return as_owner(self.server, self.name, self.home, "grant", *words)


def url(server: PostgresServer, role: str, database: str) -> str:
    """The address of a database for a role."""
    return server.url(database).replace("postgres@", f"{role}@")


def as_owner(server: PostgresServer, name: str, home: Path, *words: str) -> Result:
    """`skoen database …`, run by the owner of the tables."""
    environment = {
        "SKOEN_VAR": str(home),
        "SKOEN_DATABASE_URL": url(server, f"{name}_owner", name),
        "SKOEN_KEYSTORE_URL": server.dsn(f"{name}_keys"),
    }
    return CliRunner(env=environment).invoke(assemble([groups()]), ["database", *words])


@pytest.fixture(scope="module")
def bound(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Generator[Bound]:
    """The tables made by their owner, the cast in them, and the rights granted."""
    name, home = f"bound_{next(NUMBERS)}", tmp_path_factory.mktemp("bound")
    owner_role, service_role = f"{name}_owner", f"{name}_service"
    for statement in (
        f"CREATE ROLE {owner_role} LOGIN",
        f"CREATE ROLE {service_role} LOGIN",
        f"CREATE DATABASE {name} OWNER {owner_role}",
        f"CREATE DATABASE {name}_keys",
    ):
        postgres_server.execute(statement)
    owner = sealed_engine(url(postgres_server, owner_role, name))
    service = sealed_engine(url(postgres_server, service_role, name))
    for words in (("upgrade",), ("grant", service_role)):
        done = as_owner(postgres_server, name, home, *words)
        assert done.exit_code == 0, done.output
    yield Bound(postgres_server, name, owner, service, gather(owner), home)
    owner.dispose()
    service.dispose()
    for database in (name, f"{name}_keys"):
        postgres_server.execute(f"DROP DATABASE {database} WITH (FORCE)")
    for role in (service_role, owner_role):
        postgres_server.execute(f"DROP ROLE {role}")


def refused(engine: Engine, statement: str) -> str:
    """The SQLSTATE with which a statement is refused; the test fails when it is not."""
    with engine.connect() as connection, pytest.raises(ProgrammingError) as error:
        connection.exec_driver_sql(statement)
    state: str = error.value.orig.sqlstate  # type: ignore[union-attr]
    return state


def test_the_service_can_do_its_whole_work(bound: Bound) -> None:
    engine, alma = bound.service, bound.cast.alma
    with writing(bound.owner) as session:
        staff.set_password(session, alma.person_id, PASSWORD, now=NOW)

    with pytest.raises(SignInRefused):
        sign_in.sign_in(engine, "alma", "forkert kodeord", address="::1", now=NOW)
    sign_in.sign_in(engine, "alma", PASSWORD, address="::1", now=NOW)
    with writing(engine) as session:
        sessions.forget_ended(session, now=NOW)
        token = sessions.create(session, now=NOW, content={}, person_id=alma.person_id)
        assert sessions.save(session, token, now=NOW, content={"a": 1})
        sessions.rotate(session, token, now=NOW, content={}, person_id=alma.person_id)
        session.commit()
    draft_on = a_case(engine, request_id="draft")
    for text_ in ("først", "og siden"):
        with writing(engine) as session:
            drafts.save(session, draft_on.id, "assessment", {"tekst": text_}, now=NOW, by=alma)
    case = an_answered_case(engine, bound.cast)
    a_decision(engine, case, alma)
    sign_in.sign_out(engine, alma, now=NOW)

    assert log.verify(engine).problems == []
    assert role_check(installation(engine, bound.home)).state is State.OK


STATEMENTS = {
    "UPDATE": "UPDATE {table} SET {column} = {column}",
    "DELETE": "DELETE FROM {table}",
    "TRUNCATE": "TRUNCATE {table} CASCADE",
    "DISABLE": "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "DROP": "DROP TABLE {table} CASCADE",
}
BARRED = [
    (verb, table.name)
    for table in METADATA.sorted_tables
    for verb in STATEMENTS
    if verb not in grants.CHANGES.get(table.name, frozenset())
]


@pytest.mark.parametrize(("verb", "table"), BARRED)
def test_what_is_only_added_cannot_be_changed_by_the_service(verb: str, table: str, bound: Bound) -> None:
    column = next(iter(METADATA.tables[table].columns)).name

    assert refused(bound.service, STATEMENTS[verb].format(table=table, column=column)) == DENIED


@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "SET ROLE {owner}",
        "SET SESSION AUTHORIZATION {owner}",
        "ALTER ROLE {service} SUPERUSER",
        "GRANT {owner} TO {service}",
        "DROP TRIGGER decisions_append_only ON decisions",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE log_heads (shard text)",
        "CREATE SCHEMA mine",
        "COPY log_entries TO PROGRAM 'cat'",
        "INSERT INTO erasures (id) VALUES ('x')",
        "INSERT INTO retirements (id) VALUES ('x')",
        "INSERT INTO epochs (id) VALUES ('x')",
        "UPDATE alembic_version SET version_num = 'x'",
    ],
    ids=str,
)
def test_the_service_cannot_take_its_own_protection_down(statement: str, bound: Bound) -> None:
    named = statement.format(owner=f"{bound.name}_owner", service=bound.role)

    assert refused(bound.service, named) == DENIED


def test_the_service_may_change_only_what_is_mutable() -> None:
    assert set(grants.CHANGES) <= set(MUTABLE)
    assert not set(grants.CHANGES) & grants.OWNERS


def test_a_key_can_be_made_by_the_service_and_not_deleted(bound: Bound) -> None:
    keystore = Keystore(url(bound.server, bound.role, f"{bound.name}_keys"))
    keystore.add("somebody", b"wrapped")

    assert keystore.find("somebody") == b"wrapped"
    with pytest.raises(ProgrammingError) as error:
        keystore.remove(["somebody"])
    assert error.value.orig.sqlstate == DENIED  # type: ignore[union-attr]
    keystore.engine.dispose()


def test_the_signer_reads_the_log_and_nothing_else(bound: Bound) -> None:
    role = f"{bound.name}_signer"
    bound.server.execute(f"CREATE ROLE {role} LOGIN")
    assert bound.grant(role, "--signer").exit_code == 0
    engine = make_engine(url(bound.server, role, bound.name))
    try:
        assert "decisions/2026" in moment(engine).heads
        assert sum(1 for _ in entries(engine, "decisions/2026", 0, 5)) == 5
        for statement in ("SELECT * FROM personal_parts", "SELECT * FROM people", "DELETE FROM log_heads"):
            assert refused(engine, statement) == DENIED
        with engine.connect() as connection, pytest.raises(ProgrammingError):
            connection.exec_driver_sql("INSERT INTO log_heads VALUES ('x', 0, '', '')")
    finally:
        engine.dispose()
        with psycopg.connect(bound.server.dsn(bound.name)) as superuser:
            superuser.execute(f"DROP OWNED BY {role}".encode())
        bound.server.execute(f"DROP ROLE {role}")


def test_granting_is_an_entry_and_can_be_repeated(bound: Bound) -> None:
    assert bound.grant(bound.role).exit_code == 0

    with reading(bound.owner) as session:
        query = "SELECT entry FROM log_entries WHERE event = 'command:run' ORDER BY seq DESC LIMIT 1"
        entry = json.loads(session.connection().execute(text(query)).scalar_one())
    assert (entry["command"], entry["granted_to"]) == ("database.grant", bound.role)


@pytest.mark.parametrize(
    ("prepare", "undo", "says"),
    [
        ("ALTER ROLE {r} SUPERUSER", "ALTER ROLE {r} NOSUPERUSER", "may do more in this server"),
        ("ALTER ROLE {r} REPLICATION", "ALTER ROLE {r} NOREPLICATION", "may do more in this server"),
        ("GRANT {o} TO {r}", "REVOKE {o} FROM {r}", "belongs to its owner"),
        (
            "GRANT SET ON PARAMETER session_replication_role TO {r}",
            "REVOKE SET ON PARAMETER session_replication_role FROM {r}",
            "SET on session_replication_role",
        ),
    ],
    ids=["superuser", "replication", "member of the owner", "may silence triggers"],
)
def test_a_role_that_could_do_more_is_refused_and_nothing_is_granted(
    prepare: str, undo: str, says: str, bound: Bound
) -> None:
    names = {"r": f"{bound.name}_other", "o": f"{bound.name}_owner"}
    bound.server.execute("CREATE ROLE {r} LOGIN".format(**names))
    bound.server.execute(prepare.format(**names))
    try:
        result = bound.grant(names["r"])
    finally:
        bound.server.execute(undo.format(**names))
        bound.server.execute("DROP ROLE {r}".format(**names))  # fails when a right is left

    assert result.exit_code == 1
    assert says in result.output


def test_what_everybody_may_do_is_named_and_nothing_is_granted(bound: Bound) -> None:
    other = f"{bound.name}_other"
    bound.server.execute(f"CREATE ROLE {other} LOGIN")
    with bound.owner.begin() as connection:
        connection.exec_driver_sql("GRANT DELETE ON decisions TO PUBLIC")
        connection.exec_driver_sql("GRANT UPDATE (size) ON retirements TO PUBLIC")
    try:
        result = bound.grant(other)
    finally:
        with bound.owner.begin() as connection:
            connection.exec_driver_sql("REVOKE ALL ON decisions, retirements FROM PUBLIC")
        bound.server.execute(f"DROP ROLE {other}")

    assert result.exit_code == 1
    assert "DELETE on decisions, UPDATE on retirements" in result.output


@pytest.mark.parametrize(
    ("role", "says"),
    [
        ("nobody_at_all", "CREATE ROLE nobody_at_all LOGIN"),
        ('x"; DROP TABLE decisions; --', "small letters, digits and underscores"),
    ],
    ids=["missing", "no name"],
)
def test_a_role_that_is_not_there_is_refused(role: str, says: str, bound: Bound) -> None:
    result = bound.grant(role)

    assert result.exit_code == 1
    assert says in result.output


def test_only_the_owner_can_grant(bound: Bound) -> None:
    with pytest.raises(grants.GrantRefused, match="Connect as the owner"), writing(bound.service) as session:
        grants.grant(session.connection(), bound.role, {})


def test_sqlite_knows_no_roles_and_says_so(engine: Engine) -> None:
    before = content_of(engine)
    with pytest.raises(grants.GrantRefused, match="SQLite knows no roles"), writing(engine) as session:
        grants.grant(session.connection(), "skoen", {})

    assert content_of(engine) == before
