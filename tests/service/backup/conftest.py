"""An installation on each engine, with casework in it, and somebody at its keyboard."""

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.service.backup.installation import Installation


@pytest.fixture
def place(any_engine: Engine, tmp_path: Path) -> Generator[Installation]:
    """An installation with one row of every step."""
    made = Installation(any_engine, tmp_path)
    yield made
    made.close()
