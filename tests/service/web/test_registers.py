"""The registers as they are read: who may, what stands there, and what is told of another version."""

from collections.abc import Callable
from html import unescape

import pytest
from sqlalchemy import Engine

from models.declared import catalogue_mark
from tests.cast import NOW, Cast
from tests.parts.web import Clock, Visitor
from tests.register import (
    AREA,
    PEOPLE,
    WHOLE,
    ready_for_shadow,
    register_entries,
    write,
)

Visit = Callable[[str], Visitor]


@pytest.mark.parametrize("name", ["alma", "bent"])
def test_whoever_judges_cases_reads_them_on_the_public_page(visit: Visit, name: str) -> None:
    assert visit(name).get("/registre").status_code == 403


@pytest.mark.parametrize("name", ["dorte", "tove", "ada", "dan"])
def test_whoever_answers_for_the_system_reads_every_register(
    visit: Visit, name: str, engine: Engine, cast: Cast
) -> None:
    register_entries(engine, cast.dan)
    page = unescape(visit(name).get("/registre").text)

    for title in (
        "Overblik i visitationen",
        "Skal alder med?",
        "Vi prøver det.",
        "Faget",
        "Juridisk godkendelse",
        "Grundlag og dets grænser",
        "En fil lå forkert",
        "Brevet var svært",
    ):
        assert title in page  # fmt: skip


@pytest.mark.requirement("K-05", "G-17")
def test_what_nobody_assessed_stands_first_on_the_page_until_somebody_did(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    page = unescape(visit("dan").get("/registre").text)
    tasks = page.partition('id="opgaver"')[2].partition("</section>")[0]

    assert "Ny kilde: kommunens egne systemer" in tasks
    for question in (*AREA.questions, *AREA.kept_apart):
        assert f"Ny eller ændret oplysning: {question.label}" in tasks
    assert f"katalog:{AREA.name} med fingeraftrykket {catalogue_mark(AREA)}" in tasks

    write(engine, cast.dan, "catalogue")
    page = unescape(visit("dan").get("/registre").text)
    assert 'id="opgaver"' not in page
    assert "Alle oplysninger, kilder og modelversioner er drøftet." in page


def test_one_register_can_be_chosen_and_only_one_that_exists(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    register_entries(engine, cast.dan)
    dan = visit("dan")
    page = dan.get("/registre?register=balance").text

    assert "Vi prøver det." in page
    assert "Skal alder med?" not in page
    assert dan.get("/registre?register=karakterbog").status_code == 404


def test_an_entry_shows_every_field_in_words(visit: Visit, engine: Engine, cast: Cast) -> None:
    row = write(engine, cast.dan, "dilemma")
    page = unescape(visit("dan").get(f"/registre/{row.id}").text)

    for words in (
        "Ældre kan få for lidt.",
        "Behov kan blive overset.",
        "udvikling",
        "4. maj 2026",
        "model v1",
    ):
        assert words in page
    for person in PEOPLE[:2]:
        assert f"{person['fag']}, {person['rolle']}" in page
    assert f"nummer {row.log_seq}" in page


@pytest.mark.requirement("G-49")
def test_an_old_version_is_readable_and_says_that_it_is_old(visit: Visit, engine: Engine, cast: Cast) -> None:
    first, newest, _ = register_entries(engine, cast.dan)
    dan = visit("dan")
    old, new = (dan.get(f"/registre/{each}").text for each in (first, newest))

    assert WHOLE["dilemma"][1]["resultat"] in unescape(old)
    assert "tidligere version" in old
    assert f'href="/registre/{newest}"' in old
    assert "tidligere version" not in new
    assert f'href="/registre/{first}"' in new
    assert dan.get("/registre").text.count("Skal alder med?") == 1


def test_another_municipality_finds_nothing(visit: Visit, engine: Engine, cast: Cast) -> None:
    row = write(engine, cast.carla, "dilemma")

    assert visit("dan").get(f"/registre/{row.id}").status_code == 404
    assert visit("dan").get("/registre/" + "0" * 32).status_code == 404
    assert "Skal alder med?" not in visit("dan").get("/registre").text


def test_the_clock_of_a_breach_is_counted_when_it_is_read(
    visit: Visit, engine: Engine, cast: Cast, clock: Clock
) -> None:
    write(engine, cast.dan, "incident", opdaget="2026-06-27T10:01:00+02:00")
    dan = visit("dan")
    assert clock() == NOW  # 10:00 in Denmark: a minute is left

    assert "skal anmeldes senest 30. juni 2026 kl. 10.01" in dan.get("/registre").text
    row = write(engine, cast.dan, "incident", opdaget="2026-06-27T09:59:00+02:00")
    assert "skulle være anmeldt 30. juni 2026 kl. 9.59" in dan.get(f"/registre/{row.id}").text


def test_what_a_version_lacks_is_said_before_anybody_asks(visit: Visit, engine: Engine, cast: Cast) -> None:
    dan = visit("dan")
    write(engine, cast.dan, "dilemma")
    assert "en juridisk godkendelse" in dan.get("/registre").text

    ready_for_shadow(engine, cast.dan)
    page = dan.get("/registre").text
    assert "en juridisk godkendelse" not in page
    assert "Alt, hvad skygge kræver" in page
