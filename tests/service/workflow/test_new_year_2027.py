"""The law of 1 January 2027 takes over by its date: the same code, a day later, asks and tells otherwise."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine

from models import areas
from service.workflow.intake.responsible import rule_for
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Clock, Visitor

AREA = areas.get("genoptraening")
LAST, FIRST = date(2026, 12, 31), date(2027, 1, 1)
CHOICES = re.compile(r'name="valg" value="(\w+)"')


@pytest.mark.requirement("D-37")
def test_choices_and_authority_change_with_the_day_and_nothing_else_does() -> None:
    def chosen(on: date) -> dict[str, list[str]]:
        kinds = ("almen", "specialiseret", "rehabilitering")
        return {kind: [option.code for option in AREA.options(kind, on)] for kind in kinds}

    before, after = chosen(LAST), chosen(FIRST)

    assert before.pop("rehabilitering") == ["rehabilitering", "kan_ikke_afgoeres", "retur"]
    assert after.pop("rehabilitering") == ["kan_ikke_afgoeres", "retur"]
    assert before == after
    assert (rule_for("rehabilitering", LAST).answers, rule_for("rehabilitering", FIRST).answers) == (
        "kommune", "region",
    )  # fmt: skip


@pytest.mark.requirement("D-37")
def test_the_page_of_a_case_offers_what_the_law_of_its_day_leaves_open(
    visit: Callable[[str], Visitor], engine: Engine, cast: Cast, clock: Clock
) -> None:
    offered = {}
    for day in (LAST, FIRST):
        at = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
        clock.at = at
        case = a_case(
            engine,
            at,
            request_id=f"R-{day.year}",
            plan_type="rehabilitering",
            received_on=day,
            discharged_on=day,
        )
        offered[day] = CHOICES.findall(visit("alma").get(f"/sag/{case.id}").text)

    assert offered[LAST] == ["rehabilitering", "kan_ikke_afgoeres", "retur"]
    assert offered[FIRST] == ["kan_ikke_afgoeres", "retur"]
