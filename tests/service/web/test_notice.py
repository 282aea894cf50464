"""The notice of art. 13 and 14: all of it comes from the catalogue, the schedule and the contacts."""

from collections.abc import Callable
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Annotated, Any

import pytest
from flask import Flask

from models import areas
from models.areas.genoptraening.law import BIAS_TESTS, CARE_RECORD
from models.declaration import Area
from models.terms import LegalBasis, Use
from service.web.public.notice import notice_of
from service.workflow.letter.contacts import lines_of
from service.workflow.letter.plain import measure
from service.workflow.retention.schedule import DEFAULT
from tests.service.web.test_about import MOST_LIX, Prose

AREA = areas.get("genoptraening")
PATH = "/om-systemet/dine-oplysninger"
PASSED_ON = replace(CARE_RECORD, uses=frozenset({Use.OUTSIDE}))
LAW_7 = LegalBasis("sul_140", "Lov 7", "Sådan er det.")
Read = Callable[[], str]


@pytest.fixture
def read(app: Flask) -> Read:
    """The notice as a stranger reads it."""
    return lambda: unescape(app.test_client().get(PATH).text)


def changed(name: str, **change: Any) -> Area:
    """The area with one question changed, or one more."""
    question = replace(AREA.by_name.get(name, AREA.by_name["boligform"]), name="", **change)
    facts = type("Facts", (AREA.facts,), {"__annotations__": {name: Annotated[str, question]}})
    return replace(AREA, facts=facts)


@pytest.mark.requirement("K-13")
def test_it_says_all_that_a_citizen_must_be_told(read: Read) -> None:
    page, contacts = read(), lines_of(None, "0999")

    for heading in ("Hvem har ansvaret?", "Hvad bruger vi dem til?", "Hvilken lov giver os lov?",
                    "Hvor kommer det fra", "Sådan regner systemet", "Hvem får dem?",
                    "Hvor længe gemmer vi dem?", "Det har du ret til", "Kan du sige nej?"):  # fmt: skip
        assert heading.casefold() in page.casefold(), heading
    assert contacts["data_protection"] in page
    assert "10 år efter det seneste" in page
    assert "artikel 6, stk. 1, litra e" in page
    assert "Datatilsynet" in page
    for law in AREA.laws:
        assert f"{law.says} Det står i {law.name[:1].lower()}{law.name[1:]}." in page


@pytest.mark.requirement("K-13", "D-26")
@pytest.mark.parametrize("question", [*AREA.questions, *AREA.kept_apart], ids=lambda question: question.name)
def test_every_fact_stands_with_purpose_duty_and_law(read: Read, question: Any) -> None:
    row = read().partition(f'<th scope="row">{question.label}</th>')[2].partition("</tr>")[0]
    duty = {"frivillig": "Frivillig", "kommunen_skal": "Kommunen skal"}[question.terms.duty]
    why = AREA.citizen_words.why.get(question.purpose, question.purpose)

    assert row == f"<td>{why}</td><td>{duty}</td><td>{AREA.law_of(question).name}</td>"


@pytest.mark.requirement("K-13")
@pytest.mark.parametrize(
    ("area", "said"),
    [
        (changed("trapper", label="Trapper i hjemmet"), '<th scope="row">Trapper i hjemmet</th>'),
        (changed("boligform", purpose="Til at finde en hal."), "<li>Til at finde en hal.</li>"),
        (changed("faldrisiko", terms=CARE_RECORD), "slår dette op: fald eller faldrisiko nævnt, modtager"),
        (changed("faldrisiko", terms=PASSED_ON), "giver dette videre: fald"),
        (changed("faldrisiko", terms=replace(BIAS_TESTS, kept="practice")), "<p>365 dage."),
        (replace(AREA, laws=(*AREA.laws[1:], LAW_7)), "Det står i lov 7."),
    ],
    ids=["fact", "purpose", "duty", "recipient", "retention", "law"],
)  # fmt: skip
def test_a_changed_row_of_the_catalogue_changes_it(
    read: Read, monkeypatch: pytest.MonkeyPatch, area: Area, said: str
) -> None:
    assert said not in read()
    monkeypatch.setitem(areas._registered, AREA.name, area)

    assert said in read()


def test_the_municipality_s_own_schedule_and_contacts_stand_there(
    app: Flask, read: Read, tmp_path: Path
) -> None:
    (tmp_path / "own.toml").write_text(
        DEFAULT.read_text("utf-8").replace("years = 10", "years = 13"), "utf-8"
    )
    (tmp_path / "contacts.toml").write_text('[0999]\ndata_protection = "Fru DPO, tlf. 00 00"\n', "utf-8")
    found = app.extensions["skoen"]
    settings = replace(found.settings, retention=tmp_path / "own.toml", contacts=tmp_path / "contacts.toml")
    app.extensions["skoen"] = replace(found, settings=settings)
    page = read()

    assert "13 år efter" in page
    assert "Fru DPO, tlf. 00 00" in page
    assert "<dt>Telefon</dt><dd>Kommunen har ikke oplyst det.</dd>" in page


def test_a_schedule_that_cannot_be_read_is_said_and_nothing_invented(app: Flask) -> None:
    with app.test_request_context():
        assert notice_of(AREA, None, ()).kept == ("Kommunens plan for sletning kan ikke læses.",)


@pytest.mark.requirement("K-13")
def test_it_is_plain_danish_and_the_public_page_leads_there(app: Flask, read: Read) -> None:
    found = measure(Prose(read(), frozenset({"p", "li"})).lines)

    assert found.lix <= MOST_LIX, found.lix
    assert found.too_long == ()
    assert f'href="{PATH}"' in app.test_client().get("/om-systemet").text
