"""Whoever is shown a case has opened it: an entry with a purpose, also when a form is only shown again."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.log import LogEntry
from tests.answered import a_decision, an_answered_case
from tests.cast import Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


def openings(engine: Engine) -> list[tuple[str, str]]:
    """Case and purpose of every opening in the access log."""
    with reading(engine) as session:
        entries = [json.loads(row.entry) for row in session.exec(select(LogEntry)).all()]
    return [(entry["case"], entry["purpose"]) for entry in entries if entry["type"] == "case:opened"]


@pytest.mark.requirement("K-20")
@pytest.mark.parametrize("page", ["planlaegning", "ret/beslutning", "ret/vurdering"])
def test_a_form_that_is_shown_again_is_an_opening(
    page: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    """Otherwise an empty form sent to a case would show it, and nobody could see that it was looked at."""
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)

    assert visit("alma").post(f"/sag/{case.id}/{page}", {}).status_code == 422
    assert openings(engine) == [(case.id, "sagsbehandling")]


def test_so_is_a_decision_that_must_be_mended(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    assert visit("alma").post(f"/sag/{case.id}/beslutning", {}).status_code == 422
    assert openings(engine) == [(case.id, "sagsbehandling")]


def test_so_are_a_judgement_and_an_answer_that_must_be_mended(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    alma, case = visit("alma"), an_answered_case(engine, cast)
    assert alma.post(f"/sag/{case.id}/vurdering", {}).status_code == 422
    a_decision(engine, case, cast.alma, choice="retur")
    assert alma.post(f"/sag/{case.id}/svar", {"oplysning.opstart_tidligst": "snart"}).status_code == 422
    assert openings(engine) == [(case.id, "sagsbehandling")] * 2


def test_a_case_of_another_municipality_is_not_found_and_leaves_no_trace(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case, carla = an_answered_case(engine, cast), visit("carla")
    there, nowhere = (carla.get(f"/sag/{case_id}") for case_id in (case.id, "0" * 32))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.text.replace(case.id, "") == nowhere.text.replace("0" * 32, "")
    assert openings(engine) == []
