"""The survey as pages: opened by a lead, answered by caseworkers without a name, told when it is over."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from tests.parts.web import Clock, Visitor
from tests.quarter import AFTER
from tests.rows import rows
from tests.service.web.test_statistics import words

Visit = Callable[[str], Visitor]


@pytest.fixture
def clock() -> Clock:
    """The eighth of July."""
    return Clock(AFTER)


def test_a_round_is_opened_answered_without_a_name_and_told_when_it_is_over(
    visit: Visit, engine: Engine, clock: Clock
) -> None:
    tove, alma = visit("tove"), visit("alma")
    assert "Der er ingen runde at svare på i dag." in alma.get("/spoergeskema").text
    for days in ({"aabner": "", "lukker": "2026-07-20"}, {"aabner": "2026-07-01", "lukker": "2026-07-20"}):
        refused = tove.post("/effekt/spoergeskema", days)
        assert refused.status_code == 422
    assert (
        tove.post("/effekt/spoergeskema", {"aabner": "2026-07-08", "lukker": "2026-07-20"}).status_code == 303
    )
    page = alma.get("/spoergeskema")
    found = re.search(r'name="runde" value="(\w+)"', page.text)
    assert found
    assert "checked" not in page.text
    before = rows(engine)
    nothing = alma.post("/spoergeskema", {"runde": found[1]})
    assert nothing.status_code == 422
    assert "Svar på mindst ét udsagn." in nothing.text
    assert rows(engine) == before
    said = {"runde": found[1], "spoergsmaal.eget_skoen": "helt_enig"}
    assert alma.post("/spoergeskema", said).status_code == 303
    assert "Du har svaret i denne runde." in alma.get("/spoergeskema").text
    assert alma.post("/spoergeskema", said).status_code == 409
    assert "En runde er åben til og med 20. jul. 2026." in words(tove.get("/effekt").text)
    clock.at += timedelta(weeks=3)
    text = words(visit("tove").get("/effekt").text)
    assert "Jeg bruger mit eget faglige skøn, når jeg beslutter. Skjult" in text  # one answer


@pytest.mark.parametrize("name", ["tove", "dorte", "dan", "ada"])
def test_only_caseworkers_answer(visit: Visit, name: str) -> None:
    assert visit(name).get("/spoergeskema").status_code == 403
