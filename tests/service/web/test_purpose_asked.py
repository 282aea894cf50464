"""What a case is opened for: told by the work in one's own case, and asked once in somebody else's."""

import json
from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from service.database import reading
from service.log import Event
from service.tables.log import LogEntry
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
QUESTION = "Hvad åbner du sagen for?"
PAGES = ("", "/grundlag", "/kvittering", "/planlaegning", "/ret")


def purposes(engine: Engine, person_id: str) -> list[str]:
    """What somebody has opened cases for, in order."""
    query = select(LogEntry.entry).where(LogEntry.event == Event.CASE_OPENED).order_by(col(LogEntry.seq))
    with reading(engine) as session:
        entries = [json.loads(text) for text in session.exec(query)]
    return [entry["purpose"] for entry in entries if entry["actor"] == person_id]


@pytest.mark.requirement("R-24")
def test_in_ones_own_case_nothing_is_asked_from_plan_to_receipt(
    engine: Engine, cast: Cast, visit: Visit
) -> None:
    alma, new = visit("alma"), a_case(engine, request_id="new")
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    shown = [alma.get(f"/sag/{new.id}")] + [
        alma.get(f"/sag/{case.id}{page}", follow_redirects=True) for page in PAGES
    ]

    assert {answer.status_code for answer in shown} == {200}
    assert sum(QUESTION in answer.text for answer in shown) == 0
    told = purposes(engine, cast.alma.person_id)
    assert len(told) >= len(shown) and set(told) == {"sagsbehandling"}


@pytest.mark.requirement("R-24")
def test_in_somebody_elses_case_it_is_asked_once_and_for_each_case(
    engine: Engine, cast: Cast, visit: Visit
) -> None:
    dorte = visit("dorte")
    first, second = (an_answered_case(engine, cast, number=number) for number in (1, 2))
    for case in (first, second):
        a_decision(engine, case, cast.alma)
        asked = dorte.get(f"/sag/{case.id}")
        assert (asked.status_code, asked.text.count(QUESTION)) == (403, 1)
        dorte.post(f"/sag/{case.id}/formaal", {"formaal": "klage", "videre": f"/sag/{case.id}"})
        seen = [dorte.get(f"/sag/{case.id}{page}") for page in ("", "/grundlag", "/kvittering")]
        assert sum(QUESTION in answer.text for answer in seen) == 0
        assert 200 in {answer.status_code for answer in seen}

    assert set(purposes(engine, cast.dorte.person_id)) == {"klage"}


@pytest.mark.requirement("R-24")
@pytest.mark.parametrize("purpose", ["", "nysgerrig", "sagsbehandling"])
def test_a_purpose_that_is_not_on_the_list_opens_nothing(
    purpose: str, engine: Engine, cast: Cast, visit: Visit
) -> None:
    dorte, case = visit("dorte"), a_case(engine)
    dorte.get(f"/sag/{case.id}")
    answer = dorte.post(f"/sag/{case.id}/formaal", {"formaal": purpose, "videre": f"/sag/{case.id}"})

    assert answer.status_code in (403, 422)
    assert dorte.get(f"/sag/{case.id}").status_code == 403
    assert purposes(engine, cast.dorte.person_id) == []
