"""Opening a case by hand, and answering one that was sent back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models import areas
from models.declaration import Area, Source
from service.database import reading
from service.tables.intake import Case, FactsVersion, ReturnAnswer
from service.workflow.case_file import CaseFile, open_file
from tests.answered import a_decision, an_answered_case, rows
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
PLAN = {
    "cpr": "710247-9995",
    "navn": "Agnes Prøve",
    "plantype": "almen",
    "modtaget": "2026-06-29",
    "udskrevet": "28.06.2026",
    "kontakt_fra": "2026-06-18",
    "kontakt_til": "2026-06-28",
    "oplysning.aktionsdiagnose_sks": "ds721",
    "oplysning.bidiagnoser_antal": "2",
    "oplysning.komorbiditet_flag": ["hjerte", "diabetes"],
    "oplysning.boligform": "ukendt",
    "afsnit.helbred": "Opereret for hoftebrud.",
}


@pytest.fixture
def another_area() -> Iterator[Area]:
    """A second visitation area, asked about like the first."""
    with areas.registered(
        replace(areas.get("genoptraening"), name="proeve", label="Et andet område")
    ) as area:
        yield area


def the_case(engine: Engine) -> CaseFile:
    with reading(engine) as session:
        return open_file(session, session.exec(select(Case.id)).one())


def test_a_plan_that_came_by_post_becomes_a_case(visit: Visit, engine: Engine, cast: Cast) -> None:
    answer = visit("alma").post("/sag/ny", PLAN)
    file = the_case(engine)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sag/{file.case.id}")
    assert (file.case.origin, file.case.unit_id, file.case.received_by) == (
        "by_hand",
        cast.alma.unit_id,
        cast.alma.person_id,
    )
    assert file.case.due_on == date(2026, 7, 5)
    assert file.identity["cpr"] == "7102479995"
    assert file.sections == {"helbred": "Opereret for hoftebrud."}
    facts = {name: fact.value for name, fact in file.facts.items() if fact.value is not None}
    assert facts["aktionsdiagnose_sks"] == "DS721"
    assert facts["diagnosegruppe"] == "hoftebrud"
    assert facts["komorbiditet_flag"] == {"hjerte", "diabetes"}
    assert facts["boligform"] == "ukendt"
    assert "funk_mobilitet" not in facts
    assert file.facts["boligform"].source is Source.MUNICIPALITY


def test_a_later_start_counts_for_the_deadline_and_as_a_fact(visit: Visit, engine: Engine) -> None:
    visit("alma").post("/sag/ny", {**PLAN, "tidligst": "2026-07-10"})
    file = the_case(engine)

    assert file.case.due_on == date(2026, 7, 17)
    assert file.facts["opstart_tidligst"].value == date(2026, 7, 10)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cpr": "3113479995"}, "CPR-nummeret skal være ti cifre"),
        ({"cpr": ""}, "CPR-nummeret skal være ti cifre"),
        ({"navn": " "}, "Skriv borgerens navn."),
        ({"plantype": "guld"}, "Vælg plantypen."),
        ({"udskrevet": "31.02.2026"}, "Skriv en dato, for eksempel 23.11.2026."),
        ({"modtaget": "2026-07-29"}, "Planen kan ikke være modtaget i fremtiden."),
        ({"kontakt_til": "2026-06-01"}, "Hospitalskontakten slutter, før den begynder."),
        ({"oplysning.bidiagnoser_antal": "mange"}, "Antal bidiagnoser skal være et helt tal"),
        ({"oplysning.aktionsdiagnose_sks": "hofte"}, "Aktionsdiagnose har ikke den rigtige form."),
        ({"tidligst": "2029-01-01"}, "Tidligste opstart"),
    ],
    ids=str,
)
def test_a_faulty_plan_opens_nothing_and_keeps_what_was_typed(
    change: dict[str, Any], sentence: str, visit: Visit, engine: Engine
) -> None:
    answer = visit("alma").post("/sag/ny", {**PLAN, "adresse": "Prøvevej 7", **change})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="Prøvevej 7"' in answer.text
    assert "Opereret for hoftebrud." in answer.text
    assert rows(engine, Case) == 0


def test_the_form_asks_what_the_declaration_asks(visit: Visit) -> None:
    page = visit("alma").get("/sag/ny").text

    assert "Aktionsdiagnose" in page
    assert "SKS-koden fra planen, for eksempel DS721." in page
    assert "Begrænsning i mobilitet" not in page
    assert page.count("Tidligste opstart") == 1


@pytest.fixture
def returned(engine: Engine, cast: Cast) -> Case:
    """A case that was sent back to the hospital."""
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma, choice="retur")
    return case


def test_an_answer_brings_the_case_back_to_a_judgement(visit: Visit, engine: Engine, returned: Case) -> None:
    alma = visit("alma")
    assert "Skriv svaret ind" in alma.get(f"/sag/{returned.id}").text
    answer = alma.post(f"/sag/{returned.id}/svar", {"note": "Ringet", "oplysning.funk_foer": "delvis"})

    assert answer.headers["Location"] == f"/sag/{returned.id}"
    assert rows(engine, ReturnAnswer) == 1
    assert "Gem vurdering og se grundlag" in alma.get(f"/sag/{returned.id}").text


def test_the_answer_is_read_where_the_case_is_judged_again(visit: Visit, returned: Case) -> None:
    alma = visit("alma")
    assert "Tidligste opstart" not in alma.get(f"/sag/{returned.id}/svar").text, "it may be left empty"
    alma.post(f"/sag/{returned.id}/svar", {"note": "Afdelingen siger: fuld <belastning>."})

    page = alma.get(f"/sag/{returned.id}").text
    assert "»Afdelingen siger: fuld &lt;belastning&gt;.«" in page
    assert "Sagen skal vurderes igen." in page
    assert f"/sag/{returned.id}/grundlag" not in page, "there is no way around the judgement"
    course = visit("bent").get(f"/sag/{returned.id}/ret").text
    assert "Svar modtaget" in course
    assert "Afdelingen siger: fuld &lt;belastning&gt;." in course


def test_a_faulty_answer_writes_nothing(visit: Visit, engine: Engine, returned: Case) -> None:
    alma, before = visit("alma"), rows(engine, FactsVersion)
    alma.get(f"/sag/{returned.id}")
    form = {"note": "Ringet til afdelingen", "oplysning.opstart_tidligst": "snart"}
    answer = alma.post(f"/sag/{returned.id}/svar", form)

    assert answer.status_code == 422
    assert "Ringet til afdelingen" in answer.text
    assert (rows(engine, ReturnAnswer), rows(engine, FactsVersion)) == (0, before)


def test_a_case_that_waits_for_nothing_takes_no_answer(visit: Visit, engine: Engine) -> None:
    case, alma = a_case(engine), visit("alma")

    assert alma.get(f"/sag/{case.id}/svar").headers["Location"] == f"/sag/{case.id}"
    assert alma.post(f"/sag/{case.id}/svar", {"note": "x"}).status_code == 409
    assert rows(engine, ReturnAnswer) == 0


def test_a_plan_is_opened_in_the_area_it_belongs_to(
    visit: Visit, engine: Engine, cast: Cast, another_area: Area
) -> None:
    alma = visit("alma")
    assert 'href="/sag/ny?omraade=proeve"' in alma.get("/sag/ny").text
    page = alma.get("/sag/ny?omraade=proeve").text
    assert 'name="omraade" value="proeve"' in page

    assert alma.post("/sag/ny", {**PLAN, "omraade": "findes-ikke"}).status_code == 404
    assert rows(engine, Case) == 0
    alma.post("/sag/ny", {**PLAN, "omraade": "proeve"})
    assert the_case(engine).case.area == "proeve"


def test_with_one_area_there_is_nothing_to_choose(visit: Visit) -> None:
    assert "omraade=" not in visit("alma").get("/sag/ny").text


def test_practical_things_are_named_by_the_declaration(visit: Visit, engine: Engine) -> None:
    case = a_case(engine, operational={"transport": "ja", "andet": "ukendt felt"})
    page = visit("alma").get(f"/sag/{case.id}").text
    assert "<dt>Brug for transport</dt><dd>ja</dd>" in page
    assert "ukendt felt" not in page
