"""There is one way in, a name and a password, and what was taken back is worth nothing any more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service import sessions
from service.app import create_app
from service.clock import utc_now
from service.commands.users import users
from service.config import Settings
from service.database import reading, writing
from service.keys import create_keys
from service.tables.organisation import Membership
from service.tables.session import SignInAttempt
from service.workflow import staff
from tests.answered import an_answered_case
from tests.cast import NOW, TODAY, Cast
from tests.house.test_routes import FOR_EVERYBODY, path_of, rules
from tests.parts.tree import ROOT
from tests.parts.vaults import keystore_file, plant_kek
from tests.parts.web import COOKIE, Clock, Visitor

Visit = Callable[[str], Visitor]

OTHER_DOORS = (
    "/saml/acs", "/saml2/acs", "/saml/SSO", "/saml/sls", "/Shibboleth.sso/SAML2/POST", "/auth/saml/callback",
    "/simplesaml/module.php/saml/sp/saml2-acs.php/default-sp", "/sso/saml", "/acs", "/oidc/callback",
    "/oauth/callback", "/oauth2/callback", "/callback", "/authorize", "/login/callback", "/signin-oidc",
    "/auth/oidc/callback", "/.well-known/openid-configuration", "/log-ind/oidc", "/log-ind/saml",
)  # fmt: skip
FORGED = {
    "SAMLResponse": "PHNhbWxwOlJlc3BvbnNlLz4=", "RelayState": "/indbakke", "code": "x", "state": "y",
    "id_token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbG1hIn0.", "access_token": "z",
}  # fmt: skip
SPEAK_OF_A_LOGIN_ELSEWHERE = (
    "authlib", "pysaml2", "python3-saml", "xmlsec", "oauthlib", "pyjwt", "python-jose",
)  # fmt: skip


def test_no_login_from_elsewhere_is_taken(app: Flask, engine: Engine, cast: Cast) -> None:
    client = app.test_client()
    for path in OTHER_DOORS:
        for answer in (client.get(path, query_string=FORGED), client.post(path, data=FORGED)):
            assert answer.status_code == 404, path
            assert "Set-Cookie" not in answer.headers, path

    assert client.get("/indbakke").headers["Location"].startswith("/log-ind")


def test_a_token_or_a_name_in_a_header_signs_nobody_in(app: Flask, engine: Engine, cast: Cast) -> None:
    client = app.test_client()
    for headers in (
        {"Authorization": f"Bearer {FORGED['id_token']}"},
        {"Authorization": "Basic YWxtYTpza29lbi1kZW1v"},
        {"X-Remote-User": "alma", "Remote-User": "alma", "X-Forwarded-User": "alma"},
        {"X-Auth-Request-Email": "alma@example.dk", "Oidc-Claim-Sub": cast.alma.person_id},
        {"Cookie": f"session={cast.alma.person_id}; remember_token=alma; {COOKIE}={cast.alma.person_id}"},
    ):
        assert client.get("/indbakke", headers=headers).status_code == 303, headers
        assert client.get("/api/v1/adgang", headers=headers).status_code == 401, headers


def test_no_library_that_reads_such_a_login_is_installed_with_the_service(app: Flask) -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8").lower()

    assert [name for name in SPEAK_OF_A_LOGIN_ELSEWHERE if f"\n{name}==" in lock] == []
    assert {rule.endpoint for rule in rules(app) if "sign_in" in rule.endpoint} <= FOR_EVERYBODY


def every_page_refuses(app: Flask, thief: Visitor, case_id: str) -> list[str]:
    """The routes that still do something for a session that was taken back."""
    reached = []
    for rule in rules(app):
        if rule.endpoint in FOR_EVERYBODY | {"citizen_page.door"}:  # the doors themselves
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = thief.client.open(path_of(rule, case_id), method=method)
            lands = answer.headers.get("Location", "")
            is_shown_the_door = "/log-ind" in lands or lands.partition("?")[0] == "/borger"
            if answer.status_code not in (400, 401, 403) and not is_shown_the_door:
                reached.append(f"{method} {rule.rule}: {answer.status_code}")
    return reached


def copied(app: Flask, visitor: Visitor) -> Visitor:
    """Another browser with the same cookie."""
    cookie = visitor.client.get_cookie(COOKIE)
    assert cookie is not None
    thief = Visitor(app.test_client())
    thief.client.set_cookie(COOKIE, cookie.value)
    assert thief.get("/indbakke").status_code == 200
    return thief


@pytest.mark.requirement("G-05", "G-28")
def test_after_signing_out_a_copied_cookie_reaches_nothing(
    app: Flask, engine: Engine, cast: Cast, visit: Visit
) -> None:
    case_id, alma = an_answered_case(engine, cast).id, visit("alma")
    thief = copied(app, alma)
    alma.get("/enhed")
    alma.post("/log-ud")

    assert every_page_refuses(app, thief, case_id) == []


def test_a_role_that_ended_yesterday_reaches_nothing_on_the_very_next_request(
    app: Flask, engine: Engine, cast: Cast, visit: Visit
) -> None:
    """The role is read anew for each request, whether or not somebody remembered to end the sessions."""
    case_id, thief = an_answered_case(engine, cast).id, copied(app, visit("alma"))
    with writing(engine) as session:
        membership = session.exec(select(Membership).where(Membership.person_id == cast.alma.person_id)).one()
        staff.revoke(session, membership.id, valid_to=TODAY - timedelta(days=1), now=NOW, by=None)

    assert every_page_refuses(app, thief, case_id) == []


@pytest.fixture
def at_the_machine(engine: Engine, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands work on the test's database."""
    monkeypatch.setenv("SKOEN_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("SKOEN_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("SKOEN_KEYSTORE_URL", f"sqlite:///{keystore_file(engine)}")
    settings = Settings.from_environment()
    plant_kek(settings.secrets)
    create_keys(settings, engine)


@pytest.mark.usefixtures("at_the_machine")
@pytest.mark.parametrize("command", ["revoke", "set-password"])
def test_taking_a_role_or_changing_a_password_ends_every_session(
    command: str, engine: Engine, cast: Cast
) -> None:
    with writing(engine) as session:
        person_id = cast.alma.person_id
        tokens = [sessions.create(session, now=utc_now(), content={}, person_id=person_id) for _ in range(3)]
        session.commit()
    place = ["--municipality", "0999", "--unit", "Træning Nord", "--role", "visitator"]
    words = [command, "alma", *(place if command == "revoke" else ["--password", "en ny adgangskode"])]
    done = CliRunner().invoke(users, words)

    assert done.exit_code == 0, done.output
    with reading(engine) as session:
        assert [sessions.read(session, token, now=utc_now()) for token in tokens] == [None] * 3


HERE = "https://skoen.kommune.dk"


def test_behind_one_proxy_only_its_own_word_counts(
    app: Flask, engine: Engine, cast: Cast, clock: Clock
) -> None:
    """What a visitor says of herself stands before what the proxy adds, and is not believed."""
    settings = replace(app.extensions["skoen"].settings, public_url=HERE, proxies=1)
    door = Visitor(create_app(settings, clock).test_client())
    said = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.7",
        "X-Forwarded-Proto": "https",
        "Referer": HERE + "/",
    }
    ours, evil = ({**said, "X-Forwarded-Host": host} for host in ("skoen.kommune.dk", "evil.example"))
    door.get("/log-ind", base_url=HERE, headers=ours)
    form = {"brugernavn": "alma", "adgangskode": "forkert-kode"}

    assert door.post("/log-ind", form, base_url=HERE, headers=ours).status_code == 401
    assert door.get("/log-ind", base_url=HERE, headers=evil).status_code == 400
    with reading(engine) as session:
        assert session.exec(select(SignInAttempt.address)).all() == ["198.51.100.7"]
