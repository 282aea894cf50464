"""The page *Undersøg*: marked as an exploration, closed before the judgement, and without JavaScript."""

import re
from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.exploration import Exploration
from service.web.suggestion.exploring_view import render_exploration
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Visitor
from tests.rows import rows

Visit = Callable[[str], Visitor]


def form_of(html: str) -> dict[str, str]:
    """What the form holds when nothing is touched: what is chosen, ticked or filled in."""
    checked = re.findall(r'name="(oplysning\.\w+)" value="([^"]*)" checked', html)
    typed = re.findall(
        r'<input class="form-input[^"]*" id="[^"]*" name="(oplysning\.\w+)" type="\w+" value="([^"]+)"', html
    )
    return dict([*checked, *typed])


def test_before_the_judgement_and_after_the_decision_the_page_is_closed(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    alma, fresh = visit("alma"), a_case(engine, request_id="fresh")
    decided = an_answered_case(engine, cast)
    a_decision(engine, decided, cast.alma)
    before = rows(engine)["explorations"]

    for case in (fresh, decided):
        for answer in (alma.get(f"/sag/{case.id}/undersoeg"), alma.post(f"/sag/{case.id}/undersoeg")):
            assert answer.status_code == 409
            assert "lignende sager" not in answer.text
    assert rows(engine)["explorations"] == before


def test_others_do_not_find_it(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)

    assert visit("carla").get(f"/sag/{case.id}/undersoeg").status_code == 404
    for name in ("dorte", "tove", "dan"):
        assert visit(name).get(f"/sag/{case.id}/undersoeg").status_code == 403


def test_it_asks_the_questions_of_the_model_as_they_were_answered(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    page = visit("alma").get(f"/sag/{case.id}/undersoeg").text
    held = form_of(page)

    assert held["oplysning.funk_mobilitet"] == "3"
    assert held["oplysning.bidiagnoser_antal"] == "2"
    assert "aktionsdiagnose_sks" not in page
    assert "oplysning.dage_siden_udskrivning" not in page
    assert "En undersøgelse, ikke en del af sagen" in page


def test_nothing_changed_and_answers_that_cannot_be_are_told_on_the_page(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, alma = an_answered_case(engine, cast), visit("alma")
    same = form_of(alma.get(f"/sag/{case.id}/undersoeg").text)
    before = rows(engine)["explorations"]

    nothing = alma.post(f"/sag/{case.id}/undersoeg", same)
    wrong = alma.post(f"/sag/{case.id}/undersoeg", {**same, "oplysning.bidiagnoser_antal": "1e99"})
    code = alma.post(f"/sag/{case.id}/undersoeg", {**same, "oplysning.faldrisiko": "måske"})

    assert [each.status_code for each in (nothing, wrong, code)] == [422, 422, 422]
    assert "Ret mindst én oplysning" in nothing.text
    assert "1e99" in wrong.text
    assert 'href="#oplysning-bidiagnoser_antal"' in wrong.text
    assert rows(engine)["explorations"] == before


def test_what_was_tried_is_shown_beside_what_was_shown_and_can_be_found_again(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, alma = an_answered_case(engine, cast), visit("alma")
    home = f"/sag/{case.id}/undersoeg"
    held = form_of(alma.get(home).text)

    sent = alma.post(home, {**held, "oplysning.faldrisiko": "nej"})
    page = alma.get(sent.headers["Location"]).text
    with reading(engine) as session:
        row = session.exec(select(Exploration)).one()

    assert sent.status_code == 303
    assert sent.headers["Location"] == f"{home}/{row.id}"
    assert "En undersøgelse, ikke en del af sagen" in page
    assert "Det siger ikke, hvad der ville ske for borgeren." in page
    assert page.count("13 af 20") == 2
    assert "peger mod" not in page
    assert f"{home}/{row.id}" in alma.get(home).text
    assert f'href="{home}"' in alma.get(f"/sag/{case.id}/grundlag").text


def test_a_silence_is_told_with_its_reasons_and_without_a_level() -> None:
    side = {"silent": [], "notes": [], "count": 20, "spread": {"a": 13, "b": 7}, "pulls": []}
    pull = {
        "question": "q",
        "label": "Gang",
        "value": "let",
        "strength": "mest",
        "toward": "a",
        "certain": True,
    }
    unsure = {**pull, "question": "r", "label": "Syn", "certain": False}
    html = render_exploration({
        "format": 1, "model_version": "v1", "manifest_hash": "", "sentences": [],
        "levels": [{"code": "b", "label": "Basalt niveau"}, {"code": "a", "label": "Avanceret niveau"}],
        "changed": [{"name": "q", "label": "Gang", "before": "<i>let", "after": "svær"}],
        "before": {**side, "pulls": [pull, unsure]},
        "after": {**side, "silent": ["For få lignende sager."], "count": None, "spread": {}},
    })  # fmt: skip

    assert "For få lignende sager." in html
    assert html.index("Basalt niveau") < html.index("Avanceret niveau")
    assert html.count("Intet vises") == 4
    assert "Mest mod avanceret niveau" in html
    assert "Retningen er usikker" in html
    assert "&lt;i&gt;let" in html


def test_her_own_municipalitys_cases_are_chosen_on_the_page_and_told_as_such(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, alma = an_answered_case(engine, cast), visit("alma")
    basis = alma.get(f"/sag/{case.id}/grundlag").text
    page = alma.get(f"/sag/{case.id}/undersoeg").text
    assert "Der er ledt i sager fra 2 kommuner." in basis
    assert f'href="/sag/{case.id}/undersoeg#sager"' in basis
    assert 'id="sager"' in page
    assert 'name="sager" value="alle" checked' in page, "as in what was shown, until she chooses"

    came = alma.post(f"/sag/{case.id}/undersoeg", {**form_of(page), "sager": "egne"})
    assert came.status_code == 303
    told = alma.get(came.headers["Location"]).text
    assert "Lignende sager fra" in told
    assert "kommunen selv" in told
