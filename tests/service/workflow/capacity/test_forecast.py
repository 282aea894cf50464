"""The simple forecast, by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.capacity.forecast import Forecast, forecast, weekly_counts


def test_even_weeks_are_carried_on_with_the_spread_of_chance() -> None:
    """Mean 5, so 20 in four weeks; reach 1.96 · √(5 · 4 · (1 + 4/12)) = 10.12."""
    assert forecast([5] * 12) == Forecast(20, 9, 31, 12)


def test_weeks_that_vary_more_than_chance_widen_the_interval() -> None:
    """Mean 5, variance 150/11: reach 1.96 · √(150/55 · 5 · 4 · 4/3) = 16.71."""
    weekly = [5] * 6 + [0] * 3 + [10] * 3
    assert sum((count - 5) ** 2 for count in weekly) == 150
    assert forecast(weekly) == Forecast(20, 3, 37, 12)


@pytest.mark.parametrize("weeks", range(6))
def test_too_few_weeks_give_no_forecast(weeks: int) -> None:
    assert forecast([3] * weeks) is None


def test_nothing_gives_nothing() -> None:
    assert forecast([0] * 8) == Forecast(0, 0, 0, 8)


@given(st.lists(st.integers(0, 40), min_size=6, max_size=20))
def test_the_interval_holds_the_expected_number_and_is_never_negative(weekly: list[int]) -> None:
    found = forecast(weekly)
    assert found is not None
    assert 0 <= found.low <= found.expected <= found.high
    assert found == forecast(weekly[::-1])


def test_only_whole_weeks_are_counted_from_monday_to_sunday() -> None:
    """1 July 2026 is a Wednesday: the first whole week begins on the 6th."""
    days = [date(2026, 7, 5), date(2026, 7, 6), date(2026, 7, 12), date(2026, 7, 13), date(2026, 7, 27)]
    assert weekly_counts(days, date(2026, 7, 1), date(2026, 7, 29)) == [2, 1, 0]
    assert weekly_counts(days, date(2026, 7, 6), date(2026, 7, 6)) == []
