"""Who gets to a citizen's page: by a code or a login, never an employee, and not for long."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.citizen_login import CitizenLogin
from service.database import reading
from service.tables.intake import Case
from service.tables.session import WebSession
from tests.answered import an_operation_without_basis
from tests.builders import a_case
from tests.cast import PEPPER, Cast
from tests.mine import RESTRICTION, a_code
from tests.parts.web import Clock, Visitor
from tests.rows import rows
from tests.visits import INSIDE, NAME, PAGE, Visit, a_case_with_a_letter, a_stranger, enters, key_of

SECRET = "s" * 40


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A case with evidence, decision and letter."""
    return a_case_with_a_letter(engine, cast)


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """A browser in which nobody is signed in."""
    return a_stranger(app)


def test_without_a_visit_nothing_is_shown_and_nothing_written(
    stranger: Visitor, engine: Engine, case: Case
) -> None:
    before = rows(engine)
    for path in INSIDE:
        assert stranger.get(path).location == "/borger?tid=1"
    answer = stranger.post("/borger/forkert", {"oplysning": RESTRICTION, "note": "x"})
    assert answer.location == "/borger?tid=1"
    assert rows(engine) == before


def test_a_wrong_code_says_no_more_than_that(stranger: Visitor, engine: Engine, case: Case) -> None:
    answer = stranger.post("/borger", {"kode": "ABCD EFGH JKMN PQRS"})
    assert answer.status_code == 422
    assert "Koden passer ikke" in answer.text
    assert NAME not in answer.text
    assert stranger.get(PAGE).status_code == 303


def test_an_employee_is_never_a_citizen(
    app: Flask, visit: Visit, engine: Engine, cast: Cast, case: Case
) -> None:
    alma, code = visit("alma"), a_code(engine, case, cast.alma, key=key_of(app))
    alma.get("/indbakke")
    before = rows(engine)
    for path in ("/borger", *INSIDE):
        assert alma.get(path).status_code == 403
    assert alma.post("/borger", {"kode": code}).status_code == 403
    assert rows(engine) == before


def test_a_citizen_is_never_an_employee(
    app: Flask, stranger: Visitor, engine: Engine, cast: Cast, case: Case
) -> None:
    enters(app, engine, stranger, case, cast)
    with reading(engine) as session:
        people = {row.person_id for row in session.exec(select(WebSession)) if row.content.get("borger")}
    assert people == {None}
    for path in ("/indbakke", f"/sag/{case.id}", "/tilsyn", f"/api/v1/sager/{case.id}/oplysninger"):
        answer = stranger.get(path)
        assert answer.status_code in (303, 401)
        assert NAME not in answer.text


def test_coming_in_renews_the_session_and_drops_what_it_held(
    app: Flask, stranger: Visitor, engine: Engine, cast: Cast, case: Case
) -> None:
    before = stranger.client.get_cookie("skoen")
    enters(app, engine, stranger, case, cast)
    after = stranger.client.get_cookie("skoen")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    planted = app.test_client()
    planted.set_cookie("skoen", before.value)
    assert planted.get(PAGE).status_code == 303


def test_a_visit_is_short_and_ends_when_it_is_ended(
    app: Flask, stranger: Visitor, engine: Engine, cast: Cast, case: Case, clock: Clock
) -> None:
    enters(app, engine, stranger, case, cast)
    begun = clock.at
    for minutes in (25, 50):
        clock.at = begun + timedelta(minutes=minutes)
        assert stranger.get(PAGE).status_code == 200
    clock.at = begun + timedelta(minutes=60)
    assert stranger.get(PAGE).location == "/borger?tid=1"
    enters(app, engine, stranger, case, cast)
    assert stranger.get(PAGE).status_code == 200
    stranger.post("/borger/luk")
    assert stranger.get(PAGE).location == "/borger?tid=1"


def test_in_operation_the_way_is_shut(
    app: Flask, stranger: Visitor, engine: Engine, cast: Cast, case: Case
) -> None:
    enters(app, engine, stranger, case, cast)
    code, another = a_code(engine, case, cast.alma, key=key_of(app)), Visitor(app.test_client())
    another.get("/borger")
    an_operation_without_basis(engine, cast)
    before = rows(engine)
    for path in ("/borger", *INSIDE):
        assert stranger.get(path).status_code == 404
    assert another.post("/borger", {"kode": code}).status_code == 404
    assert rows(engine) == before


@pytest.fixture
def logged_in(app: Flask) -> Iterator[Callable[[str, str], Visitor]]:
    """`logged_in(cpr, secret)`: a browser behind the municipality's own login."""
    runtime = app.extensions["skoen"]
    keys = replace(runtime.keys, pepper=PEPPER)  # under which the tests' citizens are known
    login = CitizenLogin("X-Skoen-Borger", SECRET)
    app.extensions["skoen"] = replace(runtime, keys=keys, citizen_login=login)

    def browser(cpr: str, secret: str = SECRET) -> Visitor:
        client = app.test_client()
        client.environ_base["HTTP_X_SKOEN_BORGER"] = cpr
        client.environ_base["HTTP_X_SKOEN_LOGIN"] = secret
        found = Visitor(client)
        found.get("/borger")
        return found

    yield browser
    app.extensions["skoen"] = runtime


def test_past_the_login_in_front_nobody_gets_in(
    logged_in: Callable[..., Visitor], stranger: Visitor, engine: Engine, cast: Cast, case: Case
) -> None:
    an_operation_without_basis(engine, cast)
    for somebody in (
        stranger, logged_in("7102479995", "guessed"), logged_in("", SECRET), logged_in("7102479995", "")
    ):  # fmt: skip
        answer = somebody.get("/borger")
        assert answer.status_code == 403
        assert "Planen fra" not in answer.text


def test_the_login_in_front_opens_her_own_cases_and_no_others(
    app: Flask, logged_in: Callable[..., Visitor], engine: Engine, cast: Cast, case: Case
) -> None:
    an_operation_without_basis(engine, cast)
    agnes, other = logged_in("7102479995"), logged_in("7102479987")
    assert "Vi har ingen sager om dig" in other.get("/borger").text
    assert other.post("/borger/sag", {"sag": case.id}).status_code == 404
    other.get("/borger")
    code = a_code(engine, case, cast.alma, key=key_of(app))
    other.post("/borger", {"kode": code})
    assert other.get(PAGE).status_code == 403

    agnes.get("/borger")
    assert agnes.post("/borger/sag", {"sag": case.id}).location == PAGE
    assert NAME in agnes.get(PAGE).text


@pytest.mark.requirement("K-11")
def test_behind_the_login_she_sees_each_case_with_its_unit_and_deadline(
    logged_in: Callable[..., Visitor], engine: Engine, cast: Cast, case: Case
) -> None:
    a_case(
        engine, request_id="second", unit_name="Træning Syd", discharged_on=date(2026, 6, 29),
        contact_to=date(2026, 6, 29),
    )  # fmt: skip
    page = re.sub(r"<[^>]*>", " ", logged_in("7102479995").get("/borger").text)
    told = " ".join(page.split())
    due = "Frist for at tilbyde dig en start:"
    for place, state, day in (
        ("Træning Nord", "Det er besluttet. Vi mangler at aftale en tid.", "5. jul. 2026"),
        ("Træning Syd", "Vi har ikke læst planen endnu.", "6. jul. 2026"),
    ):
        assert f"Fjordby Kommune, {place}. {state} {due} {day}." in told
