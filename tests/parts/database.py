"""A fresh SQLite database with all migrations for each test: migrated once, copied often."""

import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.database import make_engine, upgrade
from tests.cast import Cast, gather


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database file with every migration applied."""
    path = tmp_path_factory.mktemp("migrated") / "skoen.db"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture
def engine(migrated_file: Path, tmp_path: Path) -> Generator[Engine]:
    """An engine on a database of the test's own."""
    path = tmp_path / "skoen.db"
    shutil.copyfile(migrated_file, path)
    made = make_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def cast(engine: Engine) -> Cast:
    """The cast, gathered in the test's database."""
    return gather(engine)
