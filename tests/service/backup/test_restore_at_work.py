"""A restore while others are at work: nobody's entry is lost unseen, and nobody can come in between."""

import fcntl
import os
import shutil
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from service import database, log
from service.backup import outside, staging
from service.backup.errors import RestoreRefused
from service.backup.restore import Findings, restore
from service.commands.opening import record_command
from service.database import make_engine, reading, require_current, writing
from service.log import Event, erasure_ledger
from service.log.epochs import Declaration
from service.signer.report import OK
from tests.parts.postgres import PostgresServer
from tests.service.backup.clock import now
from tests.service.backup.installation import Installation
from tests.service.backup.restoring import DECISIONS, WHY, restored


def try_to_restore(place: Installation, made: Path, meanwhile: Callable[[Findings], None]) -> None:
    """A restore, with something that happens just before the database is exchanged."""
    restore(
        place.settings, made, Declaration("x", "Ada", "Bo", "uid:0"), now=now(), live=place.engine,
        record=partial(record_command, command="restore", now=now()), tell=meanwhile,
    )  # fmt: skip


def test_an_entry_that_was_added_meanwhile_stops_it(place: Installation, made: Path) -> None:
    def sign_in(found: Findings) -> None:
        with writing(place.engine) as session:
            log.append(session, Event.SIGNED_IN, at=now(), by=None)
            session.commit()

    before = len(place.content()["log_entries"])
    with pytest.raises(RestoreRefused, match="Somebody is still at work"):
        try_to_restore(place, made, sign_in)

    assert len(place.content()["log_entries"]) == before + 1
    assert log.verify(place.engine).problems == []
    assert not place.left_over()


def test_a_database_that_stays_in_use_stops_it(
    place: Installation, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "make_engine", partial(make_engine, busy_seconds=1))
    before = place.content()

    looking = place.engine.execution_options(skoen_reading=True)
    with looking.connect() as connection, pytest.raises(RestoreRefused, match="is in use"):
        connection.execute(text("SELECT * FROM log_entries"))
        try_to_restore(place, made, lambda found: None)

    assert place.content() == before
    assert not place.left_over()


def test_meanwhile_nothing_is_erased_and_nothing_is_signed(place: Installation, made: Path) -> None:
    files = erasure_ledger.ledger_file(place.settings), place.settings.signer / "lock"
    tried = []

    def look(found: Findings) -> None:
        for file in files:
            descriptor = os.open(file, os.O_RDWR)
            with pytest.raises(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.close(descriptor)
            tried.append(file)

    try_to_restore(place, made, look)

    assert tried == list(files)


def test_whoever_cannot_make_the_signer_wait_is_refused(
    place: Installation, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def closed(folder: Path) -> Generator[None]:
        raise PermissionError
        yield

    monkeypatch.setattr(outside, "alone", closed)

    assert "Restore as root" in place.run("restore", "--from", made, *WHY).output
    assert "sealed" in place.decided()


on_postgresql = pytest.mark.parametrize(
    "engine_name", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def clerk(place: Installation, postgres_server: PostgresServer) -> Generator[str]:
    """A role of PostgreSQL that may read everything, and some more."""
    role = f"clerk_{os.getpid()}"
    postgres_server.execute(f"CREATE ROLE {role}")
    with place.engine.begin() as connection:
        connection.execute(text(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}"))
        connection.execute(text(f"GRANT INSERT ON log_entries TO {role} WITH GRANT OPTION"))
        connection.execute(text(f"GRANT USAGE ON SEQUENCE sign_in_attempts_id_seq TO {role}"))
    yield role
    with place.engine.begin() as connection:
        connection.execute(text(f"DROP OWNED BY {role}"))
    postgres_server.execute(f"DROP ROLE {role}")


def rights(place: Installation) -> list[tuple[object, ...]]:
    """Who may do what with tables and sequences."""
    query = (
        "SELECT relname, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1"
    )
    with reading(place.engine) as session:
        return [tuple(row) for row in session.execute(text(query))]


@on_postgresql
def test_roles_keep_their_rights(place: Installation, made: Path, clerk: str) -> None:
    before = rights(place)

    restored(place, made)

    assert rights(place) == before
    assert sum(clerk in str(row) for row in before) > 30


@on_postgresql
def test_what_somebody_else_built_upon_the_tables_is_not_swept_away(place: Installation, made: Path) -> None:
    with place.engine.begin() as connection:
        connection.execute(text("CREATE VIEW of_others AS SELECT count(*) FROM decisions"))

    result = place.run("restore", "--from", made, *WHY)

    assert "view of_others depends on table decisions" in result.output
    assert "sealed" in place.decided()
    assert not place.left_over()


def test_a_backup_of_an_older_version_is_brought_up(
    place: Installation, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, newer)
    (newer / "versions" / "v9999_one_more.py").write_text(
        '"""One table more."""\nfrom service.migrations.shapes import table, text\n'
        'revision, down_revision = "9999", "0003"\n'
        'def upgrade() -> None:\n    table("more", text("said"))\n'
    )
    monkeypatch.setattr(database, "MIGRATIONS", newer)
    monkeypatch.setattr("service.backup.restore.MIGRATIONS", newer)
    place.lose_database()

    restored(place, made)

    require_current(place.engine)
    with reading(place.engine) as session:
        assert session.execute(text("SELECT version_num FROM alembic_version")).scalar_one() == "9999"
        assert session.execute(text("SELECT count(*) FROM more")).scalar_one() == 0
    assert "kept" in place.decided()
    assert place.seal().state == OK
    assert place.sizes()[f"{DECISIONS}/2"] == 1


@on_postgresql
def test_a_role_that_may_make_no_schema_is_refused(place: Installation, made: Path, clerk: str) -> None:
    with place.engine.begin() as connection:
        connection.execute(text(f"ALTER ROLE {clerk} LOGIN"))
        connection.execute(text(f"GRANT INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {clerk}"))
    owner = place.environment["SKOEN_DATABASE_URL"]
    place.environment["SKOEN_DATABASE_URL"] = owner.replace("postgres@", f"{clerk}@")

    assert "Only the role that owns the tables" in place.run("restore", "--from", made, *WHY).output
    assert "sealed" in place.decided()
