"""The inbox: order, search, what a list tells about a citizen, and taking a case."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.log import Event
from service.tables.intake import CaseTaking
from service.tables.log import LogEntry
from service.workflow.assessment import consultation
from service.workflow.intake.referral import Citizen
from tests.answered import a_decision, an_answered_case, rows
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


def a_waiting_case(engine: Engine, number: int, days: int) -> str:
    """A case whose deadline lies so many days from today."""
    discharged = NOW.date() + timedelta(days=days - 7)
    return a_case(
        engine,
        request_id=f"request-{number}",
        discharged_on=discharged,
        received_on=NOW.date(),
        contact_from=None,
        contact_to=None,
        citizen=Citizen(f"71024799{number:02d}", f"Navn Nummer{number}", "", ""),
    ).id


def listed(html: str) -> list[str]:
    """The cases of a page, in its order."""
    return re.findall(r'href="/sag/([0-9a-f]{32})"', html)


def test_cases_stand_by_legal_deadline_and_by_nothing_else(visit: Visit, engine: Engine, cast: Cast) -> None:
    later, sooner, late = (a_waiting_case(engine, number, days) for number, days in ((1, 3), (2, 0), (3, -1)))
    page = visit("alma").get("/indbakke").text

    assert listed(page) == [late, sooner, later]
    assert "Overskredet – tilbyd frit valg" in page
    assert "I dag" in page
    assert "Om 3 dage" in page
    assert "3 sager på listen. 2 har frist for opstart i dag, i morgen eller tidligere." in " ".join(
        page.split()
    )


def test_the_first_case_has_the_focus(visit: Visit, engine: Engine, cast: Cast) -> None:
    first = a_waiting_case(engine, 1, 1)
    a_waiting_case(engine, 2, 2)

    assert re.findall(r'href="/sag/(\w+)" autofocus', visit("alma").get("/indbakke").text) == [first]


def test_a_case_sent_back_waits_visibly_and_takes_no_focus(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma, choice="retur")
    page = visit("alma").get("/indbakke").text

    assert listed(page) == [case.id]
    assert "autofocus" not in page
    assert "Venter på svar" in page


def test_a_list_shows_initials_and_a_search_the_name(visit: Visit, engine: Engine, cast: Cast) -> None:
    a_waiting_case(engine, 1, 1)
    alma = visit("alma")
    assert "Navn Nummer1" not in alma.get("/indbakke").text
    assert "N.N." in alma.get("/indbakke").text

    alma.post("/indbakke/soegning", {"soegning": "nummer1"})
    assert "Navn Nummer1" in alma.get("/indbakke").text


def entries_of(engine: Engine, event: Event) -> list[dict[str, str]]:
    """The log's entries of one event."""
    with reading(engine) as session:
        found = session.exec(select(LogEntry.entry).where(LogEntry.event == event)).all()
    return [json.loads(entry) for entry in found]


def test_a_search_that_cannot_be_logged_shows_nobody(visit: Visit, engine: Engine, cast: Cast) -> None:
    a_waiting_case(engine, 1, 1)
    alma = visit("alma")
    alma.post("/indbakke/soegning", {"soegning": "nummer1"})
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    answer = alma.get("/indbakke")

    assert answer.status_code == 503
    assert "Navn Nummer1" not in answer.text


def test_every_page_of_a_search_says_whom_it_showed_and_what_for(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    """A name with a diagnosis is a look-up also when the case is not opened."""
    found, _ = a_waiting_case(engine, 1, 1), a_waiting_case(engine, 2, 1)
    for person, purpose in (("alma", "sagsbehandling"), ("dorte", "tilsyn")):
        visitor = visit(person)
        visitor.post("/indbakke/soegning", {"soegning": "nummer1"})
        visitor.get("/indbakke")
        visitor.get("/indbakke")

        searched, shown = (
            [entry for entry in entries_of(engine, event) if entry["purpose"] == purpose]
            for event in (Event.SEARCHED, Event.CASE_FOUND)
        )
        assert [entry["hits"] for entry in searched] == ["1", "1"]
        assert [entry["case"] for entry in shown] == [found, found]


def test_a_search_is_logged_and_its_words_are_nowhere_else(visit: Visit, engine: Engine, cast: Cast) -> None:
    found, _ = a_waiting_case(engine, 1, 1), a_waiting_case(engine, 2, 1)
    alma = visit("alma")
    answer = alma.post("/indbakke/soegning", {"soegning": "Nummer1"})

    assert answer.headers["Location"] == "/indbakke"
    assert listed(alma.get("/indbakke").text) == [found]
    (entry,) = entries_of(engine, Event.SEARCHED)
    assert "ummer1" not in str(entry)

    alma.post("/indbakke/soegning", {"soegning": ""})
    assert len(listed(alma.get("/indbakke").text)) == 2


def test_another_units_cases_are_not_listed(visit: Visit, engine: Engine, cast: Cast) -> None:
    a_waiting_case(engine, 1, 1)

    assert listed(visit("freja").get("/indbakke?vis=team").text) == []
    assert listed(visit("carla").get("/indbakke?vis=team").text) == []


def test_a_taken_case_leaves_the_others_lists_and_stays_on_the_teams(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case_id = a_waiting_case(engine, 1, 1)
    bent = visit("bent")
    answer = bent.post(f"/sag/{case_id}/tag", {"videre": "/indbakke"})

    assert answer.headers["Location"] == "/indbakke"
    assert listed(visit("alma").get("/indbakke").text) == []
    team = visit("alma").get("/indbakke?vis=team").text
    assert listed(team) == [case_id]
    assert "Bent Krogh" in team


def test_taking_leads_to_no_other_site(visit: Visit, engine: Engine, cast: Cast) -> None:
    case_id = a_waiting_case(engine, 1, 1)
    answer = visit("alma").post(f"/sag/{case_id}/tag", {"videre": "//evil.example"})

    assert answer.headers["Location"] == f"/sag/{case_id}"
    assert rows(engine, CaseTaking) == 1


def test_a_colleague_who_asks_for_advice_is_seen(visit: Visit, engine: Engine, cast: Cast) -> None:
    case_id = a_waiting_case(engine, 1, 1)
    with writing(engine) as session:
        consultation.ask(session, case_id, text="", now=NOW, by=cast.bent)

    assert "Sparring" in visit("alma").get("/indbakke").text


def test_more_than_fifty_cases_are_shown_in_pages(visit: Visit, engine: Engine, cast: Cast) -> None:
    for number in range(1, 53):
        a_waiting_case(engine, number, 5)
    alma = visit("alma")

    assert len(listed(alma.get("/indbakke").text)) == 50
    assert len(listed(alma.get("/indbakke?side=2").text)) == 2
    assert len(listed(alma.get("/indbakke?side=99").text)) == 2
    assert len(listed(alma.get("/indbakke?side=x").text)) == 50


def test_a_later_start_by_the_plan_is_told(visit: Visit, engine: Engine, cast: Cast) -> None:
    a_case(engine, start_after=date(2026, 7, 5))
    page = visit("alma").get("/indbakke").text

    assert "senere start ifølge planen" in page
    assert "søn. 12. jul." in page
