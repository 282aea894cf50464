"""An installation on each engine, with casework in it, and somebody at its keyboard."""

import shutil
from collections.abc import Callable, Generator
from functools import cache
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.signer.report import OK
from tests.parts.postgres import PostgresServer
from tests.parts.vaults import copy_database, sealed_engine
from tests.service.backup.clock import stop_at_that_day
from tests.service.backup.installation import Furnished, Installation

FURNISHED, BACKED_UP = "furnished", "backed_up"
NUMBERS = count(1)
Prepared = Callable[[str], Furnished]


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run on one day."""
    stop_at_that_day(monkeypatch.setattr)


@pytest.fixture(scope="session")
def prepared_sqlite(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """`prepared_sqlite(FURNISHED)`: an installation on SQLite to copy, furnished once; its database in it."""

    @cache
    def prepare(stage: str) -> Furnished:
        folder = tmp_path_factory.mktemp(stage)
        copy_database(migrated_file, folder / "skoen.db")
        return _furnish(sealed_engine(f"sqlite:///{folder / 'skoen.db'}"), folder, stage)

    return prepare


@pytest.fixture(scope="session")
def prepared_postgresql(
    postgres_server: PostgresServer, migrated_postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Prepared:
    """`prepared_postgresql(FURNISHED)`: the same on PostgreSQL; its database is named after its stage."""

    @cache
    def prepare(stage: str) -> Furnished:
        postgres_server.execute(f"CREATE DATABASE {stage} TEMPLATE {migrated_postgres}")
        return _furnish(sealed_engine(postgres_server.url(stage)), tmp_path_factory.mktemp(stage), stage)

    return prepare


def _furnish(engine: Engine, folder: Path, stage: str) -> Furnished:
    place = Installation(engine, folder)
    if stage == BACKED_UP:
        with pytest.MonkeyPatch.context() as patch:
            stop_at_that_day(patch.setattr)
            _back_up(place)
    place.close()
    engine.dispose()
    return Furnished(folder, place.cast, place.rows)


def _back_up(place: Installation) -> None:
    place.decide("kept")
    assert place.seal().state == OK
    place.backup()
    place.decide("sealed")
    assert place.seal().state == OK
    place.decide("unsealed")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Each of the two databases in turn."""
    return str(request.param)


@pytest.fixture
def place(request: pytest.FixtureRequest, engine_name: str, tmp_path: Path) -> Generator[Installation]:
    """An installation with one row of every step: a copy of the test's own."""
    stage = BACKED_UP if "made" in request.fixturenames else FURNISHED
    twin: Furnished = request.getfixturevalue(f"prepared_{engine_name}")(stage)
    shutil.copytree(twin.folder, tmp_path, dirs_exist_ok=True)
    if engine_name == "sqlite":
        found = Installation(sealed_engine(f"sqlite:///{tmp_path / 'skoen.db'}"), tmp_path, twin)
        yield found
        found.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    name = f"{stage}_{next(NUMBERS)}"
    server.execute(f"CREATE DATABASE {name} TEMPLATE {stage}")
    found = Installation(sealed_engine(server.url(name)), tmp_path, twin)
    yield found
    found.close()
    server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def made(place: Installation) -> Path:
    """A backup of a sealed installation; afterwards one decision was sealed and one more was not."""
    (folder,) = place.out.iterdir()
    return folder
