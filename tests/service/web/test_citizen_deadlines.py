"""Her deadline and her choice: reminded on day 5, free to choose on day 8, and what she chose stands."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from service.database import reading, writing
from service.tables.decision import Planning
from service.tables.intake import Case
from service.workflow import decision
from service.workflow.case_file import open_file
from service.workflow.caseload import TEAM, inbox
from service.workflow.citizen_page.deadlines import COMING, PAST
from service.workflow.citizen_page.page import CitizenPage, page_of
from service.workflow.letter.draft import draft_of
from service.workflow.letter.ground import ground_of
from service.workflow.letter.plain import measure
from tests.answered import a_decision, an_answered_case
from tests.builders import a_case
from tests.cast import NOW, TODAY, Cast
from tests.visits import Visit

LATE = date(2026, 7, 9)


def page(engine: Engine, case: Case, today: date = TODAY) -> CitizenPage:
    """The page of a case on a day."""
    with reading(engine) as session:
        return page_of(session, case.id, None, today)


def planned(engine: Engine, case: Case, cast: Cast, place: str, status: str, first: date) -> Planning:
    """Where and when she trains, as it is written down."""
    with writing(engine) as session:
        return decision.plan(
            session, case.id, forms=("individuel",), team="ortopaedisk", place=place, start_status=status,
            first_date=first, now=NOW, by=cast.alma,
        )  # fmt: skip


def is_on_the_list(engine: Engine, cast: Cast, today: date) -> list[bool]:
    """Whether the staff see that she is to be reminded, case by case."""
    with reading(engine) as session:
        return [
            row.wants_reminding for row in inbox(session, cast.alma, whose=TEAM, search=None, today=today)
        ]


@pytest.mark.requirement("R-04")
@pytest.mark.parametrize("day", range(10))
def test_day_5_reminds_her_and_the_staff_and_day_8_gives_her_the_choice(
    day: int, engine: Engine, cast: Cast
) -> None:
    """Day 7 is the last on which a start may be offered; day 0 is the one she came home."""
    case = a_case(engine)
    today = case.discharged_on + timedelta(days=day)
    told = page(engine, case, today)
    assert (COMING in told.deadlines) == (5 <= day <= 7)
    assert is_on_the_list(engine, cast, today) == [5 <= day <= 7]
    assert (PAST in told.deadlines) == (day >= 8)
    assert "privat sted" in " ".join(told.deadlines)
    assert measure(told.sentences()).is_plain


@pytest.mark.requirement("R-04")
def test_with_an_appointment_nobody_is_reminded(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    near = case.due_on - timedelta(days=1)
    assert is_on_the_list(engine, cast, near) == [True]
    planned(engine, case, cast, "center", "inden_frist", case.due_on)
    assert COMING not in page(engine, case, near).deadlines
    assert is_on_the_list(engine, cast, near) == []


def test_the_inbox_says_so_in_words(visit: Visit, engine: Engine, cast: Cast) -> None:
    alma = visit("alma")
    a_case(engine)
    assert "Mind borgeren om fristen" not in alma.get("/indbakke").text
    near = TODAY - timedelta(days=5)
    a_case(engine, request_id="near", discharged_on=near, contact_from=None, contact_to=None)
    assert alma.get("/indbakke").text.count("Mind borgeren om fristen") == 1


@pytest.mark.requirement("G-23")
def test_her_goal_is_told_as_she_said_it_and_her_own_choice_of_place_stands(
    engine: Engine, cast: Cast
) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    with reading(engine) as session:
        goal = open_file(session, case.id).operational["maal"]
        draft = draft_of(ground_of(session, open_file(session, case.id), None, TODAY))
    assert goal
    assert goal in draft.wish
    assert goal in dict(page(engine, case).plan).values()

    given = planned(engine, case, cast, "center", "udskudt", LATE)
    assert PAST in page(engine, case, LATE).deadlines
    chosen = planned(engine, case, cast, "privat", "frit_valg", LATE + timedelta(days=7))
    assert chosen.replaces == given.id
    told = page(engine, case, LATE)
    assert (
        "Du har selv valgt et privat sted, og det gælder. Den første aftale er den 16. juli" in told.decided
    )
    assert PAST not in told.deadlines
    assert measure(told.sentences()).is_plain


def test_who_would_rather_stay_is_told_that_it_was_her_choice(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    planned(engine, case, cast, "center", "frit_valg_afslaaet", LATE)
    told = page(engine, case, LATE)
    assert "ville hellere træne hos os" in told.decided
    assert PAST not in told.deadlines
    assert measure(told.sentences()).is_plain
