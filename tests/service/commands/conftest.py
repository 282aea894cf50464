"""The desk of a test: its own database, folder and secrets."""

from pathlib import Path

import pytest

from service.config import Settings
from service.keys import create_keys
from tests.cast import Cast
from tests.desk import Desk
from tests.parts.vaults import keystore_file, plant_kek


@pytest.fixture
def desk(cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    folder = tmp_path / "incoming"
    folder.mkdir()
    monkeypatch.setenv("SKOEN_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SKOEN_DATABASE_URL", f"sqlite:///{tmp_path / 'skoen.db'}")
    monkeypatch.setenv("SKOEN_KEYSTORE_URL", f"sqlite:///{keystore_file(cast.engine)}")
    settings = Settings.from_environment()
    plant_kek(settings.secrets)
    create_keys(settings, cast.engine)
    return Desk(cast.engine, folder, tmp_path / "var")
