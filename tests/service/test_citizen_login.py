"""The municipality's own login in front of the citizen's page: whole, or the service does not start."""

from pathlib import Path

import pytest

from service.citizen_login import SECRET_HEADER, CitizenLogin, NotLoggedIn, citizen_login
from service.config import Settings
from service.errors import UnsafeStart

SECRET = "s" * 32
WHOLE = {
    "SKOEN_CITIZEN_LOGIN": "X-Skoen-Borger", "SKOEN_CITIZEN_LOGIN_KEY": "/run/key",
    "SKOEN_PUBLIC_URL": "https://skoen.kommune.dk", "SKOEN_PROXIES": "1",
}  # fmt: skip


@pytest.mark.parametrize(
    "changes",
    [
        {"SKOEN_CITIZEN_LOGIN": ""},
        {"SKOEN_CITIZEN_LOGIN": "X Skoen"},
        {"SKOEN_CITIZEN_LOGIN_KEY": None},
        {"SKOEN_PUBLIC_URL": "http://127.0.0.1:8000"},
        {"SKOEN_PROXIES": "0"},
    ],
    ids=["no header", "no name of a header", "no secret", "no https", "nothing in front"],
)
def test_half_a_login_is_refused(changes: dict[str, str | None]) -> None:
    said = {name: value for name, value in {**WHOLE, **changes}.items() if value is not None}
    with pytest.raises(UnsafeStart, match="SKOEN_"):
        Settings.from_environment(said)


@pytest.mark.parametrize("days", ["0", "366", "-1", "fjorten"])
def test_access_for_no_time_or_for_ever_is_refused(days: str) -> None:
    with pytest.raises(UnsafeStart, match="SKOEN_ACCESS_DAYS"):
        Settings.from_environment({"SKOEN_ACCESS_DAYS": days})


def kept(folder: Path, secret: str, mode: int = 0o600) -> Settings:
    """Settings with a secret in a file."""
    file = folder / "login"
    file.write_text(secret)
    file.chmod(mode)
    return Settings.from_environment({**WHOLE, "SKOEN_CITIZEN_LOGIN_KEY": str(file)})


def test_a_secret_that_is_none_is_refused(tmp_path: Path) -> None:
    for secret, mode in (("short", 0o600), (SECRET, 0o644)):
        with pytest.raises(UnsafeStart):
            citizen_login(kept(tmp_path, secret, mode))
    with pytest.raises(UnsafeStart, match="missing"):
        citizen_login(Settings.from_environment({**WHOLE, "SKOEN_CITIZEN_LOGIN_KEY": str(tmp_path / "x")}))


def test_without_a_login_there_is_none_and_with_one_it_is_whole(tmp_path: Path) -> None:
    assert citizen_login(Settings.from_environment({})) is None
    assert citizen_login(kept(tmp_path, f"{SECRET}\n")) == CitizenLogin("X-Skoen-Borger", SECRET)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"X-Skoen-Borger": "7102479995"},
        {"X-Skoen-Borger": "7102479995", SECRET_HEADER: "S" * 32},
        {SECRET_HEADER: SECRET},
        {"X-Skoen-Borger": "ikke et nummer", SECRET_HEADER: SECRET},
    ],
    ids=["nothing", "no secret", "another secret", "nobody", "no number"],
)
def test_who_did_not_come_through_the_login_is_nobody(sent: dict[str, str]) -> None:
    with pytest.raises(NotLoggedIn):
        CitizenLogin("X-Skoen-Borger", SECRET).cpr_in(sent)


def test_who_did_is_told_by_number() -> None:
    sent = {"X-Skoen-Borger": "710247-9995", SECRET_HEADER: SECRET}
    assert CitizenLogin("X-Skoen-Borger", SECRET).cpr_in(sent) == "7102479995"
