"""A signer's bench for each test."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.service.signer.bench import Bench, settings_of


@pytest.fixture
def bench(engine: Engine, tmp_path: Path) -> Bench:
    """A signer on an SQLite database of the test's own."""
    (tmp_path / "var").mkdir()
    return Bench(engine, settings_of(engine, tmp_path))
