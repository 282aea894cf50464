"""The oversight of one case: for auditors, with a purpose that is logged before anything is shown."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.log import Event
from service.tables import METADATA
from service.tables.decision import Decision
from service.tables.intake import Case
from service.tables.log import STEPS
from service.tables.suggestion import Suggestion
from service.web.oversight.words import titles
from service.workflow import decision, erasure
from service.workflow.oversight.entries import ROWS
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, Cast
from tests.overseen import OF_A_CITIZEN, Visit, access, opened_by, words_of
from tests.parts.citizens import STEP, plant
from tests.parts.town import ORDER
from tests.rows import rows
from tests.service.signer.bench import Bench, tampered

FIRST = "Vurderingen blev gemt, før der blev vist grundlag."


@pytest.fixture
def bench(app: Flask, engine: Engine) -> Bench:
    """The signer of the application under test."""
    return Bench(engine, app.extensions["skoen"].settings)


@pytest.fixture
def decided(engine: Engine, cast: Cast) -> Decision:
    """A decision of Alma's, on evidence that she was shown."""
    return a_decision(engine, an_answered_case(engine, cast), cast.alma, text="Hun går selv.")


def serial_of(engine: Engine, case_id: str) -> str:
    with reading(engine) as session:
        return str(session.get_one(Case, case_id).serial)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"formaal": "klage"}, "Skriv sagens nummer med tal."),
        ({"sagsnummer": "to", "formaal": "klage"}, "Skriv sagens nummer med tal."),
        ({"sagsnummer": "²", "formaal": "klage"}, "Skriv sagens nummer med tal."),
        ({"sagsnummer": "999999999", "formaal": "klage"}, "Kommunen har ingen sag med det nummer."),
        ({"sagsnummer": "9" * 5000, "formaal": "klage"}, "Skriv sagens nummer med tal."),
        ({"sagsnummer": "SERIAL"}, "Vælg et formål på listen."),
        ({"sagsnummer": "SERIAL", "formaal": "nysgerrighed"}, "Vælg et formål på listen."),
    ],
    ids=["no number", "words", "an exponent", "no such case", "too long", "no purpose", "another purpose"],
)
def test_without_a_case_and_a_purpose_nothing_is_shown_or_written(
    form: dict[str, str], sentence: str, engine: Engine, visit: Visit, decided: Decision
) -> None:
    dorte = visit("dorte")
    dorte.get("/tilsyn")
    before = rows(engine)
    form = {name: serial_of(engine, decided.case_id) if value == "SERIAL" else value
            for name, value in form.items()}  # fmt: skip
    answer = dorte.post("/tilsyn", form)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(engine) == before


@pytest.mark.requirement("G-41", "R-22")
def test_the_purpose_is_logged_before_anything_is_shown(
    engine: Engine, visit: Visit, cast: Cast, decided: Decision
) -> None:
    dorte, path = visit("dorte"), f"/tilsyn/sag/{decided.case_id}"
    asked = dorte.get(path)
    assert asked.status_code == 403
    assert "Hvad åbner du sagen for?" in asked.text and "Beslutning" not in asked.text
    assert access(engine, decided.case_id) == []

    dorte.post("/tilsyn", {"sagsnummer": serial_of(engine, decided.case_id), "formaal": "stikproeve"})
    page = dorte.get(path)
    assert page.status_code == 200
    assert access(engine, decided.case_id) == [("case:opened", cast.dorte.person_id, "stikproeve")]
    assert "Formål: Stikprøve." in page.text


def test_a_timeline_that_cannot_be_logged_is_not_shown(
    engine: Engine, visit: Visit, decided: Decision
) -> None:
    dorte = visit("dorte")
    opened_by(dorte, decided.case_id)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        )
    answer = dorte.get(f"/tilsyn/sag/{decided.case_id}")

    assert answer.status_code == 503
    assert "Beslutning gemt" not in answer.text


@pytest.mark.requirement("K-20")
@pytest.mark.parametrize("name", ["alma", "bent", "freja", "carla", "tove", "dan", "ada"])
def test_nobody_else_comes_there(name: str, engine: Engine, visit: Visit, decided: Decision) -> None:
    person = visit(name)
    person.get("/enhed")
    before = rows(engine)
    case = f"/tilsyn/sag/{decided.case_id}"

    got = [person.get(path).status_code for path in ("/tilsyn", case, "/tilsyn/verifikator")]
    sent = [person.post(path, {}).status_code for path in ("/tilsyn", f"{case}/formaal", f"{case}/eksport")]
    assert set(got) | set(sent) <= {403, 404}
    assert rows(engine) == before
    assert 'href="/tilsyn"' not in person.get("/enhed").text


@pytest.mark.requirement("F-17", "SK-17")
def test_the_file_shows_judgement_then_evidence_then_decision(
    engine: Engine, visit: Visit, cast: Cast, decided: Decision, bench: Bench
) -> None:
    bench.seal()
    page = opened_by(visit("dorte"), decided.case_id)
    said = words_of(page)

    in_order = ["Vurdering gemt: Avanceret", "Før grundlag", "Grundlag vist Beregningsmodel",
                "Beslutning gemt: Avanceret", "Lagt vægt på:", "»Hun går selv.«",
                "Udledt: fastholdt, på linje med flest lignende sager."]  # fmt: skip
    places = [said.find(words) for words in in_order]
    assert -1 not in places and places == sorted(places)
    assert FIRST in said
    assert "passer til loggen" in said and "Passer ikke" not in said
    assert "Alma Holm, sagsbehandler, Træning Nord" in said
    assert not any(word in page for word in OF_A_CITIZEN)
    assert "Ikke forseglet endnu" not in said


@pytest.mark.requirement("D-49")
def test_each_suggestion_leads_to_the_lineage_of_the_version_it_came_from(
    engine: Engine, visit: Visit, decided: Decision
) -> None:
    with reading(engine) as session:
        versions = [row.model_version for row in session.exec(select(Suggestion))]

    page = opened_by(visit("dorte"), decided.case_id)

    assert re.findall(r'href="/om-modellen/kilder/([^"]+)"', page) == versions


def test_what_was_shown_is_one_click_away(
    engine: Engine, visit: Visit, cast: Cast, decided: Decision
) -> None:
    dorte = visit("dorte")
    page = opened_by(dorte, decided.case_id)
    (path,) = re.findall(r'href="(/sag/\w+/som-vist/\w+)"', page)

    assert "data-as-shown" in dorte.get(path).text


def test_a_correction_shows_what_it_replaces(
    engine: Engine, visit: Visit, cast: Cast, decided: Decision
) -> None:
    with writing(engine) as session:
        decision.decide(
            session, decided.case_id, choice="basal", reason_code="kapacitet", key="again", now=NOW,
            by=cast.alma, replaces=decided.id,
        )  # fmt: skip
    said = words_of(opened_by(visit("dorte"), decided.case_id))

    assert re.search(r"Beslutning rettet: Basal\S* niveau Før \( linje \d+ \): Avanceret", said)
    assert "Udledt: ændret, anderledes end flest lignende sager." in said


@pytest.mark.requirement("K-20")
def test_a_changed_row_is_unmistakable_and_the_rest_stands(
    engine: Engine, visit: Visit, decided: Decision
) -> None:
    dorte = visit("dorte")
    opened_by(dorte, decided.case_id)
    tampered(engine, "UPDATE decisions SET choice = 'basal' WHERE id = :id", id=decided.id)
    page = opened_by(dorte, decided.case_id)
    said = words_of(page)

    assert "1 post passer ikke" in said
    assert page.count("timeline__line--differs") == 1
    assert "Feltet choice er ændret, efter at posten blev skrevet." in said
    assert "choice: her står basal , loggen beviser avanceret" in said
    assert FIRST in said


def test_an_erased_case_says_so_and_keeps_its_entries(
    engine: Engine, visit: Visit, cast: Cast, bench: Bench, tmp_path: Path
) -> None:
    an_answered_case(engine, cast)
    person = plant(engine, cast.alma, 777)
    bench.seal()
    erasure.erase(engine, tmp_path / "e.jsonl", [person.citizen_id], ORDER, now=NOW + 5 * STEP)
    page = opened_by(visit("dorte"), person.case.id)
    said = words_of(page)

    assert "Sagen er slettet" in said and "passer ikke" not in said.lower()
    assert "Borgerens oplysninger slettet" in said
    assert re.search(r"1 af (\d+) passer til loggen, \d+ er slettet", said)
    assert "Kommandolinjen (uid:0)" in said and "ikke aftalt" not in said
    assert FIRST not in said
    assert "som-vist" not in page
    assert not any(word in page for word in person.words())


@pytest.mark.requirement("R-21")
def test_every_look_is_listed_with_role_unit_and_purpose_and_without_a_name(
    engine: Engine, visit: Visit, cast: Cast, decided: Decision
) -> None:
    visit("bent").get(f"/sag/{decided.case_id}")
    page = opened_by(visit("dorte"), decided.case_id, "aktindsigt")
    looked = words_of(page[page.index('id="opslag"') :])

    assert re.search(r"sagsbehandler, Træning Nord Åbnet Sagsbehandling", looked)
    assert re.search(r"tilsyn, Træning Nord Åbnet Aktindsigt", looked)
    assert not any(name in looked for name in ("Bent", "Krogh"))


def test_every_step_that_can_be_about_a_case_has_its_words_and_its_rows() -> None:
    of_a_case = {
        step
        for step, table in STEPS.items()
        if {"case_id", "subject_id", "consultation_id"} & set(METADATA.tables[table].columns.keys())
    }

    assert set(ROWS) == {event.step for event in map(Event, titles())} == of_a_case | {"received"}
