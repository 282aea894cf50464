"""Once only: what the plan says is stored once with its source, and nobody is asked for it again."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from service.database import reading
from service.tables.intake import Case, FactsVersion
from service.workflow.case_file import open_file
from tests.answered import rows
from tests.builders import a_case, a_referral
from tests.cast import Cast
from tests.parts.web import Visitor

ASKED = re.compile(r'<(?:input|select|textarea)\b[^>]*\bname="oplysning\.(\w+)"')
SAID = a_referral().facts


@pytest.mark.requirement("R-10")
def test_nothing_the_plan_says_is_asked_for_again(
    visit: Callable[[str], Visitor], engine: Engine, cast: Cast
) -> None:
    case = a_case(engine)

    asked = set(ASKED.findall(visit("alma").get(f"/sag/{case.id}").text))

    assert asked, "what only the text says is asked for"
    assert not asked & set(SAID)


@pytest.mark.requirement("R-10")
def test_what_the_plan_says_is_stored_once_with_where_it_came_from(engine: Engine, cast: Cast) -> None:
    case = a_case(engine)
    again = a_case(engine)

    assert again.id == case.id
    assert (rows(engine, Case), rows(engine, FactsVersion)) == (1, 1)
    with reading(engine) as session:
        facts = open_file(session, case.id).facts
    for name, fact in SAID.items():
        assert (facts[name].value, facts[name].source) == (fact.value, fact.source)
        assert facts[name].known_at is not None
