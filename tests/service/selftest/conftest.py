"""The installation that the checks are tried on."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.selftest import Installation
from tests.cast import Cast
from tests.parts.fitness import installation


@pytest.fixture
def place(engine: Engine, cast: Cast, tmp_path: Path) -> Installation:
    """An installation in practice with the cast in it, and nothing wrong."""
    Path(engine.url.database or "").chmod(0o600)
    return installation(engine, tmp_path)


@pytest.fixture
def postgres_place(postgres_engine: Engine, tmp_path: Path) -> Installation:
    """An empty installation on PostgreSQL."""
    return installation(postgres_engine, tmp_path)
