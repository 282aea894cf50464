"""The pages of a trial: who may see and do what, and that nothing of either arm is told too early."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.tables.log import LogEntry
from service.tables.suggestion import Suggestion
from service.tables.trial import Trial
from service.workflow import export, trial
from service.workflow.trial import look_at
from service.workflow.trial.looking import Look
from tests.answered import a_decision
from tests.builders import an_admission
from tests.cast import NOW, Cast
from tests.house.test_routes import path_of, rules
from tests.parts.web import Visitor
from tests.payloads import a_payload
from tests.rows import rows
from tests.shelves import FixedShelf
from tests.trials import NAME, a_case_with_arm, a_plan, a_trial, an_opened_trial

Visit = Callable[[str], Visitor]
PAGE = f"/forsoeg/{NAME}"
CANARY = "kanariefugl"


@pytest.mark.parametrize("name", ["alma", "vera", "poul", "ada"])
def test_other_roles_see_no_trials(name: str, engine: Engine, cast: Cast, visit: Visit) -> None:
    a_trial(engine, cast)
    person = visit(name)
    assert {person.get(each).status_code for each in ("/forsoeg", PAGE)} == {403}


@pytest.mark.parametrize("name", ["tove", "dorte"])
def test_who_reads_a_trial_neither_starts_stops_nor_opens_it(
    name: str, engine: Engine, cast: Cast, visit: Visit
) -> None:
    a_trial(engine, cast)
    person = visit(name)
    page = person.get(PAGE)
    assert page.status_code == 200
    assert "Stop forsøget" not in page.text
    before = rows(engine)["trial_steps"]
    for step in ("start", "stop", "aabn"):
        assert (
            person.post(f"{PAGE}/{step}", {} if step == "start" else {"begrundelse": "x"}).status_code == 403
        )
    assert rows(engine)["trial_steps"] == before


def test_a_trial_of_another_municipality_is_not_there(engine: Engine, cast: Cast, visit: Visit) -> None:
    assert visit("dan").get("/forsoeg/et-andet").status_code == 404


def test_the_plan_is_shown_and_started_by_another_than_who_wrote_it(
    engine: Engine, cast: Cast, visit: Visit
) -> None:
    assert "Der er ikke planlagt noget forsøg." in visit("dan").get("/forsoeg").text
    with writing(engine) as session:
        trial.register(session, a_plan(cast, exempt=("hjemmepleje=ja",)), now=NOW, by=cast.dan)
    page = visit("dan").get(PAGE).text
    for words in (
        "50 % af sagerne i Træning Nord",
        "Så ved vi ikke, om grundlaget",
        "751",
        "5 procentpoint færre",
    ):
        assert words in page
    refused = visit("dan").post(f"{PAGE}/start")
    assert refused.status_code == 422
    assert "En anden end den, der skrev planen" in refused.text
    assert visit("dagny").post(f"{PAGE}/start").status_code == 303
    assert "I gang" in visit("tove").get("/forsoeg").text


def test_stopping_and_opening_take_a_reason_and_nothing_is_written_without(
    engine: Engine, cast: Cast, visit: Visit
) -> None:
    a_trial(engine, cast)
    dan, before = visit("dan"), rows(engine)["trial_steps"]
    empty = dan.post(f"{PAGE}/stop", {"begrundelse": " "})
    assert (empty.status_code, rows(engine)["trial_steps"]) == (422, before)
    assert "Skriv kort hvorfor." in empty.text
    assert dan.post(f"{PAGE}/aabn", {"begrundelse": "Nu."}).status_code == 409
    assert dan.post(f"{PAGE}/stop", {"begrundelse": "Pilotåret er slut."}).status_code == 303
    assert "er forseglet" in dan.get(PAGE).text
    assert dan.post(f"{PAGE}/aabn", {"begrundelse": "Vi vil se det."}).status_code == 303
    assert "Forskellen kan ikke måles" in dan.get(PAGE).text


def test_a_look_shows_its_verdict_and_never_what_an_arm_came_to(
    engine: Engine, cast: Cast, visit: Visit
) -> None:
    a_trial(engine, cast)
    with writing(engine) as session:
        look_at(session, NAME, now=NOW, by=cast.dan)
    page = visit("tove").get(PAGE).text
    assert "for få sager endnu" in page
    assert "Rigtigt første gang (6 uger)" not in page


def test_reading_what_it_came_to_is_written_down(engine: Engine, cast: Cast, visit: Visit) -> None:
    an_opened_trial(engine, cast)
    assert "Hvem ramte det niveau, der holdt?" in visit("tove").get(PAGE).text
    with reading(engine) as session:
        told = [json.loads(each.entry) for each in session.exec(select(LogEntry))]
    [read] = [each for each in told if each.get("what") == "trial"]
    assert (read["type"], read["actor"]) == ("statistics:read", cast.tove.person_id)


@pytest.fixture
def ghost(engine: Engine, cast: Cast) -> Suggestion:
    """A case of the control arm, judged and decided; its ghost says a word of its own."""
    an_admission(engine, cast.dan)
    row = a_trial(engine, cast)
    payload = a_payload()
    payload["similar"]["sentence"] = payload["headline"] = CANARY
    case, answer = a_case_with_arm(engine, row, "control", cast.alma, shelf=FixedShelf(payload))
    a_decision(engine, case, cast.alma)
    assert answer.payload_hash is not None
    return answer


@pytest.mark.parametrize("name", ["alma", "tove", "dan", "dorte"])
def test_no_page_of_any_role_tells_the_ghost(name: str, app: Flask, visit: Visit, ghost: Suggestion) -> None:
    person, seen = visit(name), 0
    for rule in rules(app):
        if "GET" in (rule.methods or ()):
            answer = person.get(path_of(rule, ghost.case_id).replace("0" * 32, ghost.id))
            seen += answer.status_code == 200
            assert CANARY.encode() not in answer.data, rule.rule
    assert seen


def test_the_caseworker_is_told_that_lots_were_drawn_and_the_export_tells_the_arm(
    engine: Engine, cast: Cast, visit: Visit, ghost: Suggestion
) -> None:
    with reading(engine) as session:
        row = session.exec(select(Trial)).one()
    case, _ = a_case_with_arm(engine, row, "control", cast.alma, number=2)
    page = visit("alma").get(f"/sag/{case.id}/grundlag").text
    assert "Sagen indgår i en stikprøve uden grundlag. Den er trukket ved lodtrækning." in page
    [told] = export.decisions(engine)
    assert (told.arm, told.shown, told.withheld_reason) == ("control", False, "control_arm")
    assert (told.model_level, told.reference_level, told.label_source) == (None, None, "control_arm")


@pytest.mark.parametrize(("who", "path"), [("dagny", "/ledelse"), ("tove", "/forsoeg"), ("dan", PAGE)])
def test_the_leaders_are_told_that_a_trial_stopped_itself_until_it_is_opened(
    who: str, path: str, engine: Engine, cast: Cast, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_trial(engine, cast)
    assert "stoppede sig selv" not in visit(who).get(path).text
    monkeypatch.setattr(trial, "look", lambda *_, **__: Look("evidence_worse", 50))
    with writing(engine) as session:
        look_at(session, NAME, now=NOW, by=cast.dan)
    told = f"Forsøget {NAME} stoppede sig selv: Sagerne gik dårligere med grundlag."
    assert told in visit(who).get(path).text
    with writing(engine) as session:
        trial.unseal(session, NAME, reason="Vi vil se hvorfor.", now=NOW, by=cast.dan)
    assert "gik dårligere" not in visit("dagny").get("/ledelse").text


def test_everybody_can_read_how_many_cases_are_decided_without(
    app: Flask, engine: Engine, cast: Cast
) -> None:
    sentence = "I Træning Nord bliver 50 % af sagerne afgjort, uden at lignende sager vises."
    assert sentence not in app.test_client().get("/om-systemet").text
    a_trial(engine, cast)
    page = app.test_client().get("/om-systemet").text
    assert sentence in page
    assert "Du kan spørge, om din sag er en af dem." in page
