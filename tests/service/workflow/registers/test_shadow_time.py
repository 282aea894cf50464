"""Nobody is shown a version that was not long enough in shadow: enough cases, over enough days, no jump."""

from datetime import timedelta

import pytest

from service.database import reading
from service.errors import Conflict
from service.tables.governance import RegisterEntry
from service.workflow.registers import shadow_time
from service.workflow.registers.approval import Shadow
from tests.answered import an_answered_case, into_shadow
from tests.cast import NOW, TODAY, Cast
from tests.register import VERSION, approve, in_shadow, ready_for_shadow, standing, write
from tests.rows import rows

LATE, EARLY = "2026-06", "2026-03"


@pytest.fixture
def almost(cast: Cast) -> Cast:
    """A version in skygge with everything for a pilot but its time in shadow."""
    ready_for_shadow(cast.engine, cast.dan)
    for step in ("skygge", "faglig"):
        approve(cast.engine, cast.dan, step)
    write(cast.engine, cast.dan, "involvement", gruppe="med_tr")
    return cast


def refused(cast: Cast, step: str = "pilot") -> str:
    before = rows(cast.engine)
    with pytest.raises(Conflict) as told:
        approve(cast.engine, cast.dan, step)
    assert rows(cast.engine) == before
    return str(told.value)


def pilot(cast: Cast) -> RegisterEntry:
    return approve(cast.engine, cast.dan, "pilot")


@pytest.mark.requirement("D-06")
def test_a_version_that_was_never_in_shadow_waits_and_is_told_what_it_lacks(almost: Cast) -> None:
    assert "mindst 100 sager over 90 dage regnet i skygge; der er 0 over 0" in refused(almost)


@pytest.mark.requirement("D-06")
def test_many_cases_over_few_days_and_few_over_many_are_not_enough(almost: Cast) -> None:
    in_shadow(almost.engine, almost.dan, month=LATE, cases=500)
    assert "der er 500 over 29" in refused(almost)


@pytest.mark.requirement("D-06")
def test_few_cases_over_many_days_are_not_enough_until_there_are_more(almost: Cast) -> None:
    in_shadow(almost.engine, almost.dan, month=EARLY, cases=60)
    assert "der er 60 over 121" in refused(almost)
    in_shadow(almost.engine, almost.dan, month=LATE, cases=40)

    assert pilot(almost).content["trin"] == "pilot"


@pytest.mark.requirement("D-06")
def test_the_shadow_of_another_version_or_municipality_does_not_count(almost: Cast) -> None:
    in_shadow(almost.engine, almost.dan, version="v2")
    in_shadow(almost.engine, almost.carla)

    assert "der er 0 over 0" in refused(almost)


@pytest.mark.requirement("D-06")
def test_no_state_is_jumped_over(cast: Cast) -> None:
    ready_for_shadow(cast.engine, cast.dan)
    in_shadow(cast.engine, cast.dan)
    assert "den er i udkast" in refused(cast, "pilot")
    approve(cast.engine, cast.dan, "skygge")
    assert "den er i skygge" in refused(cast, "drift")


@pytest.mark.requirement("D-06")
def test_sealed_answers_of_the_shadow_phase_are_counted_from_the_first(cast: Cast) -> None:
    into_shadow(cast.engine, cast)
    for number in (1, 2):
        an_answered_case(cast.engine, cast, number=number)

    def shadow(version: str, place: str) -> Shadow:
        with reading(cast.engine) as session:
            entries = standing(cast.engine, cast.dan)
            return shadow_time.shadow_of(session, place, entries, version, TODAY + timedelta(days=95))

    assert shadow("2026-01-01", cast.dan.municipality_id) == Shadow(2, 95)
    assert shadow("2026-01-01", cast.carla.municipality_id) == Shadow()
    assert shadow(VERSION, cast.dan.municipality_id) == Shadow()
    assert NOW.date() == TODAY
