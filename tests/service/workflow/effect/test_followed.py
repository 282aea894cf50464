"""What became of a case, read from the database: offer, dates, whether the level held, how it ended."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models import areas
from service.database import reading, writing
from service.fhir.codes import STOP_REASONS
from service.tables.decision import Decision
from service.web.effect.words import stop_label
from service.workflow import decision, delivery
from service.workflow.delivery.courses import NEVER_STARTED, WITHOUT_CODE
from service.workflow.delivery.reported import Report, Reported
from service.workflow.effect.followed import Followed, followed_cases
from tests.builders import a_case, an_admission
from tests.cast import NOW, PEPPER, TODAY, Cast
from tests.quarter import STEP, decide_case

AREA = areas.get("genoptraening")
CPR = "7102479995"
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
FAR = TODAY + 20 * WEEK
CONTACT = Reported("encounter", "contact-1", "request-1", "finished", False, TODAY, TODAY, {})


@pytest.fixture(autouse=True)
def admitted(cast: Cast) -> None:
    """A model is in use."""
    an_admission(cast.engine, cast.dan)


def followed(cast: Cast, until: date = FAR) -> list[Followed]:
    """The cases of Nord decided on the day of the cast."""
    with reading(cast.engine) as session:
        return followed_cases(
            session, (cast.tove.unit_id,), AREA, TODAY, TODAY + timedelta(days=1), until=until
        )


def request(level: str | None = "avanceret", status: str = "active", offered: date = TODAY) -> Reported:
    detail = {"level": level, "discharged_on": "2026-06-28", "reason": None}
    return Reported("service_request", "request-1", "request-1", status, False, offered, None, detail)


def plan(status: str, reason: str | None) -> Reported:
    return Reported(
        "care_plan", "plan-1", "request-1", status, False, TODAY, TODAY + WEEK, {"reason": reason}
    )


def report(engine: Engine, number: int, at: datetime, *told: Reported) -> None:
    """A report is taken over at an instant."""
    row = Report(f"report-{number}", f"{number:064x}", at, CPR, told)
    with writing(engine) as session:
        delivery.take_over(session, row, "0999", pepper=PEPPER, now=at, by=None)


@pytest.mark.requirement("D-56")
def test_a_case_says_who_trains_and_how_long_it_took(engine: Engine, cast: Cast) -> None:
    """Discharged on 28 June, planned for 3 July, offered on the 2nd as reported, begun on 30 June."""
    decide_case(engine, cast.alma, 1)
    report(engine, 1, NOW + 2 * STEP, request(offered=date(2026, 7, 2)), CONTACT)
    (case,) = followed(cast)
    assert (case.offer, case.arm) == ("ortopaedisk", "outside")
    assert (case.days_to_offer, case.days_to_start) == (4, 2)
    assert case.due_on == date(2026, 7, 5)
    assert case.start_after is None


def test_without_a_report_the_offer_is_the_planned_day_and_the_start_is_not_known(
    engine: Engine, cast: Cast
) -> None:
    decide_case(engine, cast.alma, 1)
    (case,) = followed(cast)
    assert (case.days_to_offer, case.days_to_start, case.ended_with, case.held) == (5, None, None, ())


@pytest.mark.requirement("D-56")
def test_a_later_start_in_the_plan_moves_the_deadline(
    engine: Engine, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = partial(a_case, start_after=date(2026, 7, 10))
    monkeypatch.setattr("tests.quarter.a_case", later)
    decide_case(engine, cast.alma, 1, first_date=date(2026, 7, 15))
    (case,) = followed(cast)
    assert (case.start_after, case.due_on) == (date(2026, 7, 10), date(2026, 7, 17))
    assert case.row.in_time


def test_a_replanned_case_counts_for_the_team_that_has_it_now(engine: Engine, cast: Cast) -> None:
    made = decide_case(engine, cast.alma, 1)
    with writing(engine) as session:
        decision.plan(
            session, made.id, forms=("gruppe",), team="neurologisk", place="center",
            start_status="inden_frist", first_date=date(2026, 7, 4), now=NOW + 3 * STEP, by=cast.alma,
        )  # fmt: skip
    (case,) = followed(cast)
    assert (case.offer, case.days_to_offer) == ("neurologisk", 6)
    assert case.again == {"planned"}


@pytest.mark.requirement("D-08")
def test_the_log_tells_how_long_a_case_waited_and_which_steps_were_taken_again(
    engine: Engine, cast: Cast
) -> None:
    decide_case(engine, cast.alma, 1)
    made = decide_case(engine, cast.alma, 2)
    with reading(engine) as session:
        first = session.exec(select(Decision).where(Decision.case_id == made.id)).one()
    with writing(engine) as session:
        decision.decide(
            session, made.id, choice="basal", reason_code="funktion_nu", text="Nyt opkald.", key="again",
            now=NOW + 2 * STEP, by=cast.alma, replaces=first.id,
        )  # fmt: skip
    with writing(engine) as session:
        decision.plan(
            session, made.id, forms=("gruppe",), team="ortopaedisk", place="center",
            start_status="inden_frist", first_date=date(2026, 7, 5), now=NOW + 3 * DAY, by=cast.alma,
        )  # fmt: skip
    once, again = followed(cast)
    waited = (TODAY - made.received_on).days
    assert (once.days_to_open, once.days_to_plan, once.again) == (waited, 0, frozenset())
    assert (again.days_to_open, again.days_to_plan, again.again) == (waited, 3, {"decided"})


@pytest.mark.requirement("D-43")
@pytest.mark.parametrize(
    ("changed_after", "held"),
    [
        (3 * WEEK, ((6, False), (8, False))),
        (7 * WEEK, ((6, True), (8, False))),
        (9 * WEEK, ((6, True), (8, True))),
    ],
    ids=["3 weeks", "7 weeks", "9 weeks"],
)
def test_a_level_is_right_the_first_time_when_it_holds_for_the_window(
    engine: Engine, cast: Cast, changed_after: timedelta, held: tuple[tuple[int, bool], ...]
) -> None:
    decide_case(engine, cast.alma, 1)
    first = NOW + 2 * STEP
    report(engine, 1, first, request("avanceret"), CONTACT)
    report(engine, 2, first + changed_after, request("basal"))
    (case,) = followed(cast)
    assert case.held == held


@pytest.mark.requirement("D-43")
def test_a_window_that_is_not_over_says_nothing_yet(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1)
    report(engine, 1, NOW + 2 * STEP, request(), CONTACT)
    report(engine, 2, NOW + 7 * WEEK, request())
    assert followed(cast, TODAY + 6 * WEEK)[0].held == ()
    assert followed(cast, TODAY + 7 * WEEK)[0].held == ((6, True),)
    assert followed(cast)[0].held == ((6, True),)  # no report tells of eight weeks


@pytest.mark.requirement("D-43")
def test_a_new_plan_for_the_same_citizen_is_a_new_referral(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1)
    report(engine, 1, NOW + 2 * STEP, request(), CONTACT)
    report(engine, 2, NOW + 9 * WEEK, request())
    again = TODAY + 5 * WEEK
    a_case(
        engine, NOW + 5 * WEEK, request_id="request-2", received_on=again,
        discharged_on=again - timedelta(days=1), contact_from=None, contact_to=None,
    )  # fmt: skip
    assert followed(cast)[0].held == ((6, False), (8, False))


@pytest.mark.requirement("D-44", "D-47")
@pytest.mark.parametrize(
    ("told", "ended"),
    [
        ((request(), CONTACT, plan("completed", None)), "gennemfoert"),
        ((request(), CONTACT, plan("stopped", "intet_behov_fagperson")), "gennemfoert"),
        ((request(), CONTACT, plan("stopped", "fravalg_transport")), "fravalg_transport"),
        ((request(), CONTACT, plan("cancelled", None)), WITHOUT_CODE),
        ((request(status="completed"),), NEVER_STARTED),
        ((request(), plan("cancelled", "fravalg")), "fravalg"),
        ((request(), CONTACT, plan("in-progress", None)), None),
    ],
    ids=["completed", "no more need", "transport", "no code", "never began", "declined", "going on"],
)
def test_a_course_that_has_ended_says_how_in_kls_codes(
    engine: Engine, cast: Cast, told: tuple[Any, ...], ended: str | None
) -> None:
    decide_case(engine, cast.alma, 1)
    report(engine, 1, NOW + 2 * STEP, *told)
    (case,) = followed(cast)
    assert case.ended_with == ended
    assert case.was_broken_off is (ended not in (None, "gennemfoert"))


def test_every_code_of_kl_has_words() -> None:
    codes = [*STOP_REASONS.values(), NEVER_STARTED, WITHOUT_CODE]
    assert all(stop_label(code) for code in codes)
