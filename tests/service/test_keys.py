"""The secrets are made once, kept from others, and never made anew for a database in use."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.config import Settings
from service.database import writing
from service.errors import UnsafeStart
from service.identity import citizen_id_for
from service.keys import create_keys, read_keys
from tests.cast import Cast


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An installation without secrets."""
    return Settings.from_environment({"SKOEN_VAR": str(tmp_path)})


def test_without_secrets_the_service_does_not_start(settings: Settings) -> None:
    with pytest.raises(UnsafeStart, match="skoen database upgrade"):
        read_keys(settings)


def test_secrets_are_made_once_for_the_owner_only(settings: Settings, engine: Engine) -> None:
    made = create_keys(settings, engine)

    assert create_keys(settings, engine) == read_keys(settings) == made
    assert len(made.pepper) == len(made.web) == len(made.kek) == 32
    assert len({made.pepper, made.web, made.kek}) == 3
    assert settings.secrets.stat().st_mode & 0o777 == 0o700
    assert {path.name: path.stat().st_mode & 0o777 for path in settings.secrets.iterdir()} == {
        "pepper": 0o600,
        "web": 0o600,
        "kek": 0o600,
    }
    assert repr(made) == "Keys()"


def test_a_lost_pepper_is_not_replaced_when_the_database_knows_citizens(
    settings: Settings, engine: Engine, cast: Cast
) -> None:
    pepper = create_keys(settings, engine).pepper
    with writing(engine) as session:
        citizen_id_for(session, cast.alma.municipality_id, "7102779995", pepper)
        session.commit()
    (settings.secrets / "pepper").unlink()

    with pytest.raises(UnsafeStart, match="backup"):
        create_keys(settings, engine)

    assert not (settings.secrets / "pepper").exists()


def test_a_secret_that_others_can_read_is_refused(settings: Settings, engine: Engine) -> None:
    create_keys(settings, engine)
    (settings.secrets / "pepper").chmod(0o640)

    with pytest.raises(UnsafeStart, match="chmod 600"):
        read_keys(settings)


def test_half_a_secret_is_refused(settings: Settings, engine: Engine) -> None:
    create_keys(settings, engine)
    (settings.secrets / "web").write_bytes(b"half")

    with pytest.raises(UnsafeStart, match="damaged"):
        read_keys(settings)
