"""Planning: a step of its own, with nothing chosen beforehand and the deadline as a date."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine

from service.tables.decision import Planning
from tests.answered import a_decision, an_answered_case, rows
from tests.cast import Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]


def plan_of(**changed: Any) -> dict[str, Any]:
    return {
        "forms": ["gruppe", "individuel"],
        "team": "ortopaedisk",
        "place": "center",
        "start_status": "inden_frist",
        "first_date": "2026-07-03",
        **changed,
    }


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"forms": []}, "Vælg mindst én form."),
        ({"forms": ["svømning"]}, "Vælg mindst én form."),
        ({"team": ""}, "Vælg team."),
        ({"place": ""}, "Vælg sted."),
        ({"start_status": ""}, "Vælg, hvordan opstarten er aftalt."),
        ({"first_date": ""}, "Skriv datoen for den første aftale."),
        ({"first_date": "i morgen"}, "Skriv datoen som dag-måned-år"),
        ({"first_date": "2026-07-06"}, "Datoen ligger efter fristen."),
        ({"first_date": "2019-01-01"}, "Datoen skal ligge efter udskrivningen"),
    ],
    ids=str,
)
def test_a_plan_that_cannot_be_taken_is_said_and_not_written(
    changed: dict[str, Any], sentence: str, visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    answer = visit("alma").post(f"/sag/{case.id}/planlaegning", plan_of(**changed))

    assert answer.status_code == 422
    assert sentence in answer.text
    assert rows(engine, Planning) == 0


def test_planning_starts_with_nothing_chosen_and_the_deadline_as_a_date(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    page = visit("alma").get(f"/sag/{case.id}/planlaegning").text

    assert " checked" not in page
    assert "senest søndag den 5. juli 2026" in page


def test_a_plan_leads_to_the_receipt_and_a_second_one_corrects_it(
    visit: Visit, engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    alma = visit("alma")
    answer = alma.post(f"/sag/{case.id}/planlaegning", plan_of())
    again = alma.get(f"/sag/{case.id}/planlaegning").text
    alma.post(f"/sag/{case.id}/planlaegning", plan_of(place="hjemme"))

    assert answer.headers["Location"] == f"/sag/{case.id}/kvittering"
    assert 'value="gruppe" checked' in again
    assert "bliver det en rettelse" in again
    assert rows(engine, Planning) == 2


def test_an_undecided_case_cannot_be_planned(visit: Visit, engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    alma = visit("alma")

    assert alma.get(f"/sag/{case.id}/planlaegning").headers["Location"] == f"/sag/{case.id}/grundlag"
    assert alma.post(f"/sag/{case.id}/planlaegning", plan_of()).status_code == 409
    assert rows(engine, Planning) == 0
