"""What a citizen has said no to is in no number made up afterwards, and no number is made up twice."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from models import areas
from service.database import reading
from service.tables.intake import Case
from service.workflow.case_file import open_file
from service.workflow.citizen_page.contexts import contexts_of
from service.workflow.statistics import queries
from service.workflow.statistics.kept_out import kept_out
from tests.builders import a_case, an_admission
from tests.cast import NOW, TODAY, Cast
from tests.quarter import decide_case
from tests.rights import a_request, a_withdrawal

BEFORE, AFTER = timedelta(hours=1), timedelta(days=2)
"""The cast's day is the last of a quarter, and cases are decided on it."""
KINDS = ("restriction", "objection")


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A case decided on the last day of the second quarter."""
    an_admission(engine, cast.dan)
    return decide_case(engine, cast.alma, 1)


def counted(engine: Engine, cast: Cast) -> set[str]:
    """The cases that the numbers of the quarter count."""
    with reading(engine) as session:
        rows = queries.decided_rows(
            session, (cast.tove.unit_id,), areas.get("genoptraening"), date(2026, 4, 1), date(2026, 7, 1)
        )
    return {row.case_id for row in rows}


@pytest.mark.parametrize("kind", KINDS)
def test_a_no_before_the_quarter_is_over_keeps_the_case_out_for_good(
    engine: Engine, cast: Cast, case: Case, kind: str
) -> None:
    asked = a_request(engine, case, cast.alma, kind, now=NOW + BEFORE)
    assert counted(engine, cast) == set()
    a_withdrawal(engine, asked, cast.alma, now=NOW + AFTER)
    assert counted(engine, cast) == set()


@pytest.mark.parametrize("kind", KINDS)
def test_a_no_after_the_quarter_is_over_changes_no_number_that_was_told(
    engine: Engine, cast: Cast, case: Case, kind: str
) -> None:
    a_request(engine, case, cast.alma, kind, now=NOW + AFTER, received_on=TODAY)
    assert counted(engine, cast) == {case.id}


def test_a_no_that_was_taken_back_in_time_and_other_noes_keep_nothing_out(
    engine: Engine, cast: Cast, case: Case
) -> None:
    asked = a_request(engine, case, cast.alma, "restriction", now=NOW + BEFORE)
    a_withdrawal(engine, asked, cast.alma, now=NOW + 2 * BEFORE)
    for kind in ("training", "similar_cases", "without_system", "other_sources"):
        a_request(engine, case, cast.alma, kind, now=NOW + BEFORE)
    assert counted(engine, cast) == {case.id}


def test_it_holds_for_every_case_of_hers_and_her_page_says_so(engine: Engine, cast: Cast, case: Case) -> None:
    elsewhere = a_case(engine, request_id="elsewhere")
    a_request(engine, elsewhere, cast.alma, "restriction", now=NOW + BEFORE)
    assert counted(engine, cast) == set()
    with reading(engine) as session:
        assert contexts_of(session, open_file(session, case.id), None).figures == 0


def test_an_erased_case_does_not_come_back_into_the_numbers(engine: Engine, cast: Cast, case: Case) -> None:
    """Nobody's any more, it is known by the request itself."""
    a_request(engine, case, cast.alma, "restriction", now=NOW + BEFORE)
    at: datetime = NOW
    blank = Case(**{**case.model_dump(), "citizen_id": ""})
    with reading(engine) as session:
        assert kept_out(session, [(blank, at)]) == {case.id}
