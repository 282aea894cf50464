"""The effect before and after a stated day, on fixtures counted by hand."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

import pytest

from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.effect import Effect, Stopped, difference, effect
from service.workflow.effect.followed import Followed
from service.workflow.statistics.periods import Period
from service.workflow.statistics.shares import HIDDEN, Share
from tests.service.workflow.effect.planted import K2, K3, K4, cases

BEFORE, AFTER = datetime(2026, 5, 12, 9, tzinfo=UTC), datetime(2026, 8, 12, 9, tzinfo=UTC)
HELD, MOVED = ((6, True), (8, True)), ((6, True), (8, False))


def effect_of(
    some: Sequence[Followed], quarters: Sequence[Period] = (K2, K3), first: Period = K3, weeks: int = 6
) -> Effect:
    return effect([FollowedCases(some, quarter) for quarter in quarters], first, weeks)


@pytest.mark.requirement("D-57", "D-59")
def test_time_is_of_a_case_and_split_where_instants_are_recorded() -> None:
    some = [*cases(5, BEFORE, minutes=20), *cases(6, BEFORE, minutes=10), *cases(5, AFTER, minutes=7)]
    found = effect_of(some)
    assert (found.before.minutes.of, found.before.minutes.middle) == (11, 10)
    assert (found.before.judging.middle, found.before.deciding.middle) == (6, 4)
    assert (found.after.minutes.of, found.after.minutes.middle, found.after.judging.middle) == (5, 7, 3)


@pytest.mark.requirement("D-43")
@pytest.mark.parametrize(("weeks", "hits"), [(6, 15), (8, 9)])
def test_first_time_right_is_that_the_level_held_for_the_stated_weeks(weeks: int, hits: int) -> None:
    some = [
        *cases(9, AFTER, held=HELD),
        *cases(6, AFTER, held=MOVED),
        *cases(6, AFTER, held=((6, False), (8, False))),
        *cases(6, AFTER),  # not known yet
    ]
    found = effect_of(some, weeks=weeks)
    assert found.after.right == Share(hits, 21)
    assert found.after.right.percent == {6: 71, 8: 43}[weeks]
    assert found.after.right.interval == {6: (50, 86), 8: (24, 63)}[weeks]


@pytest.mark.requirement("D-44", "D-47")
def test_courses_broken_off_are_counted_by_kls_codes() -> None:
    some = [
        *cases(12, AFTER, ended_with="gennemfoert"),
        *cases(6, AFTER, ended_with="fravalg_transport"),
        *cases(5, AFTER, ended_with="udeblevet"),
        *cases(6, AFTER),  # still going on
    ]
    found = effect_of(some)
    assert found.after.broken_off == Share(11, 23)
    assert found.after.stopped == (Stopped("fravalg_transport", 6), Stopped("udeblevet", 5))


@pytest.mark.requirement("D-44")
def test_a_reason_of_few_courses_is_hidden_with_the_next() -> None:
    some = [
        *cases(12, AFTER, ended_with="gennemfoert"),
        *cases(6, AFTER, ended_with="fravalg_transport"),
        *cases(2, AFTER, ended_with="udeblevet"),
    ]
    found = effect_of(some)
    assert found.after.broken_off == Share(8, 20)
    assert found.after.stopped == ()


@pytest.mark.requirement("D-52")
def test_the_share_prefilled_counts_facts_and_not_cases() -> None:
    some = [
        *cases(6, AFTER, row={"prefilled": 14, "asked": 20}),
        *cases(6, AFTER, row={"prefilled": 2, "asked": 20}),
    ]
    assert effect_of(some).after.prefilled == Share(96, 240)
    assert effect_of(some).after.prefilled.percent == 40


def test_a_difference_needs_twenty_cases_on_both_sides() -> None:
    assert difference(Share(18, 20), Share(10, 20)) is not None
    assert difference(Share(18, 20), Share(10, 19)) is None
    assert difference(Share(18, 20), HIDDEN) is None


def test_a_difference_is_that_of_newcombes_paper() -> None:
    """Newcombe 1998, table II, example (a): 56/70 and 48/80, 0.0524 to 0.3339."""
    found = difference(Share(56, 70), Share(48, 80))
    assert found is not None
    assert (found.points, found.low, found.high) == (20, 5, 33)


def test_a_side_is_the_sum_of_the_quarters_that_may_be_shown() -> None:
    some = [*cases(9, BEFORE), *cases(3, AFTER), *cases(6, datetime(2026, 10, 12, 9, tzinfo=UTC))]
    found = effect_of(some, (K2, K3, K4))
    assert found.after.quarters == (K3, K4)
    assert found.after.hidden == (K3,)
    assert found.after.cases == 6
    assert effect_of(cases(3, AFTER)).after.cases is None


def test_a_side_is_a_year_at_most() -> None:
    quarters = [Period(2025, n) for n in range(1, 5)] + [Period(2026, n) for n in range(1, 5)]
    found = effect([FollowedCases([], quarter) for quarter in quarters], Period(2026, 2), 6)
    assert found.before.quarters == (Period(2025, 2), Period(2025, 3), Period(2025, 4), Period(2026, 1))
    assert found.after.quarters == (Period(2026, 2), Period(2026, 3), Period(2026, 4))


def test_without_a_control_case_there_are_no_arms_to_compare() -> None:
    assert effect_of(cases(12, AFTER)).arms == ()


@pytest.mark.requirement("D-43")
def test_as_soon_as_cases_carry_an_arm_each_arm_is_told_of() -> None:
    some = [*cases(20, AFTER, held=HELD), *cases(9, AFTER, minutes=16, arm="control", held=HELD)]
    some += cases(5, AFTER, arm="control", held=((6, False), (8, False)))
    found = {arm.arm: arm for arm in effect_of(some).arms}
    assert (found["evidence"].cases, found["control"].cases) == (20, 14)
    assert (found["evidence"].minutes.middle, found["control"].minutes.middle) == (12, 16)
    assert (found["evidence"].right, found["control"].right) == (Share(20, 20), Share(9, 14))


def test_an_arm_of_few_cases_is_hidden_and_the_other_with_it() -> None:
    found = {arm.arm: arm for arm in effect_of([*cases(20, AFTER), *cases(3, AFTER, arm="control")]).arms}
    assert found["control"].cases is None
    assert found["evidence"].cases is None


@pytest.mark.requirement("F-12")
def test_the_share_decided_without_opening_the_evidence_is_of_all_decided() -> None:
    unopened = {"shown": False, "shown_at": None, "withheld_reason": "declined", "reference": None}
    some = [*cases(14, AFTER), *cases(6, AFTER, row=unopened)]
    found = effect_of(some)
    assert found.after.unopened == Share(6, 20)
    assert found.after.unopened.percent == 30
    assert effect_of([*cases(17, AFTER), *cases(3, AFTER, row=unopened)]).after.unopened == HIDDEN
    by_lot = cases(9, AFTER, arm="control", row={**unopened, "withheld_reason": "control_arm"})
    assert effect_of([*some, *by_lot]).after.unopened == Share(6, 20)  # nobody chose those


@pytest.mark.requirement("D-02")
def test_courses_whose_outcome_nobody_reported_are_told_as_a_share() -> None:
    found = effect_of([*cases(12, AFTER, ended_with="gennemfoert"), *cases(9, AFTER)])
    assert found.after.untold == Share(9, 21)
    assert found.after.untold.percent == 43
    assert effect_of(cases(9, AFTER)).after.untold == Share(9, 9)
    assert effect_of([*cases(3, AFTER, ended_with="gennemfoert"), *cases(9, AFTER)]).after.untold == HIDDEN


@pytest.mark.requirement("F-31")
def test_saved_time_is_what_a_case_takes_longer_in_the_control_arm() -> None:
    """Three cases of each length: 15 minutes (12 to 18) with evidence, 25 (22 to 28) without."""
    with_it = [each for m in range(5, 26) for each in cases(3, AFTER, minutes=m)]
    without = [each for m in range(15, 36) for each in cases(3, AFTER, minutes=m, arm="control")]
    found = effect_of([*with_it, *without]).saved
    assert found is not None
    assert (found.middle, round(found.low, 2), round(found.high, 2)) == (10, 5.76, 14.24)


@pytest.mark.requirement("F-31")
@pytest.mark.parametrize("of_control", [0, 3, 19])
def test_saved_time_is_not_said_of_few_cases_or_without_a_control_arm(of_control: int) -> None:
    assert effect_of([*cases(40, AFTER), *cases(of_control, AFTER, arm="control")]).saved is None


@pytest.mark.requirement("D-08")
def test_waits_and_loops_between_steps_are_counted_and_hidden_like_the_rest() -> None:
    early = {"received_on": date(2026, 8, 4), "planned_on": date(2026, 8, 15)}
    some = [
        *cases(9, AFTER, received_on=date(2026, 8, 10), planned_on=date(2026, 8, 12)),
        *cases(12, AFTER, **early),
        *cases(6, AFTER, **early, again=frozenset({"judged", "decided"})),
        *cases(3, AFTER, **early, again=frozenset({"planned"})),
    ]
    found = effect_of(some).after.process
    assert (found.to_open.of, found.to_open.middle) == (30, 8)
    assert (found.to_plan.of, found.to_plan.middle) == (30, 3)
    assert dict(found.again) == {"judged": Share(6, 30), "decided": Share(6, 30), "planned": HIDDEN}
