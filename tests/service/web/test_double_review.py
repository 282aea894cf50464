"""The pages of the skønsprøve: nothing but facts before her own judgement, and no person for the lead."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.log import Event
from service.tables.double_review import ReviewDraw
from service.tables.log import LogEntry
from service.workflow import double_review
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, PEOPLE, Cast
from tests.parts.web import Visitor
from tests.rows import rows

Visit = Callable[[str], Visitor]
AFTER = NOW + timedelta(days=8)


@pytest.fixture
def draw_id(visit: Visit, engine: Engine, cast: Cast) -> str:
    """Alma's only case of the quarter, decided and drawn."""
    a_decision(engine, an_answered_case(engine, cast), cast.alma, choice="basal")
    double_review.draw(engine, "2026-K2", now=AFTER, by=cast.tove)
    with reading(engine) as session:
        return session.exec(select(ReviewDraw.id)).one()


def test_the_blind_page_shows_neither_judgement_nor_evidence_nor_decision(draw_id: str, visit: Visit) -> None:
    page = visit("bent").get(f"/skoensproeve/{draw_id}").text
    assert "Din vurdering" in page and "Oplysninger" in page
    for word in ("Den første vurdering, før", "Beslutningen</dt>", "af 20", "Alma", "Flest lignende"):
        assert word not in page


def test_an_unanswered_form_is_shown_again_and_nothing_is_stored(
    draw_id: str, engine: Engine, visit: Visit
) -> None:
    bent = visit("bent")
    bent.get(f"/skoensproeve/{draw_id}")
    before = rows(engine)["second_judgements"]
    answer = bent.post(f"/skoensproeve/{draw_id}", {"valg": ""})
    assert answer.status_code == 422
    assert "Vælg, hvad borgeren har brug for." in answer.text
    assert rows(engine)["second_judgements"] == before


@pytest.mark.requirement("SK-18")
def test_after_her_own_judgement_she_sees_the_first_one(draw_id: str, engine: Engine, visit: Visit) -> None:
    bent = visit("bent")
    assert bent.post(f"/skoensproeve/{draw_id}", {"valg": "avanceret"}).status_code == 303
    page = bent.get(f"/skoensproeve/{draw_id}").text
    assert "Den første vurdering, før grundlaget blev vist" in page
    with reading(engine) as session:
        opened = [
            json.loads(entry)
            for entry in session.exec(select(LogEntry.entry).where(LogEntry.event == Event.CASE_OPENED))
        ]
    assert {entry["purpose"] for entry in opened} == {"skoensproeve"}
    assert "Der er ingen sager til dig" in bent.get("/skoensproeve").text


def test_whoever_judged_first_is_turned_away(draw_id: str, visit: Visit) -> None:
    alma = visit("alma")
    assert alma.get(f"/skoensproeve/{draw_id}").status_code == 403
    assert draw_id not in alma.get("/skoensproeve").text
    assert draw_id in visit("bent").get("/skoensproeve").text
    assert visit("freja").get(f"/skoensproeve/{draw_id}").status_code == 404


@pytest.mark.requirement("SK-09")
def test_the_lead_sees_progress_and_nobody_in_it(draw_id: str, cast: Cast, visit: Visit) -> None:
    visit("bent").post(f"/skoensproeve/{draw_id}", {"valg": "avanceret"})
    page = visit("tove").get("/skoensproever").text
    assert "1 af 1" in page and "Enigheden vises fra 20 sager" in page
    body = page[page.index("<h1") :]
    for name, (full, *_) in PEOPLE.items():
        if name != "tove":
            assert full not in body and cast.people[name].person_id not in body


def test_a_quarter_that_is_not_over_is_refused_in_words(engine: Engine, cast: Cast, visit: Visit) -> None:
    before = rows(engine)["review_rounds"]
    answer = visit("tove").post("/skoensproever", {"kvartal": "2027-K1"})
    assert answer.status_code == 422
    assert "Vælg et kvartal, der er slut." in answer.text
    assert rows(engine)["review_rounds"] == before


@pytest.mark.parametrize("name", ["alma", "dan", "dorte", "ada"])
def test_only_a_lead_reads_the_lots(name: str, visit: Visit) -> None:
    assert visit(name).get("/skoensproever").status_code == 403
