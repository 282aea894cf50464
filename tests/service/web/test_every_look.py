"""Whoever is shown a citizen has left one entry for it: found from the routes, so a new page is tried too."""

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import col, select

from service.database import reading, writing
from service.log import Event
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.workflow import decision
from tests.answered import a_decision, an_answered_case, an_exploration
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.journeys.at_the_demo import suggestion_of
from tests.letters import a_letter
from tests.mine import RESTRICTION, a_report
from tests.parts.web import Visitor
from tests.rights import a_request

Visit = Callable[[str], Visitor]
LOOKS = (Event.CASE_OPENED, Event.CASE_FOUND)
OF_A_CITIZEN = ("Agnes", "710247", "7102479995", "Prøvevej", "Faldet hjemme")
"""What tells of the usual citizen: name, number, address and the plan's own text."""

NEEDS_A_SEAL = {"/sag/<case_id>/bevis"}
"""What is only there once the log is sealed: a proof of the log, without a word about the citizen."""


FOR_THE_CITIZEN = {
    "/sag/<case_id>/borger/laes-op", "/sag/<case_id>/borger/udskrift", "/sag/<case_id>/borger/forkert",
}  # fmt: skip
"""Pages of a case that are opened on the citizen's behalf."""

OVERSIGHT = "/tilsyn/"
"""Pages of a case for those who audit."""


def looks(engine: Engine) -> list[tuple[str, str, str]]:
    """Every look-up so far: case, who, what for."""
    with reading(engine) as session:
        query = select(LogEntry.entry).where(col(LogEntry.event).in_(LOOKS)).order_by(col(LogEntry.seq))
        entries = [json.loads(entry) for entry in session.exec(query)]
    return [(entry["case"], entry["actor"], entry["purpose"]) for entry in entries]


@pytest.fixture
def cases(engine: Engine, cast: Cast) -> dict[str, Case]:
    """The usual citizen's case in each state that pages are about."""
    answered = an_answered_case(engine, cast)
    decided, returned, planned = (an_answered_case(engine, cast, number=number) for number in (2, 3, 4))
    for case in (decided, planned):
        a_decision(engine, case, cast.alma)
    a_decision(engine, returned, cast.alma, choice="retur")
    with writing(engine) as session:
        decision.plan(
            session, planned.id, forms=("gruppe",), team="ortopaedisk", place="center",
            start_status="frit_valg", first_date=None, now=NOW, by=cast.alma,
        )  # fmt: skip
    a_letter(engine, planned, cast.alma)
    new, reported = a_case(engine, request_id="new"), a_case(engine, request_id="reported")
    a_report(engine, reported, "faldrisiko")
    return {
        "reported": reported,
        "new": new,
        "answered": answered,
        "decided": decided,
        "returned": returned,
        "planned": planned,
    }


@pytest.mark.requirement("F-03")
def test_every_page_of_a_case_is_one_entry_with_its_purpose(
    app: Flask, engine: Engine, cast: Cast, visit: Visit, cases: dict[str, Case]
) -> None:
    """Whatever state the case is in; a page that leads on shows nothing and leaves none."""
    alma, shown, wrong = visit("alma"), set(), []
    asked = a_request(engine, cases["new"], cast.alma, "access").id
    tried = an_exploration(engine, cases["answered"], cast.alma, {"faldrisiko": "nej"}).id
    with_case = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if "case_id" in rule.arguments
        and "GET" in (rule.methods or ())
        and not rule.rule.startswith(OVERSIGHT)  # not Alma's: see test_oversight.py
    ]
    for rule in with_case:
        for case in cases.values():
            other = suggestion_of(engine, cases["answered"].id) if case is cases["answered"] else "0" * 32
            path = (
                rule.replace("<case_id>", case.id)
                .replace("<suggestion_id>", other)
                .replace("<request_id>", asked)
                .replace("<exploration_id>", tried)
            )
            if rule.endswith("/borger/forkert"):
                path += f"?oplysning={RESTRICTION}"
            purpose = "borgerens_oensker" if rule in FOR_THE_CITIZEN else "sagsbehandling"
            before = len(looks(engine))
            answer = alma.get(path)
            left = looks(engine)[before:]
            if answer.status_code == 200:
                shown.add(rule)
                if left != [(case.id, cast.alma.person_id, purpose)]:
                    wrong.append((rule, left))
            elif any(told in answer.text for told in OF_A_CITIZEN):
                wrong.append((rule, f"{answer.status_code} shows a citizen"))

    assert wrong == []
    assert set(with_case) - shown == NEEDS_A_SEAL, "no case is in a state that these pages are about"


def test_every_other_page_shows_no_citizen_without_an_entry(
    app: Flask, engine: Engine, visit: Visit, cases: dict[str, Case]
) -> None:
    for name in ("alma", "tove", "dan", "dorte", "ada"):
        person = visit(name)
        for rule in app.url_map.iter_rules():
            if rule.arguments or "GET" not in (rule.methods or ()):
                continue
            answer = person.get(rule.rule)
            told = [word for word in OF_A_CITIZEN if word in answer.text]
            assert not told, (name, rule.rule, told)
    assert looks(engine) == []


def test_a_name_that_a_search_shows_is_an_entry_for_each_case(
    engine: Engine, visit: Visit, cases: dict[str, Case]
) -> None:
    alma = visit("alma")
    alma.post("/indbakke/soegning", {"soegning": "agnes"})
    page = alma.get("/indbakke").text

    listed = [case.id for case in cases.values() if f"/sag/{case.id}" in page]
    assert "Agnes Prøve" in page
    assert sorted(case_id for case_id, _, _ in looks(engine)) == sorted(listed)
    assert len(listed) >= 3


@pytest.mark.requirement("F-03")
@pytest.mark.parametrize("page", ["", "/grundlag", "/kvittering", "/ret"])
def test_who_has_not_said_what_for_sees_nothing_and_leaves_nothing(
    page: str, engine: Engine, visit: Visit, cases: dict[str, Case]
) -> None:
    dorte, case = visit("dorte"), cases["decided"]
    answer = dorte.get(f"/sag/{case.id}{page}")

    assert answer.status_code == 403
    assert not [word for word in OF_A_CITIZEN if word in answer.text]
    assert looks(engine) == []

    dorte.post(f"/sag/{case.id}/formaal", {"formaal": "stikproeve", "videre": f"/sag/{case.id}{page}"})
    dorte.get(f"/sag/{case.id}{page}", follow_redirects=True)
    assert {purpose for _, _, purpose in looks(engine)} == {"stikproeve"}


@pytest.mark.parametrize("path", ["/sag/{}", "/sag/{}/ret", "/api/v1/sager/{}/oplysninger"])
def test_a_case_that_cannot_be_logged_is_not_shown(
    path: str, engine: Engine, visit: Visit, cases: dict[str, Case]
) -> None:
    alma = visit("alma")
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    answer = alma.get(path.format(quote(cases["new"].id)))

    assert answer.status_code == 503
    assert not [word for word in OF_A_CITIZEN if word in answer.text]
