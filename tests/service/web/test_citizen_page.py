"""*Mine oplysninger* on the web: the citizen reads everything, nobody is named, what is wrong is taken."""

import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from models import facts as case_facts
from models.terms import Duty
from service.database import reading
from service.log import Event
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.tables.organisation import ROLES
from service.web import double_review
from service.web.purposes import PURPOSE_OF_ROLE, PURPOSES, REOPENED_FOR
from service.workflow.case_file import CaseState, open_file
from service.workflow.citizen_page import words
from service.workflow.citizen_page.opening import ON_BEHALF
from service.workflow.citizen_page.page import page_of
from service.workflow.letter.plain import measure
from service.workflow.letter.words import LINT
from tests.answered import an_answered_case
from tests.builders import a_case
from tests.cast import TODAY, Cast
from tests.mine import RESTRICTION, a_power, a_report, looked_at
from tests.parts.web import Visitor
from tests.rows import rows
from tests.visits import INSIDE, NAME, PAGE, Visit, a_case_with_a_letter, a_stranger, enters


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A case with evidence, decision and letter."""
    return a_case_with_a_letter(engine, cast)


@pytest.fixture
def stranger(app: Flask) -> Visitor:
    """A browser in which nobody is signed in."""
    return a_stranger(app)


def said_in_log(engine: Engine, event: Event) -> list[dict[str, str]]:
    """What the log says of one kind of event."""
    with reading(engine) as session:
        entries = session.exec(select(LogEntry.entry).where(LogEntry.event == event))
        return [json.loads(text) for text in entries]


def words_in(html: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html))


def test_every_opening_is_an_entry_that_says_it_was_she(
    app: Flask, stranger: Visitor, engine: Engine, cast: Cast, case: Case
) -> None:
    enters(app, engine, stranger, case, cast)
    for path in INSIDE:
        answer = stranger.get(path)
        assert answer.status_code == 200
        assert "<script" not in answer.text
    entries = said_in_log(engine, Event.CITIZEN_OPENED)
    assert [(each["case"], each["speaker"], each.get("actor")) for each in entries] == [
        (case.id, "citizen", None)
    ] * 3
    power = a_power(engine, case, cast.alma)
    enters(app, engine, stranger, case, cast, representation_id=power.id)
    assert "med fuldmagt fra Agnes Prøve" in stranger.get(PAGE).text
    assert said_in_log(engine, Event.CITIZEN_OPENED)[-1]["speaker"] == "representative"


def test_what_cannot_be_logged_is_not_shown(
    app: Flask, stranger: Visitor, engine: Engine, cast: Cast, case: Case
) -> None:
    enters(app, engine, stranger, case, cast)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    answer = stranger.get(PAGE)
    assert answer.status_code == 503
    assert NAME not in answer.text


@pytest.mark.requirement("R-18", "R-27", "D-25", "D-26")
def test_the_page_holds_everything_and_says_where_from_why_and_whether_she_must(
    app: Flask, stranger: Visitor, engine: Engine, cast: Cast, case: Case
) -> None:
    enters(app, engine, stranger, case, cast)
    told = words_in(stranger.get(PAGE).text)
    with reading(engine) as session:
        file, page = (
            open_file(session, case.id),
            page_of(session, case.id, None, TODAY),
        )
    shown = {fact.name: fact for group in page.groups for fact in group.facts}
    assert set(shown) == set(file.facts)
    for question in file.area.questions:
        value, row = file.facts[question.name].value, shown[question.name]
        assert question.label in told
        if value is not None:
            assert words_in(case_facts.say(question, value)) in told
            assert row.source in told
        assert row.why
        assert row.why in told
        for text in (row.benefit, row.voluntary, row.law, row.rule):
            assert text
            assert words_in(text) in told
        assert ("det er frivilligt" in row.voluntary) == (question.terms.duty is Duty.VOLUNTARY)
    assert "Fjordby Kommune, Træning Nord" in told
    assert "Vi gemmer det i 10 år" in told
    for text in (*file.sections.values(), *file.operational.values(), file.identity["address"]):
        assert text in told
    assert file.identity["cpr"][-4:] not in told


def test_the_page_tells_what_her_facts_were_used_for(engine: Engine, cast: Cast, case: Case) -> None:
    with reading(engine) as session:
        page = page_of(session, case.id, None, TODAY)
    said = " ".join(use.text for use in page.uses)
    for told in (
        "Planen fra hospitalet kom", "skrev sin egen vurdering", "Sagsbehandleren så dem", "I 13 af 20",
        "tog sin beslutning", "skrev et brev",
    ):  # fmt: skip
        assert told in said
    assert "udtræk" not in said
    assert page.letter is not None


def test_what_was_withheld_is_told_with_its_reason(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast, wants_evidence=False)
    with reading(engine) as session:
        page = page_of(session, case.id, None, TODAY)
    assert any("Vi brugte ikke systemet i din sag" in use.text for use in page.uses)
    assert page.decided == ""


@pytest.mark.requirement("R-21")
def test_no_employee_can_be_told_from_the_page(
    app: Flask, stranger: Visitor, visit: Visit, engine: Engine, cast: Cast, case: Case
) -> None:
    """Day, purpose, unit and role; never who (C-579/21)."""
    for name in ("alma", "bent"):
        visit(name).get(f"/sag/{case.id}")
    dorte = visit("dorte")
    dorte.get(f"/sag/{case.id}")
    dorte.post(f"/sag/{case.id}/formaal", {"formaal": "klage"})
    dorte.get(f"/sag/{case.id}")
    enters(app, engine, stranger, case, cast)
    html = stranger.get(PAGE).text
    told = words_in(html)
    assert "For at arbejde med din sag. Sagsbehandler, Træning Nord, 2 gange" in told
    assert "På grund af en klage. Tilsyn, Træning Nord" in told
    assert "For at se denne side. Dig selv" in told
    for person in cast.people.values():
        for word in (person.person_id, person.display_name, *person.display_name.split(), person.username):
            assert not re.search(rf"\b{word}\b", html, re.IGNORECASE), word


@pytest.mark.requirement("F-28", "K-10")
def test_she_says_what_is_wrong_and_sees_what_came_of_it(
    app: Flask, stranger: Visitor, engine: Engine, cast: Cast, case: Case
) -> None:
    enters(app, engine, stranger, case, cast)
    stranger.get(PAGE)
    before = rows(engine)
    assert stranger.get("/borger/forkert?oplysning=findes_ikke").status_code == 404
    long = stranger.post("/borger/forkert", {"oplysning": RESTRICTION, "note": "x" * 1001})
    assert long.status_code == 422
    assert rows(engine)["fact_reports"] == before["fact_reports"]

    stranger.post("/borger/forkert", {"oplysning": RESTRICTION, "note": "Jeg må ikke bøje."})
    assert "Du har sagt, at det er forkert" in stranger.get(PAGE).text
    with reading(engine) as session:
        (report,) = open_file(session, case.id).open_reports
    looked_at(engine, report, cast.alma, note="Hospitalet har skrevet det til os.")
    told = words_in(stranger.get(PAGE).text)
    assert "Du har sagt, at det er forkert" not in told
    assert "»Hospitalet har skrevet det til os.«" in told


@pytest.mark.requirement("K-17", "F-13", "D-21")
def test_the_page_is_as_plain_as_the_letter(engine: Engine, cast: Cast, case: Case) -> None:
    report = a_report(engine, case)
    a_report(engine, case, "faldrisiko")
    looked_at(engine, report, cast.alma)
    a_decided_otherwise = an_answered_case(engine, cast, number=2, wants_evidence=False)
    for each in (case, a_decided_otherwise, a_case(engine, request_id="new", start_after=TODAY)):
        with reading(engine) as session:
            sentences = page_of(session, each.id, None, TODAY).sentences()
        found = measure(sentences)
        assert (found.is_plain, found.too_long) == (True, ()), found
        assert not [text for text in sentences if LINT.search(text)]


@pytest.mark.parametrize(("days", "choice_is_hers"), [(5, False), (6, True)])
def test_past_the_deadline_without_an_offer_the_choice_is_hers(
    days: int, choice_is_hers: bool, engine: Engine, case: Case
) -> None:
    """The plan is of 28 June: on 5 July a start must be offered."""
    day = TODAY + timedelta(days=days)
    with reading(engine) as session:
        page = page_of(session, case.id, None, day)
    assert any("Du må nu selv vælge" in text for text in page.deadlines) == choice_is_hers
    assert measure(page.sentences()).is_plain


def test_every_role_and_purpose_has_words_for_the_citizen() -> None:
    of_double_review = {double_review.PURPOSE}
    assert {*PURPOSES, *REOPENED_FOR, *PURPOSE_OF_ROLE.values(), ON_BEHALF} <= set(words.PURPOSES)
    assert of_double_review <= set(words.PURPOSES)
    assert set(ROLES) == set(words.ROLES)
    assert {state.value for state in CaseState} == set(words.STATES)
