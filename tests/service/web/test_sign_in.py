"""Signing in and out: who gets in, what a stolen or planted cookie is worth, and what is not lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session, select

from service import passwords, throttle
from service.database import reading, writing
from service.demo import town
from service.log import Event
from service.tables.log import LogEntry
from service.tables.organisation import Credential, Municipality
from service.tables.session import WebSession
from service.web.sign_in import PRACTICE_PASSWORD
from service.workflow import governance
from tests.builders import a_case
from tests.cast import LONG_AGO, NOW, TODAY, Cast
from tests.parts.web import COOKIE, Clock, Visitor

Visit = Callable[[str], Visitor]
PASSWORD = "en lang adgangskode"


@pytest.fixture(scope="module")
def password_hash() -> str:
    """Hashing is slow on purpose, so it is done once."""
    return passwords.hash_password(PASSWORD)


@pytest.fixture
def door(app: Flask, engine: Engine, cast: Cast, password_hash: str) -> Visitor:
    """A browser in front of the sign-in page; Alma has a password."""
    with writing(engine) as session:
        row = Credential(person_id=cast.alma.person_id, password_hash=password_hash, created_at=LONG_AGO)
        session.add(row)
        session.commit()
    visitor = Visitor(app.test_client())
    visitor.get("/log-ind")
    return visitor


def enter(door: Visitor, name: str = "alma", password: str = PASSWORD, **more: str) -> int:
    return door.post("/log-ind", {"brugernavn": name, "adgangskode": password, **more}).status_code


def events(engine: Engine) -> list[str]:
    """The events of the access log, in order."""
    with reading(engine) as session:
        chosen = select(LogEntry).where(LogEntry.shard.startswith("access")).order_by(LogEntry.seq)
        return [entry.event for entry in session.exec(chosen)]


def sessions_of(session: Session, person_id: str | None) -> int:
    return len(session.exec(select(WebSession).where(WebSession.person_id == person_id)).all())


@pytest.mark.parametrize(("name", "password"), [("alma", "forkert"), ("nobody", PASSWORD), ("", "")], ids=str)
def test_a_wrong_name_and_a_wrong_password_are_told_alike(
    name: str, password: str, door: Visitor, engine: Engine, cast: Cast
) -> None:
    answer = door.post("/log-ind", {"brugernavn": name, "adgangskode": password})

    assert answer.status_code == 401
    assert "Brugernavn eller adgangskode er forkert." in answer.text
    assert events(engine)[-1] == Event.SIGN_IN_FAILED
    with reading(engine) as session:
        assert sessions_of(session, cast.alma.person_id) == 0


def test_the_password_never_comes_back(door: Visitor) -> None:
    answer = door.post("/log-ind", {"brugernavn": "alma", "adgangskode": "hemmeligt kodeord"})

    assert "hemmeligt" not in answer.text


def test_after_ten_wrong_passwords_even_the_right_one_waits(door: Visitor, engine: Engine) -> None:
    with writing(engine) as session:
        for _ in range(throttle.PER_ACCOUNT):
            throttle.admit(session, "alma", "127.0.0.1", NOW)
        session.commit()
    answer = door.post("/log-ind", {"brugernavn": "alma", "adgangskode": PASSWORD})

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0


def test_a_planted_cookie_is_worth_nothing_after_sign_in(door: Visitor, app: Flask, engine: Engine) -> None:
    planted = door.client.get_cookie(COOKIE)
    assert enter(door) == 303
    assert planted is not None

    attacker = app.test_client()
    attacker.set_cookie(COOKIE, planted.value)
    assert attacker.get("/indbakke").headers["Location"].startswith("/log-ind")


def test_a_copied_cookie_is_worth_nothing_after_signing_out(door: Visitor, app: Flask) -> None:
    enter(door)
    copied = door.client.get_cookie(COOKIE)
    assert copied is not None
    thief = app.test_client()
    thief.set_cookie(COOKIE, copied.value)
    assert thief.get("/indbakke").status_code == 200

    door.get("/indbakke")
    assert door.post("/log-ud").status_code == 303
    assert thief.get("/indbakke").status_code == 303


def test_a_session_ends_by_itself_when_it_is_not_used(visit: Visit, clock: Clock) -> None:
    alma = visit("alma")
    assert alma.get("/indbakke").status_code == 200

    clock.at += timedelta(minutes=31)
    assert alma.get("/indbakke").status_code == 303


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door: Visitor) -> None:
    answer = door.post("/log-ind", {"brugernavn": "alma", "adgangskode": PASSWORD})
    cookie = answer.headers["Set-Cookie"]

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie


def test_one_comes_back_to_the_page_one_asked_for_and_never_to_another_site(door: Visitor) -> None:
    for onward, place in (
        ("/enhed", "/enhed"),
        ("//evil.example", "/indbakke"),
        ("https://evil.example/", "/indbakke"),
        ("/\\evil.example", "/indbakke"),
    ):
        answer = door.post("/log-ind", {"brugernavn": "alma", "adgangskode": PASSWORD, "videre": onward})
        assert answer.headers["Location"] == place
        door.get("/log-ind")


def test_what_was_sent_while_signed_out_can_be_sent_again_after_signing_in(
    door: Visitor, engine: Engine
) -> None:
    case_id = a_case(engine).id
    asked = door.post(f"/sag/{case_id}/vurdering", {"valg": "basal", "oplysning.funk_krop": "3"})
    assert asked.status_code == 401
    assert 'name="skrevet.felt.oplysning.funk_krop" value="3"' in asked.text

    again = door.post(
        "/log-ind",
        {
            "brugernavn": "alma",
            "adgangskode": PASSWORD,
            "skrevet.sti": f"/sag/{case_id}/vurdering",
            "skrevet.felt.valg": "basal",
            "skrevet.felt.csrf_token": "gammel",
        },
    )
    assert again.status_code == 200
    assert f'action="/sag/{case_id}/vurdering"' in again.text
    assert '<input type="hidden" name="valg" value="basal">' in again.text
    assert "gammel" not in again.text


def test_a_strangers_form_is_not_carried_along(door: Visitor, engine: Engine) -> None:
    case_id = a_case(engine).id
    headers = {"Sec-Fetch-Site": "cross-site"}
    answer = door.post(f"/sag/{case_id}/vurdering", {"valg": "basal"}, headers=headers)

    assert answer.status_code == 401
    assert "skrevet.felt" not in answer.text


def test_the_cast_is_listed_only_where_every_citizen_is_invented(door: Visitor, engine: Engine) -> None:
    assert "Log ind som Alma Holm" in door.get("/log-ind").text

    with reading(engine) as session:
        municipality_id = session.exec(select(Municipality.id)).first()
    with writing(engine) as session:
        governance.change_phase(
            session, municipality_id or "", "pilot", legal_basis="§ 1", approved_by="Direktionen",
            valid_from=TODAY, now=NOW, by=None,
        )  # fmt: skip
    page = door.get("/log-ind").text
    assert "Log ind som Alma Holm" not in page
    assert PRACTICE_PASSWORD not in page


def test_the_password_on_the_page_is_the_demonstrations() -> None:
    assert PRACTICE_PASSWORD == town.PASSWORD


def test_each_role_begins_on_a_page_of_its_own(visit: Visit) -> None:
    begins = {"alma": "/indbakke", "tove": "/statistik", "dan": "/om-modellen", "dorte": "/indbakke"}

    assert {name: visit(name).get("/").headers["Location"] for name in begins} == begins
