"""Settings are complete and safe, or the service does not start."""

import dataclasses
from pathlib import Path

import pytest

from service.config import Settings
from service.errors import UnsafeStart


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SKOEN_DATABSE_URL", "sqlite:///x", "is no setting"),
        ("SKOEN_DATABASE_URL", "mysql://x", "must begin with"),
        ("SKOEN_DATABASE_URL", "x.db", "must begin with"),
        ("SKOEN_DATABASE_URL", "sqlite://", "names no file"),
        ("SKOEN_DATABASE_URL", "sqlite:///:memory:", "names no file"),
        ("SKOEN_PUBLIC_URL", "skoen.kommune.dk", "must be an address"),
        ("SKOEN_PUBLIC_URL", "ftp://skoen.kommune.dk", "must be an address"),
        ("SKOEN_PUBLIC_URL", "http://skoen.kommune.dk", "https://"),
        ("SKOEN_PROXIES", "-1", "whole number"),
        ("SKOEN_PROXIES", "²", "whole number"),
        ("SKOEN_PROXIES", "11", "whole number"),
        ("SKOEN_SQLITE_JOURNAL", "off", "truncate, wal"),
        ("SKOEN_DEBUG", "yes", "0 or 1"),
    ],
)
def test_an_unsafe_setting_is_refused_by_name(variable: str, value: str, says: str) -> None:
    with pytest.raises(UnsafeStart, match=says) as refusal:
        Settings.from_environment({variable: value})

    assert variable in str(refusal.value)


def test_debugging_is_for_this_machine_only() -> None:
    with pytest.raises(UnsafeStart, match="SKOEN_DEBUG"):
        Settings.from_environment({"SKOEN_DEBUG": "1", "SKOEN_PUBLIC_URL": "https://skoen.kommune.dk"})

    assert Settings.from_environment({"SKOEN_DEBUG": "1"}).debug


def test_without_any_setting_everything_lies_in_var() -> None:
    settings = Settings.from_environment({"HOME": "/home/alma"})

    assert settings.database_url == f"sqlite:///{Path.cwd() / 'var' / 'skoen.db'}"
    assert settings.models == settings.var / "models"
    assert settings.secrets == settings.var / "secrets"
    assert not settings.secure_cookies
    assert not settings.debug


def test_cookies_are_for_https_where_the_service_is() -> None:
    assert Settings.from_environment({"SKOEN_PUBLIC_URL": "https://skoen.kommune.dk/"}).secure_cookies


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_name_postgresql_means_the_same(scheme: str) -> None:
    settings = Settings.from_environment({"SKOEN_DATABASE_URL": f"{scheme}://alma:hemmelig@db/skoen"})

    assert settings.database_url == "postgresql+psycopg://alma:hemmelig@db/skoen"
    assert "hemmelig" not in repr(settings)


def test_settings_do_not_change() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings.from_environment({}).debug = True  # type: ignore[misc]
