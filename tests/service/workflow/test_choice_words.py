"""What was chosen is readable for as long as it is kept, whatever the law says by then."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from models import areas
from models.declaration import Option
from service.workflow.decision.choice_words import choice_label

BEFORE, AFTER = datetime(2026, 12, 31, 12, tzinfo=UTC), datetime(2027, 1, 1, 12, tzinfo=UTC)
AREA = areas.get("genoptraening")


def test_a_choice_is_named_as_on_the_day_it_was_made() -> None:
    said = choice_label(AREA, "rehabilitering", "rehabilitering", BEFORE)
    assert said == "Rehabilitering på specialiseret niveau"
    assert choice_label(AREA, "almen", "retur", AFTER) == "Andet / send retur"


@pytest.mark.parametrize(
    ("plan_type", "choice", "at", "said"),
    [
        ("rehabilitering", "rehabilitering", AFTER, "rehabilitering"),
        ("almen", "basal", datetime(1999, 1, 1, tzinfo=UTC), "Basalt niveau"),
        ("en type fra før", "retur", BEFORE, "retur"),
        ("almen", "mellem", BEFORE, "mellem"),
    ],
)
def test_a_choice_in_no_list_is_named_by_its_code_and_nothing_fails(
    plan_type: str, choice: str, at: datetime, said: str
) -> None:
    assert choice_label(AREA, plan_type, choice, at) == said


def test_the_day_is_the_danish_one() -> None:
    """Half past eleven at night in London is the new year in Copenhagen."""
    at = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)

    def options(plan_type: str, day: date) -> tuple[Option, ...]:
        return (Option("retur", day.isoformat(), is_level=False),)

    assert choice_label(replace(AREA, options=options), "almen", "retur", at) == "2027-01-01"
