"""Danish days off: the deadline runs through them, and the page counts them."""

from datetime import date

import pytest

from service.workflow.effect.holidays import easter, is_day_off, is_holiday, next_working_day


@pytest.mark.parametrize(
    "day",
    [(2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25), (2285, 3, 22)],
    ids=str,
)
def test_easter_falls_where_the_almanac_says(day: tuple[int, int, int]) -> None:
    assert easter(day[0]) == date(*day)


def test_the_holidays_of_2026_are_those_of_the_calendar() -> None:
    found = [day for n in range(365) if is_holiday(day := date.fromordinal(date(2026, 1, 1).toordinal() + n))]
    assert [day.strftime("%m-%d") for day in found] == [
        "01-01", "04-02", "04-03", "04-05", "04-06", "05-14", "05-24", "05-25", "12-25", "12-26",
    ]  # fmt: skip


def test_the_prayer_day_was_a_holiday_until_it_was_abolished() -> None:
    assert is_holiday(date(2023, 5, 5))
    assert not is_holiday(date(2024, 4, 26))


@pytest.mark.parametrize("day", [date(2026, 6, 5), date(2026, 12, 24), date(2026, 8, 15), date(2026, 8, 16)])
def test_weekends_and_closed_days_are_days_off(day: date) -> None:
    assert is_day_off(day)
    assert not is_day_off(date(2026, 8, 17))


def test_after_christmas_work_begins_on_the_first_day_that_is_neither() -> None:
    assert next_working_day(date(2026, 12, 24)) == date(2026, 12, 28)
    assert next_working_day(date(2026, 12, 28)) == date(2026, 12, 28)
