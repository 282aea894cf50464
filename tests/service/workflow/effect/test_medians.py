"""Medians and their intervals, against tables and against chance itself."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.effect.medians import HIDDEN, Median, lower_rank, median, shift


@pytest.mark.parametrize(
    ("count", "rank"),
    [(6, 1), (8, 1), (9, 2), (12, 3), (15, 4), (20, 6), (25, 8), (30, 10), (50, 18), (100, 40)],
    ids=str,
)
def test_the_ranks_are_those_of_the_tables(count: int, rank: int) -> None:
    """Conover 1999, table A3 (binomial, p = 0.5): the largest rank with at most 2.5 % below it."""
    assert lower_rank(count) == rank


def test_too_few_values_have_no_rank() -> None:
    with pytest.raises(ValueError, match="5 values"):
        lower_rank(5)


def test_a_median_of_few_values_has_no_ends_for_they_would_be_single_cases() -> None:
    assert median([4, 1, 3]) == Median(3, 3.0)
    assert median([4, 1, 3, 2]) == Median(4, 2.5)
    assert median(range(19)).low is None
    assert median([]) == Median(0)
    assert HIDDEN.middle is None


def test_the_median_of_one_to_twenty_lies_between_the_sixth_and_the_fifteenth() -> None:
    assert median([*range(20, 0, -1)]) == Median(20, 10.5, 6, 15)


@given(st.lists(st.integers(0, 500), min_size=20, max_size=80))
def test_the_middle_lies_within_its_ends_and_the_order_does_not_matter(values: list[int]) -> None:
    found = median(values)
    assert found == median(values[::-1])
    assert found.low is not None
    assert found.middle is not None
    assert found.high is not None
    assert found.low <= found.middle <= found.high


def test_the_interval_holds_the_true_median_in_ninety_five_of_a_hundred_samples() -> None:
    chance = Random(140)
    hits = 0
    for _ in range(1000):
        found = median([chance.expovariate(1 / 7) for _ in range(40)])
        hits += (found.low or 0) <= 7 * 0.6931471805599453 <= (found.high or 0)
    assert 945 <= hits <= 985


@given(st.lists(st.integers(0, 500), min_size=20), st.lists(st.integers(0, 500), min_size=20))
def test_a_shift_the_other_way_is_the_same_with_its_sign_turned(ones: list[int], others: list[int]) -> None:
    there, back = shift(median(ones), median(others)), shift(median(others), median(ones))
    assert there is not None and back is not None
    assert there.low <= there.middle <= there.high
    assert (-there.middle, -there.high, -there.low) == pytest.approx((back.middle, back.low, back.high))


def test_nothing_is_said_of_a_shift_from_or_to_few_values() -> None:
    assert shift(median(range(20)), median(range(19))) is None
    assert shift(median(range(19)), median(range(20))) is None
    assert shift(HIDDEN, median(range(20))) is None


def test_the_interval_of_a_shift_holds_the_true_one_in_ninety_five_of_a_hundred_samples() -> None:
    chance = Random(41)
    hits = 0
    for _ in range(500):
        found = shift(*(median([chance.gauss(mean, 6) for _ in range(40)]) for mean in (25, 15)))
        assert found is not None
        hits += found.low <= 10 <= found.high
    assert 470 <= hits <= 495
