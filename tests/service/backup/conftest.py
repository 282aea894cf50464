"""An installation on each engine, with casework in it, and somebody at its keyboard."""

from collections.abc import Generator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.signer.report import OK
from tests.service.backup.clock import stop_at_that_day
from tests.service.backup.installation import Installation


@pytest.fixture(autouse=True)
def day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run on one day."""
    stop_at_that_day(monkeypatch.setattr)


@pytest.fixture
def place(any_engine: Engine, tmp_path: Path) -> Generator[Installation]:
    """An installation with one row of every step."""
    made = Installation(any_engine, tmp_path)
    yield made
    made.close()


@pytest.fixture
def made(place: Installation) -> Path:
    """A backup of a sealed installation; afterwards one decision is sealed and one more is not."""
    place.decide("kept")
    assert place.seal().state == OK
    folder = place.backup()
    place.decide("sealed")
    assert place.seal().state == OK
    place.decide("unsealed")
    return folder
