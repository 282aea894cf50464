"""What the rooms' tests share."""

import pytest
from sqlalchemy import Engine

from tests.builders import an_admission
from tests.cast import Cast


@pytest.fixture
def admitted(engine: Engine, cast: Cast) -> Engine:
    """A database with the cast and a model in use."""
    an_admission(engine, cast.dan)
    return engine
