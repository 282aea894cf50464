"""A decided case, and the signer of the database it stands in."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.tables.decision import Decision
from tests.answered import a_decision, an_answered_case
from tests.cast import Cast
from tests.service.signer.bench import Bench, settings_of


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Decision:
    """A decision of Alma's, on evidence that she was shown."""
    return a_decision(engine, an_answered_case(engine, cast), cast.alma)


@pytest.fixture
def bench(engine: Engine, tmp_path: Path) -> Bench:
    """A signer on the test's database."""
    return Bench(engine, settings_of(engine, tmp_path))
