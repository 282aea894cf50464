"""A fresh SQLite database with all migrations for each test: migrated once, copied often."""

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.database import upgrade
from service.identity import Actor
from tests.cast import Cast, gather
from tests.parts.vaults import copy_database, sealed_engine


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file with every migration applied."""
    path = tmp_path_factory.mktemp("migrated") / "skoen.db"
    engine = sealed_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def gathered(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Actor]]:
    """A database file with the cast in it, and who they are."""
    path = tmp_path_factory.mktemp("gathered") / "skoen.db"
    copy_database(migrated_file, path)
    engine = sealed_engine(f"sqlite:///{path}")
    people = gather(engine).people
    engine.dispose()
    return path, people


@pytest.fixture
def engine(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> Generator[Engine]:
    """An engine on a database of the test's own, with the cast in it when the test asks for them."""
    path = tmp_path / "skoen.db"
    has_cast = "cast" in request.fixturenames
    copy_database(request.getfixturevalue("gathered")[0] if has_cast else migrated_file, path)
    made = sealed_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def cast(engine: Engine, gathered: tuple[Path, dict[str, Actor]]) -> Cast:
    """The cast, gathered in the test's database."""
    return Cast(engine, gathered[1])
