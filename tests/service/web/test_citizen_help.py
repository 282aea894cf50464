"""Helping a citizen from the case: a code, a power, the page read out, and the look at what is wrong."""

import json
import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.log import Event
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.workflow.case_file import open_file
from service.workflow.citizen_page import representation
from tests.answered import an_answered_case
from tests.cast import Cast
from tests.mine import RESTRICTION, a_power, a_report
from tests.parts.web import Visitor
from tests.rows import rows

Visit = Callable[[str], Visitor]
CODE = re.compile(r'slip__code">([A-Z0-9 ]+)<')
POWER = {"navn": "Bo Prøve", "dokument": "Journal 17", "fra": "2026-06-01", "til": "2026-07-31"}


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A case whose evidence was shown."""
    return an_answered_case(engine, cast)


def openings(engine: Engine) -> list[tuple[str, str | None, str | None, bool]]:
    """Every opening: what for, on what channel, to whom, and whether an employee did it."""
    query = select(LogEntry.entry).where(LogEntry.event == Event.CASE_OPENED)
    with reading(engine) as session:
        entries = [json.loads(text) for text in session.exec(query)]
    return [(each["purpose"], each.get("channel"), each.get("speaker"), "actor" in each) for each in entries]


def rows_without_looks(engine: Engine) -> dict[str, int]:
    """The number of rows by table, but for the log: a page that is shown again is an entry."""
    return {name: count for name, count in rows(engine).items() if not name.startswith(("log_", "web_"))}


@pytest.mark.parametrize(
    ("path", "form", "says"),
    [
        ("borger/kode", {"hvem": ""}, "Vælg, hvem"),
        ("borger/kode", {"hvem": "fuldmagt"}, "ingen fuldmagt"),
        ("borger/fuldmagt", {**POWER, "navn": ""}, "Skriv navnet"),
        ("borger/fuldmagt", {**POWER, "til": "i morgen"}, "Skriv en dato"),
        ("borger/fuldmagt", {**POWER, "til": "2026-06-02"}, "udløbet"),
        ("borger/forkert", {"hvem": "borger", "oplysning": RESTRICTION, "note": ""}, "Læs det op"),
        ("borger/forkert", {"hvem": "fuldmagt", "oplysning": RESTRICTION, "oplaest": "ja"}, "ingen fuldmagt"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_kept(
    path: str, form: dict[str, str], says: str, visit: Visit, engine: Engine, case: Case
) -> None:
    alma = visit("alma")
    alma.get(f"/sag/{case.id}/borger")
    before = rows_without_looks(engine)
    answer = alma.post(f"/sag/{case.id}/{path}", form)
    assert answer.status_code == 422
    assert says in answer.text
    assert rows_without_looks(engine) == before


def test_only_casework_helps(visit: Visit, engine: Engine, case: Case) -> None:
    before = rows_without_looks(engine)
    for name, status in (("tove", 403), ("freja", 404), ("dorte", 403), ("ada", 403)):
        for page in ("borger", "borger/laes-op", "borger/udskrift", "borger/forkert", "meldinger"):
            assert visit(name).get(f"/sag/{case.id}/{page}").status_code == status
    assert rows_without_looks(engine) == before


def test_a_code_is_shown_once_and_opens_the_page(app: Flask, visit: Visit, case: Case) -> None:
    alma = visit("alma")
    slip = alma.post(f"/sag/{case.id}/borger/kode", {"hvem": "borger"})
    found = CODE.search(slip.text)
    assert found
    assert found[1] not in alma.get(f"/sag/{case.id}/borger").text
    agnes = Visitor(app.test_client())
    agnes.get("/borger")
    agnes.post("/borger", {"kode": found[1]})
    assert "Agnes Prøve" in agnes.get("/borger/oplysninger").text


@pytest.mark.requirement("R-25", "D-11", "D-18", "D-19")
def test_on_the_phone_it_is_read_out_and_entered_for_her_and_the_log_says_so(
    visit: Visit, engine: Engine, cast: Cast, case: Case
) -> None:
    alma = visit("alma")
    page = alma.get(f"/sag/{case.id}/borger/laes-op?hvem=borger")
    assert "Læs op for Agnes Prøve" in page.text
    said = {"hvem": "borger", "oplysning": RESTRICTION, "note": "Må ikke bøje.", "oplaest": "ja"}
    assert alma.post(f"/sag/{case.id}/borger/forkert", said).status_code == 303
    with reading(engine) as session:
        (report,) = open_file(session, case.id).open_reports
    assert (report.channel, report.speaker, report.recorded_by) == ("phone", "citizen", cast.alma.person_id)
    assert set(openings(engine)) == {("borgerens_oensker", "phone", "citizen", True)}


@pytest.mark.requirement("R-25", "D-11", "D-18")
def test_a_representative_is_read_to_and_speaks_as_one(
    visit: Visit, engine: Engine, cast: Cast, case: Case
) -> None:
    alma = visit("alma")
    alma.post(f"/sag/{case.id}/borger/fuldmagt", POWER)
    assert "Læs op for Bo Prøve" in alma.get(f"/sag/{case.id}/borger/laes-op?hvem=fuldmagt").text
    assert openings(engine)[-1] == ("borgerens_oensker", "phone", "representative", True)
    said = {"hvem": "fuldmagt", "oplysning": RESTRICTION, "note": "", "oplaest": "ja"}
    alma.post(f"/sag/{case.id}/borger/forkert", said)
    with reading(engine) as session:
        (report,) = open_file(session, case.id).open_reports
        power = representation.standing(session, case.id)
    assert power is not None
    assert (report.speaker, report.representation_id) == ("representative", power.id)
    alma.get(f"/sag/{case.id}/borger")
    alma.post(f"/sag/{case.id}/borger/fuldmagt/slut")
    assert alma.get(f"/sag/{case.id}/borger/laes-op?hvem=fuldmagt").status_code == 422


@pytest.mark.requirement("K-02")
def test_the_page_can_be_handed_over_on_paper_with_the_same_facts(
    app: Flask, visit: Visit, engine: Engine, cast: Cast, case: Case
) -> None:
    alma = visit("alma")
    found = CODE.search(alma.post(f"/sag/{case.id}/borger/kode", {"hvem": "borger"}).text)
    assert found
    agnes = Visitor(app.test_client())
    agnes.get("/borger")
    agnes.post("/borger", {"kode": found[1]})
    own, paper = agnes.get("/borger/oplysninger").text, alma.get(f"/sag/{case.id}/borger/udskrift").text
    facts = re.compile(r"<summary>(.*?)</summary>\s*<dl", re.DOTALL)
    assert facts.findall(own) == facts.findall(paper) != []
    assert "00 00 10 00" in own
    assert "00 00 10 00" in paper


@pytest.mark.requirement("F-28", "K-10")
def test_what_she_says_stands_on_top_of_the_case_and_in_the_inbox_until_it_is_looked_at(
    visit: Visit, engine: Engine, cast: Cast, case: Case
) -> None:
    a_report(engine, case)
    alma = visit("alma")
    told = "Borgeren siger, at noget er forkert"
    for page in ("/indbakke", f"/sag/{case.id}", f"/sag/{case.id}/grundlag"):
        assert told in alma.get(page).text
    basis = alma.get(f"/sag/{case.id}/grundlag").text
    assert "Grundlaget venter, til nogen har set på det." in basis
    assert "13 af 20" not in basis

    waiting = alma.get(f"/sag/{case.id}/meldinger").text
    assert "»Jeg må ikke bøje.«" in waiting
    with reading(engine) as session:
        (report,) = open_file(session, case.id).open_reports
    form = {"melding": report.id, "note": ""}
    for wrong in ({"resultat": "kept"}, {"resultat": "corrected"}, {"resultat": ""}):
        assert alma.post(f"/sag/{case.id}/meldinger", {**form, **wrong}).status_code == 422
    assert told in alma.get("/indbakke").text
    put_right = {**form, "resultat": "corrected", f"oplysning.{RESTRICTION}": "delvis"}
    alma.get(f"/sag/{case.id}/meldinger")
    assert alma.post(f"/sag/{case.id}/meldinger", put_right).status_code == 303
    assert told not in alma.get("/indbakke").text
    assert alma.get(f"/sag/{case.id}/meldinger").status_code == 303


def test_a_power_is_shown_only_to_casework(visit: Visit, engine: Engine, cast: Cast, case: Case) -> None:
    a_power(engine, case, cast.alma)
    assert "Bo Prøve" in visit("alma").get(f"/sag/{case.id}/borger").text
    assert "Bo Prøve" not in visit("dorte").get(f"/sag/{case.id}/borger").text
