"""The rules of access: once a year, or nothing opens; and what somebody does who cannot wait."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from service.database import reading
from service.policy import WITHOUT_RULES, Action
from service.tables.acknowledgement import Acknowledgement
from service.tables.log import LogEntry
from service.workflow.access_rules.rules import declared
from tests.builders import a_case
from tests.cast import LONG_AGO, Cast
from tests.parts.web import Clock, Visitor
from tests.rows import rows

Visit = Callable[[str], Visitor]
PAGE, EMERGENCY = "/adgangsregler", "/adgangsregler/noedadgang"
RIGHT = {f"svar_{question.code}": question.right for question in declared().questions}
BECAUSE = "En borger er på vej hjem fra hospitalet og mangler et svar."


@pytest.fixture
def late(clock: Clock) -> Clock:
    """A year and a day after everybody acknowledged the rules."""
    clock.at = LONG_AGO + timedelta(days=366)
    return clock


def access_to(visitor: Visitor, case_id: str) -> int:
    """How the case answers."""
    return visitor.get(f"/sag/{case_id}").status_code


def last_of(engine: Engine, kind: str) -> Acknowledgement:
    """The newest row of a kind."""
    with reading(engine) as session:
        query = select(Acknowledgement).where(Acknowledgement.kind == kind)
        return session.exec(query.order_by(col(Acknowledgement.at).desc())).first()  # type: ignore[return-value]


@pytest.mark.requirement("K-15")
def test_access_is_suspended_the_day_after_the_year_and_leads_to_the_module(
    engine: Engine, visit: Visit, clock: Clock
) -> None:
    case_id = a_case(engine).id
    clock.at = LONG_AGO + timedelta(days=365)
    assert access_to(visit("alma"), case_id) == 200

    clock.at = LONG_AGO + timedelta(days=366)
    alma = visit("alma")
    before = rows(engine)
    answer = alma.get(f"/sag/{case_id}")

    assert answer.status_code == 403
    assert f'href="{PAGE}"' in answer.text
    assert "Agnes" not in answer.text
    assert rows(engine) == before
    assert alma.get(PAGE).status_code == 200


def test_everything_that_may_show_a_citizen_is_suspended_and_the_stop_button_is_not(
    visit: Visit, late: Clock
) -> None:
    alma = visit("alma")
    for path in ("/indbakke", "/sag/ny", "/mit-spejl", "/statistik"):
        assert alma.get(path).status_code == 403, path
    alma.get(PAGE)

    assert alma.get("/enhed").status_code == 200
    assert alma.post("/enhed/stop", {"begrundelse": "Tallene ser forkerte ud."}).status_code == 303


@pytest.mark.requirement("K-15")
def test_reading_and_answering_opens_access_for_a_year(engine: Engine, visit: Visit, late: Clock) -> None:
    case_id, alma = a_case(engine).id, visit("alma")
    alma.get(PAGE)
    answer = alma.post(PAGE, {**RIGHT, "bekraeftet": "ja"})

    assert answer.status_code == 303
    assert access_to(alma, case_id) == 200
    row = last_of(engine, "acknowledged")
    assert row.valid_to == late.at.date() + timedelta(days=365)
    assert row.rules == declared().fingerprint


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Nysgerrighed"),
        ({**RIGHT, "svar_nabo": "ja", "bekraeftet": "ja"}, "når dit arbejde kræver det"),
        ({**RIGHT, "svar_nabo": "måske", "bekraeftet": "ja"}, "når dit arbejde kræver det"),
        (RIGHT, "Sæt kryds ved, at du har læst reglerne."),
    ],
)
def test_wrong_answers_open_nothing_and_say_why(
    form: dict[str, str], says: str, engine: Engine, visit: Visit, late: Clock
) -> None:
    case_id, alma = a_case(engine).id, visit("alma")
    alma.get(PAGE)
    before = rows(engine)
    answer = alma.post(PAGE, form)

    assert answer.status_code == 422
    assert says in answer.text
    assert rows(engine) == before
    assert access_to(alma, case_id) == 403


@pytest.mark.requirement("K-15")
def test_who_cannot_wait_says_why_and_has_access_until_midnight(
    engine: Engine, cast: Cast, visit: Visit, late: Clock
) -> None:
    case_id, alma = a_case(engine).id, visit("alma")
    alma.get(PAGE)
    assert alma.post(EMERGENCY, {"begrundelse": BECAUSE}).status_code == 303
    assert access_to(alma, case_id) == 200

    with reading(engine) as session:
        query = select(LogEntry.entry).where(LogEntry.event == "rules:emergency")
        entry = json.loads(session.exec(query).one())
    assert (entry["actor"], entry["row"]["reason"]) == (cast.alma.person_id, BECAUSE)
    late.at += timedelta(days=1)
    assert access_to(visit("alma"), case_id) == 403


@pytest.mark.parametrize(
    ("reason", "says"),
    [
        ("", "Skriv, hvorfor"),
        ("   travlt   ", "Skriv, hvorfor"),
        ("Borgeren 7102479995 venter på svar", "CPR-nummer"),
    ],
)
def test_an_emergency_without_a_reason_opens_nothing(
    reason: str, says: str, engine: Engine, visit: Visit, late: Clock
) -> None:
    alma = visit("alma")
    alma.get(PAGE)
    before = rows(engine)
    answer = alma.post(EMERGENCY, {"begrundelse": reason})

    assert answer.status_code == 422
    assert says in answer.text
    assert rows(engine) == before


def test_whose_access_is_open_needs_no_emergency(engine: Engine, visit: Visit) -> None:
    alma = visit("alma")
    before = rows(engine)

    assert alma.post(EMERGENCY, {"begrundelse": BECAUSE}).status_code == 409
    assert rows(engine) == before


def test_only_what_shows_no_citizen_goes_without_the_rules() -> None:
    assert {
        Action.ACKNOWLEDGE_RULES, Action.READ_MODEL, Action.READ_CATALOGUE, Action.PRESS_STOP,
    } == WITHOUT_RULES  # fmt: skip
