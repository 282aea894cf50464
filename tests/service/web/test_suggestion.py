"""The page after the judgement: what was stored is what is shown, and nothing else decides what is."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.tables.suggestion import WITHHELD_REASONS, Suggestion
from service.web.suggestion.basis import TEMPLATE_VERSION, render_basis
from service.web.suggestion.withheld import withheld
from service.workflow import governance, intake, suggestion
from tests.answered import a_decision, an_answered_case, an_operation_without_basis, rows
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import NOW, Cast, passes_quiz, unit_named
from tests.parts.web import Visitor
from tests.payloads import a_payload
from tests.shelves import DamagedShelf, FixedShelf, WrongSumShelf

Visit = Callable[[str], Visitor]


def stored(engine: Engine, case_id: str) -> tuple[Suggestion, str | None]:
    with reading(engine) as session:
        row = session.exec(select(Suggestion).where(Suggestion.case_id == case_id)).one()
        return row, suggestion.as_shown(session, row).fragment


def form_of(html: str) -> str:
    """The decision form without what differs by its nature: token, key and the case's address."""
    form = re.search(r'<form method="post" action="/sag/\w+/beslutning".*?</form>', html, re.DOTALL)
    assert form is not None
    return re.sub(r'value="[^"]{20,}"|/sag/\w+', "", form[0])


def test_before_the_judgement_the_way_leads_back_to_the_case(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)
    answer = visit("alma").get(f"/sag/{case.id}/grundlag")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sag/{case.id}")
    assert rows(engine, Suggestion) == 0


def test_another_municipality_finds_no_such_case(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    row, _ = stored(engine, case.id)
    carla = visit("carla")

    for path in ("grundlag", "kvittering", "planlaegning", "ret", "journal.txt", f"som-vist/{row.id}"):
        assert carla.get(f"/sag/{case.id}/{path}").status_code == 404, path
    for path in ("beslutning", "planlaegning", "ret/beslutning", "ret/vurdering", "grundlag"):
        assert carla.post(f"/sag/{case.id}/{path}").status_code == 404, path


@pytest.mark.parametrize("name", ["tove", "dan", "ada"])
def test_roles_without_casework_are_refused(name: str, visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)

    assert visit(name).get(f"/sag/{case.id}/grundlag").status_code == 403


def test_the_page_shows_exactly_what_was_stored(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    _, fragment = stored(engine, case.id)

    assert fragment == render_basis(
        a_payload(own_level="avanceret", facts=_facts(engine, case.id)), "overblik"
    )
    assert fragment in visit("alma").get(f"/sag/{case.id}/grundlag").text


def _facts(engine: Engine, case_id: str) -> list[dict[str, Any]]:
    with reading(engine) as session:
        payload = suggestion.as_shown(session, suggestion.of_case(session, case_id)).payload
    assert payload is not None
    facts: list[dict[str, Any]] = payload["facts"]
    return facts


@pytest.mark.requirement("F-21")
def test_what_was_shown_can_be_opened_again_byte_for_byte(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    row, fragment = stored(engine, case.id)
    a_decision(engine, case, cast.alma)
    page = visit("alma").get(f"/sag/{case.id}/som-vist/{row.id}").text

    assert fragment is not None and fragment in page
    for proof in (TEMPLATE_VERSION, str(row.payload_hash), str(row.manifest_hash), f"nr. {row.log_seq}"):
        assert proof in page


def test_what_was_withheld_cannot_be_opened_as_shown(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast, wants_evidence=False)
    row, _ = stored(engine, case.id)

    assert visit("alma").get(f"/sag/{case.id}/som-vist/{row.id}").status_code == 404


def test_what_was_shown_in_one_case_is_not_found_in_another(visit: Visit, engine: Engine, cast: Cast) -> None:
    row, _ = stored(engine, an_answered_case(engine, cast).id)
    other = an_answered_case(engine, cast, number=2)

    assert visit("alma").get(f"/sag/{other.id}/som-vist/{row.id}").status_code == 404


@pytest.mark.requirement("F-29")
def test_the_overview_names_no_level_and_the_other_mode_does(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    overview = visit("alma").get(f"/sag/{an_answered_case(engine, cast).id}/grundlag").text
    with writing(engine) as session:
        unit = unit_named(session, "Træning Nord").id
        governance.set_mode(session, unit, "forslag", now=NOW, by=cast.tove)
    passes_quiz(engine, cast.alma)
    pointing = visit("alma").get(f"/sag/{an_answered_case(engine, cast, number=2).id}/grundlag").text

    assert "peger mod" not in overview
    assert "Grundlaget peger mod avanceret niveau." in pointing


@pytest.mark.requirement("F-26")
def test_options_are_the_lawful_ones_in_one_style_with_nothing_chosen(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    page = visit("alma").get(f"/sag/{an_answered_case(engine, cast).id}/grundlag").text
    offered = re.findall(
        r'<input type="radio" class="([^"]+)" id="[^"]+" name="choice" value="([^"]+)"', page
    )

    assert [code for _, code in offered] == ["basal", "avanceret", "kan_ikke_afgoeres", "retur"]
    assert len({style for style, _ in offered}) == 1
    assert " checked" not in page
    assert " selected" not in page


def test_every_reason_has_a_key_of_its_own(visit: Visit, engine: Engine, cast: Cast) -> None:
    page = visit("alma").get(f"/sag/{an_answered_case(engine, cast).id}/grundlag").text

    assert re.findall(r'name="reason_code" value="\w+" aria-keyshortcuts="(.)"', page) == list("123456789f0")


@pytest.mark.requirement("F-24")
def test_the_form_is_the_same_whatever_was_judged_and_shown(visit: Visit, engine: Engine, cast: Cast) -> None:
    alma = visit("alma")
    forms = {
        form_of(alma.get(f"/sag/{an_answered_case(engine, cast, number=number, **judged).id}/grundlag").text)
        for number, judged in enumerate(
            [{"choice": "avanceret"}, {"choice": "basal"}, {"wants_evidence": False}], start=1
        )
    }

    assert len(forms) == 1


@pytest.mark.requirement("F-25")
@pytest.mark.parametrize("word", ["kr.", "pladser", "ventetid", "budget", "pris"])
def test_no_price_or_capacity_stands_on_the_page(word: str, visit: Visit, engine: Engine, cast: Cast) -> None:
    page = visit("alma").get(f"/sag/{an_answered_case(engine, cast).id}/grundlag").text

    assert word not in re.sub(r"<[^>]+>", " ", page).lower()


def test_the_judgement_stands_with_its_time(visit: Visit, engine: Engine, cast: Cast) -> None:
    page = visit("alma").get(f"/sag/{an_answered_case(engine, cast).id}/grundlag").text

    assert "<strong>Avanceret niveau</strong>, sikker (kl. 10.00)" in page


def test_a_colleague_sees_whose_judgement_it_is(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)

    assert "Vurderet af Alma Holm:" in visit("bent").get(f"/sag/{case.id}/grundlag").text


def test_an_auditor_reads_the_page_without_a_form(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    dorte = visit("dorte")
    dorte.post(f"/sag/{case.id}/formaal", {"formaal": "stikproeve"})
    page = dorte.get(f"/sag/{case.id}/grundlag")

    assert page.status_code == 200
    assert "20 lignende sager" in page.text
    assert "Gem beslutning" not in page.text


@pytest.mark.parametrize(
    ("shelf", "judged", "said"),
    [
        (FixedShelf(), {"wants_evidence": False}, "Du har valgt, at der ikke vises grundlag"),
        (DamagedShelf(), {}, "kunne ikke åbnes sikkert"),
        (WrongSumShelf(), {}, "bestod ikke sin egen kontrol"),
        (
            FixedShelf(
                a_payload(abstained=["too_few_similar"], abstained_sentences=["Kun 6 tidligere sager."])
            ),
            {},
            "Kun 6 tidligere sager.",
        ),
    ],
    ids=["declined", "damaged", "wrong sum", "abstained"],
)
def test_when_nothing_is_shown_the_page_says_why_and_the_case_can_be_decided(
    shelf: FixedShelf, judged: dict[str, Any], said: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast, shelf=shelf, **judged)
    page = visit("alma").get(f"/sag/{case.id}/grundlag")

    assert page.status_code == 200
    assert said in page.text
    assert "lignende sager</h2>" not in page.text
    assert "Gem beslutning" in page.text


@pytest.mark.requirement("K-18", "R-12")
def test_without_a_legal_basis_the_page_answers_403_and_the_case_can_be_decided(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    an_operation_without_basis(engine, cast)
    case = an_answered_case(engine, cast)
    page = visit("alma").get(f"/sag/{case.id}/grundlag")

    assert page.status_code == 403
    assert "ikke registreret et retsgrundlag" in page.text
    assert "lignende sager</h2>" not in page.text
    assert "Gem beslutning" in page.text


def test_every_reason_for_showing_nothing_has_its_sentence(app: Flask) -> None:
    with app.test_request_context():
        sentences = {withheld(reason).sentence for reason in WITHHELD_REASONS}

    assert len(sentences) == len(WITHHELD_REASONS)


def test_a_fact_marked_wrong_withdraws_what_was_shown(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    with writing(engine) as session:
        intake.mark_wrong(session, case.id, "faldrisiko", note="", now=NOW, by=cast.alma)
    page = visit("alma").get(f"/sag/{case.id}/grundlag").text

    assert "Grundlaget er trukket tilbage." in page
    assert "lignende sager</h2>" not in page
    assert "Gem beslutning" not in page


def test_a_judgement_whose_answer_was_lost_can_be_answered(visit: Visit, engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan)
    case = a_case(engine)
    a_judgement(engine, case, cast.alma)
    alma = visit("alma")

    assert "Hent grundlag" in alma.get(f"/sag/{case.id}/grundlag").text
    assert rows(engine, Suggestion) == 0
    assert alma.post(f"/sag/{case.id}/grundlag").status_code == 303
    assert "20 lignende sager" in alma.get(f"/sag/{case.id}/grundlag").text


def test_a_decided_case_leads_to_its_receipt(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    answer = visit("alma").get(f"/sag/{case.id}/grundlag")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/sag/{case.id}/kvittering")
