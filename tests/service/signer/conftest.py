"""A signer's bench for each test."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.signer.report import OK
from tests.service.signer.bench import ACCESS, DECISIONS, Bench, fill, settings_of


@pytest.fixture
def bench(engine: Engine, tmp_path: Path) -> Bench:
    """A signer on an SQLite database of the test's own."""
    (tmp_path / "var").mkdir()
    return Bench(engine, settings_of(engine, tmp_path))


@pytest.fixture
def sealed(bench: Bench) -> Bench:
    """Both logs sealed at 300, and 50 entries more in each."""
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 300)
    assert bench.seal().state == OK
    for shard in (DECISIONS, ACCESS):
        fill(bench.engine, shard, 50)
    return bench
