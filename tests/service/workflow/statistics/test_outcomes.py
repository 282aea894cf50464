"""Outcomes of cases decided otherwise and in line: Mantel-Haenszel by hand, and its laws."""

from dataclasses import replace
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.statistics.outcomes import Outcomes, Stratum, mantel_haenszel, outcomes
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import practice
from service.workflow.statistics.shares import HIDDEN, Share
from tests.service.workflow.statistics.planted import some

groups = st.integers(1, 60).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
strata = st.builds(lambda one, other: Stratum(*one, *other), groups, groups)


def test_where_no_case_type_has_both_groups_there_is_no_difference() -> None:
    assert mantel_haenszel([]) is None
    assert mantel_haenszel([Stratum(3, 5, 0, 0), Stratum(0, 0, 4, 9)]) is None


def test_two_case_types_by_hand() -> None:
    """7 of 10 against 12 of 20, and 5 of 10 against 8 of 10.

    Weights 10*20/30 and 10*10/20; difference (20/30 - 30/20) / (200/30 + 5) = -1/14.
    Sato: P = -2/3 + 3/4, Q = 92/60 + 50/40, variance = (-P/14 + Q) / (35/3)^2.
    """
    found = mantel_haenszel([Stratum(7, 10, 12, 20), Stratum(5, 10, 8, 10)])
    assert found is not None
    p, q = Fraction(-2, 3) + Fraction(3, 4), Fraction(92, 60) + Fraction(50, 40)
    error = sqrt((-p / 14 + q) / Fraction(35, 3) ** 2)
    assert found.difference == pytest.approx(-1 / 14)
    assert found.low == pytest.approx(-1 / 14 - 1.959964 * error, abs=1e-6)
    assert found.high == pytest.approx(-1 / 14 + 1.959964 * error, abs=1e-6)


@given(strata)
def test_one_case_type_has_the_plain_difference_and_its_plain_variance(one: Stratum) -> None:
    found = mantel_haenszel([one])
    assert found is not None
    share, other = one.hits / one.of, one.other_hits / one.other_of
    error = sqrt(share * (1 - share) / one.of + other * (1 - other) / one.other_of)
    assert found.difference == pytest.approx(share - other, abs=1e-9)
    assert found.high == pytest.approx(min(1.0, share - other + 1.959964 * error), abs=1e-5)


@given(st.lists(strata, min_size=1, max_size=6))
def test_changing_sides_turns_the_difference_round(many: list[Stratum]) -> None:
    there = mantel_haenszel(many)
    back = mantel_haenszel([Stratum(s.other_hits, s.other_of, s.hits, s.of) for s in many])
    assert there is not None
    assert back is not None
    assert there.difference == pytest.approx(-back.difference, abs=1e-9)
    assert there.low == pytest.approx(-back.high, abs=1e-9)
    assert there.low <= there.difference <= there.high


@given(st.lists(groups, min_size=1, max_size=6), st.integers(1, 9))
def test_equal_shares_in_every_case_type_are_no_difference_however_the_types_mix(
    shares: list[tuple[int, int]], times: int
) -> None:
    """Where decisions are otherwise mostly in hard types the plain shares differ, the stratified do not."""
    found = mantel_haenszel(
        [Stratum(hits * times**n, of * times**n, hits, of) for n, (hits, of) in enumerate(shares)]
    )
    assert found is not None
    assert found.difference == pytest.approx(0, abs=1e-9)


def test_hard_cases_are_compared_with_hard_ones() -> None:
    """Hips 8 of 40 against 2 of 10, knees 9 of 10 against 36 of 40: 17 of 50 against 38 of 50, no effect."""
    done, not_done = some(1, completed=True)[0], some(1, completed=False)[0]

    def cases(case_type: str, hits: int, of: int) -> list[object]:
        rows = [*[done] * hits, *[not_done] * (of - hits)]
        return [replace(row, case_type=case_type) for row in rows]

    found = outcomes(
        [*cases("hoftebrud", 8, 40), *cases("knae", 9, 10)],  # type: ignore[list-item]
        [*cases("hoftebrud", 2, 10), *cases("knae", 36, 40)],  # type: ignore[list-item]
    )
    assert (found.override, found.agreement, found.points) == (Share(17, 50), Share(38, 50), 0)


def test_a_difference_needs_twenty_ended_courses_on_each_side() -> None:
    few, many = some(19, completed=True), some(40, completed=True)
    assert outcomes(few, many) == Outcomes(Share(19, 19), Share(40, 40))
    assert outcomes(None, many) == Outcomes(HIDDEN, Share(40, 40))
    assert outcomes([], many).points is None
    assert outcomes(many, many).points == 0


def test_a_practice_counts_courses_that_have_ended_where_evidence_was_compared() -> None:
    rows = [
        *some(30, completed=True),
        *some(9, completed=False),
        *some(12),  # still going on
        *some(8, choice="basal", completed=True),
        *some(5, completed=True, shown=False, reference=None, withheld_reason="declined"),
    ]
    found = practice(rows, Period(2026, 3)).outcomes
    assert found is not None
    assert (found.override, found.agreement) == (Share(8, 8), Share(30, 39))


def test_outcomes_of_few_are_hidden() -> None:
    few = practice([*some(30, completed=True), *some(4, choice="basal", completed=True)], Period(2026, 3))
    assert few.outcomes is not None
    assert few.outcomes.override == HIDDEN
