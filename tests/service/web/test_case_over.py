"""A case that is over asks what it is opened for, and shows nothing of the citizen before (K-22)."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.log import Event
from service.policy import ON_A_CASE
from service.tables.intake import Case
from service.tables.log import LogEntry
from tests.cast import NOW, Cast
from tests.parts.web import Clock, Visitor
from tests.rows import rows
from tests.service.web.test_every_look import OF_A_CITIZEN
from tests.service.workflow.test_case_access import planned

Visit = Callable[[str], Visitor]
OVER = NOW + timedelta(days=14)


@pytest.fixture
def case(engine: Engine, cast: Cast, clock: Clock) -> Case:
    """A case that ended two weeks ago."""
    found = planned(engine, cast)
    clock.at = OVER
    return found


def openings(engine: Engine) -> list[tuple[str, bool]]:
    """What the case was opened for, and whether that was a reopening."""
    query = select(LogEntry.entry).where(LogEntry.event == Event.CASE_OPENED)
    with reading(engine) as session:
        entries = [json.loads(text) for text in session.exec(query)]
    return [(entry["purpose"], entry.get("reopened", False)) for entry in entries]


def of_casework(app: Flask, method: str) -> Iterator[str]:
    """Every route of a case that is casework's."""
    for rule in app.url_map.iter_rules():
        action = getattr(app.view_functions[rule.endpoint], "guarded_by", None)
        if action in ON_A_CASE and method in (rule.methods or ()) and not rule.rule.startswith("/tilsyn"):
            yield rule.rule


@pytest.mark.requirement("K-22")
def test_no_page_shows_the_citizen_and_no_form_is_taken(
    app: Flask, engine: Engine, visit: Visit, case: Case
) -> None:
    alma, before = visit("alma"), rows(engine)
    alma.get("/indbakke")
    for rule in of_casework(app, "GET"):
        answer = alma.get(rule.replace("<case_id>", case.id).replace("<suggestion_id>", "0" * 32))
        assert answer.status_code == 403, rule
        assert not [told for told in OF_A_CITIZEN if told in answer.text], rule
    for rule in of_casework(app, "POST"):
        if not rule.endswith("/formaal"):
            assert alma.post(rule.replace("<case_id>", case.id)).status_code in (400, 403), rule
    assert rows(engine) == before


@pytest.mark.requirement("K-22")
def test_a_purpose_opens_it_and_stands_in_the_log(engine: Engine, visit: Visit, case: Case) -> None:
    alma = visit("alma")
    asked = alma.get(f"/sag/{case.id}")
    assert "Sagen er afsluttet" in asked.text
    for wrong in ("stikproeve", "sagsbehandling", ""):
        assert alma.post(f"/sag/{case.id}/formaal", {"formaal": wrong}).status_code == 422
    assert openings(engine) == []

    alma.post(f"/sag/{case.id}/formaal", {"formaal": "henvendelse"})
    assert "Agnes Prøve" in alma.get(f"/sag/{case.id}").text
    assert openings(engine) == [("henvendelse", True)]
    assert visit("bent").get(f"/sag/{case.id}").status_code == 403


def test_the_page_is_read_out_for_what_the_case_was_opened_for(
    engine: Engine, visit: Visit, case: Case
) -> None:
    alma = visit("alma")
    alma.get(f"/sag/{case.id}/borger")
    alma.post(f"/sag/{case.id}/formaal", {"formaal": "henvendelse"})
    assert alma.get(f"/sag/{case.id}/borger/laes-op?hvem=borger").status_code == 200
    assert openings(engine) == [("henvendelse", True)]


def test_a_script_is_told_so(visit: Visit, case: Case) -> None:
    answer = visit("alma").get(f"/api/v1/sager/{case.id}/oplysninger")
    assert (answer.status_code, answer.mimetype) == (403, "application/json")


def test_a_day_earlier_it_opens_as_ever(engine: Engine, clock: Clock, visit: Visit, case: Case) -> None:
    clock.at = OVER - timedelta(days=1)
    assert visit("alma").get(f"/sag/{case.id}").status_code == 200
    assert openings(engine) == [("sagsbehandling", False)]
