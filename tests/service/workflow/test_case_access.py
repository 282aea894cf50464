"""A case is open while somebody works on it, and for some days after it has ended (K-22)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from service.database import reading, writing
from service.tables.intake import Case
from service.workflow import decision
from service.workflow.case_access import is_closed
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case
from tests.cast import NOW, Cast
from tests.letters import a_letter
from tests.mine import a_report, looked_at

DAYS = 14
LAST_MOMENT = NOW + timedelta(days=DAYS) - timedelta(seconds=1)
AFTER = NOW + timedelta(days=DAYS)


def closed(engine: Engine, case: Case, now: datetime) -> bool:
    """Whether the case opens only to somebody who says what for."""
    with reading(engine) as session:
        return is_closed(session, case.id, days=DAYS, now=now)


def planned(engine: Engine, cast: Cast, at: datetime = NOW) -> Case:
    """A case that has ended."""
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    with writing(engine) as session:
        decision.plan(
            session, case.id, forms=("gruppe",), team="ortopaedisk", place="center", start_status="frit_valg",
            first_date=None, now=at, by=cast.alma,
        )  # fmt: skip
    return case


@pytest.mark.requirement("K-22")
def test_a_case_that_has_ended_closes_when_its_days_are_over(engine: Engine, cast: Cast) -> None:
    case = planned(engine, cast)
    assert not closed(engine, case, LAST_MOMENT)
    assert closed(engine, case, AFTER)


@pytest.mark.parametrize("choice", ["kan_ikke_afgoeres", "retur", "avanceret"])
def test_a_case_that_waits_for_somebody_stays_open(choice: str, engine: Engine, cast: Cast) -> None:
    """For an answer, or for somebody to plan it."""
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma, choice=choice)
    assert not closed(engine, case, NOW + timedelta(days=400))


def test_a_new_case_is_open_however_old_it_is(engine: Engine, cast: Cast) -> None:
    assert not closed(engine, a_case(engine), NOW + timedelta(days=400))


def test_later_work_begins_the_days_anew(engine: Engine, cast: Cast) -> None:
    later = NOW + timedelta(days=5)
    case = planned(engine, cast, at=later)
    assert not closed(engine, case, AFTER)
    assert closed(engine, case, later + timedelta(days=DAYS))
    a_letter(engine, case, cast.alma, now=AFTER)
    assert not closed(engine, case, later + timedelta(days=DAYS))


def test_what_the_citizen_says_opens_it_until_days_after_the_look(engine: Engine, cast: Cast) -> None:
    case = planned(engine, cast)
    report = a_report(engine, case, now=AFTER)
    assert not closed(engine, case, AFTER + timedelta(days=400))
    looked_at(engine, report, cast.alma, now=AFTER)
    assert not closed(engine, case, AFTER + timedelta(days=DAYS - 1))
    assert closed(engine, case, AFTER + timedelta(days=DAYS))
