"""The legal deadline by offer and month, counted by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.deadlines import Agreed, deadlines
from service.workflow.effect.followed import Followed
from service.workflow.statistics.shares import HIDDEN, Share
from tests.service.workflow.effect.planted import CASE, K2, K3, cases

JULY, AUGUST, SEPTEMBER = (datetime(2026, month, 12, 9, tzinfo=UTC) for month in (7, 8, 9))
LATE = {"offered": "frit_valg", "first_date": date(2026, 8, 24), "due_on": date(2026, 8, 17)}


def a_quarter() -> list[Followed]:
    """Orthopaedic: 9 in July (3 late), 8 in August. Neurological: 6 in August, 7 in September (all late)."""
    return [
        *cases(6, JULY),
        *cases(3, JULY, row=LATE),
        *cases(8, AUGUST),
        *cases(6, AUGUST, offer="neurologisk"),
        *cases(7, SEPTEMBER, offer="neurologisk", row=LATE),
    ]


@pytest.mark.requirement("D-56")
def test_the_share_in_time_is_told_by_offer_and_month() -> None:
    found = deadlines(FollowedCases(a_quarter(), K3))
    assert found.planned == Share(30, 30)
    assert found.in_time == Share(20, 30)
    assert found.months == (Share(6, 9), Share(14, 14), Share(0, 7))
    by_offer = {offer.code: offer for offer in found.offers}
    assert by_offer["ortopaedisk"].in_time == Share(14, 17)
    assert by_offer["ortopaedisk"].months == (Share(6, 9), Share(8, 8), Share(0, 0))
    assert by_offer["neurologisk"].months == (Share(0, 0), Share(6, 6), Share(0, 7))


@pytest.mark.requirement("D-56")
def test_what_was_not_offered_in_time_gives_free_choice_and_the_page_says_what_was_agreed() -> None:
    some = [*cases(20), *cases(6, row=LATE), *cases(5, row={**LATE, "offered": "frit_valg_afslaaet"})]
    found = deadlines(FollowedCases(some, K3))
    assert found.missed == 11
    assert found.agreed == (Agreed("frit_valg", 6), Agreed("frit_valg_afslaaet", 5))


@pytest.mark.requirement("D-56")
def test_a_later_start_in_the_plan_and_a_deadline_on_a_day_off_are_counted_apart() -> None:
    """16 August 2026 is a Sunday: the deadline is not moved, and so many of those were in time."""
    sunday = {"due_on": date(2026, 8, 16), "offered": "udskudt"}
    some = [
        *cases(10, start_after=date(2026, 8, 11)),
        *cases(6, row={**sunday, "first_date": date(2026, 8, 16)}),
        *cases(5, row={**sunday, "first_date": date(2026, 8, 17)}),
    ]
    found = deadlines(FollowedCases(some, K3))
    assert found.days_off == Share(6, 11)
    assert found.later == Share(10, 10)


@pytest.mark.requirement("D-56")
def test_the_month_is_that_of_the_danish_day() -> None:
    """22.30 UTC on the last of June is the first of July in Denmark."""
    edge = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    found = deadlines(FollowedCases(cases(6, edge), K3))
    assert found.months[0] == Share(6, 6)
    assert deadlines(FollowedCases(cases(6, edge), K2)).in_time == Share(0, 0)


def test_days_to_the_first_day_offered_are_counted_from_the_discharge() -> None:
    some = [replace(CASE, offered_on=date(2026, 8, day)) for day in (8, 11, 14)]
    assert [case.days_to_offer for case in some] == [0, 1, 4]
    found = deadlines(FollowedCases([*cases(10), *cases(11, offered_on=date(2026, 8, 20))], K3))
    assert (found.days.of, found.days.middle, found.days.low, found.days.high) == (21, 10, 6, 10)


def test_an_offer_with_few_cases_or_few_caseworkers_is_hidden_and_takes_the_next_with_it() -> None:
    found = deadlines(FollowedCases([*cases(10), *cases(3, offer="haand"), *cases(6, offer="kraeft")], K3))
    by_offer = {offer.code: offer.in_time for offer in found.offers}
    assert by_offer == {"haand": HIDDEN, "kraeft": HIDDEN, "ortopaedisk": Share(10, 10)}
    assert found.in_time == Share(19, 19)


def test_cases_without_a_planned_start_are_counted_and_not_forgotten() -> None:
    waiting = cases(6, row={"offered": None, "first_date": None}, offer=None, offered_on=None)
    found = deadlines(FollowedCases([*cases(10), *waiting], K3))
    assert found.planned == Share(10, 16)
    assert found.not_planned == 6
    assert found.in_time == Share(10, 10)
