"""The words of the trade in texts for citizens: every one explained on the page it stands on."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.web.public.glossary import TAG, terms, terms_in
from service.workflow.letter.plain import measure
from tests.cast import Cast

TEMPLATES = Path(__file__).parents[3] / "service" / "web" / "templates"
FOR_CITIZENS = [
    *(TEMPLATES / "public").glob("*.html"), *(TEMPLATES / "letter").glob("*.html"),
    *(TEMPLATES / "citizen_page" / name for name in ("body.html", "door.html", "own.html", "wrong.html")),
]  # fmt: skip
TRADE = (
    "genoptræningsplan", "basalt niveau", "avanceret niveau", "retsgrundlag", "lignende sager",
    "beregningsmodel", "skævhed", "hændelseslog", "fuldmagt", "frit valg", "aktindsigt", "datatilsynet",
    "styrelsen for patientklager", "databeskyttelsesrådgiver", "funktionsevne", "diagnose", "restriktion",
    "rehabilitering", "grundlag",
)  # fmt: skip
"""Words that one cannot expect a citizen to know, whether or not they are in the glossary."""
PAGES = ("/om-systemet", "/tilgaengelighed", "/borger", "/ordliste")


def told(html: str) -> str:
    """What the page itself says, without what explains its words."""
    (main,) = re.findall(r"<main.*?</main>", html, re.DOTALL)
    return re.sub(r"<aside class=\"words\".*?</aside>", "", main, flags=re.DOTALL)


@pytest.mark.requirement("R-33")
@pytest.mark.parametrize("word", TRADE)
def test_every_word_of_the_trade_in_a_text_for_citizens_is_defined(word: str) -> None:
    written = " ".join(file.read_text(encoding="utf-8").lower() for file in FOR_CITIZENS)
    defined = {term.word.lower() for term in terms_in(word)}

    assert defined or not re.search(rf"\b{word}", TAG.sub(" ", written)), f"{word} is explained nowhere"


@pytest.mark.requirement("R-33")
@pytest.mark.parametrize("path", PAGES)
def test_each_word_on_a_page_is_explained_there_and_leads_to_the_list(
    path: str, app: Flask, engine: Engine, cast: Cast
) -> None:
    client = app.test_client()
    html, glossary = client.get(path).text, client.get("/ordliste").text
    for term in terms_in(told(html)):
        if path != "/ordliste":
            assert f'href="/ordliste#{term.id}"' in html, term.word
        assert term.meaning in html
        assert f'id="{term.id}"' in glossary and term.meaning in glossary


@pytest.mark.requirement("R-33")
def test_the_public_page_has_words_and_explains_them(app: Flask, engine: Engine, cast: Cast) -> None:
    html = app.test_client().get("/om-systemet").text

    assert {"genoptraening", "lignende-sager"} <= {term.id for term in terms_in(told(html))}
    assert "Svære ord på siden" in html


def test_meanings_are_plain_and_ids_stand_once() -> None:
    assert len({term.id for term in terms()}) == len(terms())
    assert len({term.word for term in terms()}) == len(terms())
    plain = measure(term.meaning for term in terms())
    assert plain.lix <= 30
    for term in terms():
        assert term.found.search(term.word.lower())
        assert len(term.meaning.split()) <= 20


@pytest.mark.requirement("R-33")
def test_a_word_is_found_in_any_form_and_not_inside_another() -> None:
    assert [term.id for term in terms_in("<p>Genoptræningsplanen kom.</p>")] == ["genoptraeningsplan"]
    assert terms_in("<p data-x='grundlag'>Intet her.</p>") == ()
    assert "indsigt" not in {term.id for term in terms_in("indsigtsfuld")}
