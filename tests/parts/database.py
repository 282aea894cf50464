"""A fresh SQLite database with all migrations for each test: migrated once, copied often."""

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from service.database import upgrade
from service.identity import Actor
from tests.cast import Cast, gather
from tests.parts.vaults import copy_database, plant_pepper, sealed_engine


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


@pytest.fixture(scope="module")
def stage_set(
    request: pytest.FixtureRequest,
    gathered: tuple[Path, dict[str, Actor]],
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, Any]:
    """A database file after the module's own `stage(engine, cast)`, and what that gave."""
    path = tmp_path_factory.mktemp("staged") / "skoen.db"
    copy_database(gathered[0], path)
    engine = sealed_engine(f"sqlite:///{path}")
    given = request.module.stage(engine, Cast(engine, gathered[1]))
    engine.dispose()
    return path, given


@pytest.fixture
def staged(stage_set: tuple[Path, Any]) -> Any:
    """What the module's `stage(engine, cast)` gave: played once, and copied for each test that asks."""
    return stage_set[1]


@pytest.fixture
def engine(request: pytest.FixtureRequest, migrated_file: Path, tmp_path: Path) -> Generator[Engine]:
    """An engine on a database of the test's own, with what the test asks for in it: `staged`, the cast."""
    path, source = tmp_path / "skoen.db", migrated_file
    if "staged" in request.fixturenames:
        source = request.getfixturevalue("stage_set")[0]
        plant_pepper(tmp_path / "secrets")
    elif "cast" in request.fixturenames:
        source = request.getfixturevalue("gathered")[0]
    copy_database(source, path)
    made = sealed_engine(f"sqlite:///{path}")
    yield made
    made.dispose()


@pytest.fixture
def cast(engine: Engine, gathered: tuple[Path, dict[str, Actor]]) -> Cast:
    """The cast, gathered in the test's database."""
    return Cast(engine, gathered[1])
