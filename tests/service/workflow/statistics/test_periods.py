"""Periods follow the Danish calendar, and a growing quarter is not counted."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.statistics import periods
from service.workflow.statistics.periods import Month, Period


@pytest.mark.parametrize(
    "code", ["", "2026-K5", "2026-K0", "26-K1", "2026-k3", "2026-K3 ", "1999", "2026-03", "٢٠٢٦"]
)
def test_what_is_no_period_is_refused(code: str) -> None:
    with pytest.raises(periods.UnknownPeriod):
        periods.parse(code)


@given(st.integers(2000, 2998), st.sampled_from([None, 1, 2, 3, 4]))
def test_a_code_names_one_period(year: int, quarter: int | None) -> None:
    period = Period(year, quarter)
    assert periods.parse(period.code) == period
    assert period.before.end == period.start
    assert period.quarters[0].start == period.start
    assert period.quarters[-1].end == period.end
    assert period.months[0].start == period.start


@given(st.dates(date(2000, 1, 1), date(2998, 12, 31)))
def test_every_day_lies_in_one_quarter(day: date) -> None:
    quarter = periods.quarter_of(day)
    assert quarter.start <= day < quarter.end


def test_a_quarter_begins_at_midnight_in_denmark_summer_and_winter() -> None:
    autumn = Period(2026, 3)
    assert autumn.includes(datetime(2026, 6, 30, 22, 0, tzinfo=UTC))
    assert not autumn.includes(datetime(2026, 6, 30, 21, 59, tzinfo=UTC))
    assert not autumn.includes(datetime(2026, 9, 30, 22, 0, tzinfo=UTC))
    assert periods.midnight(date(2026, 1, 1)) == datetime(2025, 12, 31, 23, 0, tzinfo=UTC)
    assert periods.midnight(date(2026, 7, 1)) == datetime(2026, 6, 30, 22, 0, tzinfo=UTC)


def test_a_quarter_under_way_is_not_counted() -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert periods.counted_until(now, practising=False) == date(2026, 10, 1)
    assert periods.counted_until(now, practising=True) == date(2026, 11, 16)  # a Monday


def test_the_periods_offered_are_those_counted_so_far() -> None:
    first = date(2026, 5, 12)
    assert periods.offered(first, date(2026, 5, 1)) == ()
    assert periods.offered(first, date(2026, 10, 1)) == (Period(2026, 3), Period(2026, 2))
    assert periods.offered(first, date(2027, 2, 1), growing_years=True) == (
        Period(2027, 1), Period(2026, 4), Period(2026, 3), Period(2026, 2), Period(2027), Period(2026),
    )  # fmt: skip


def test_a_year_is_offered_when_it_is_over() -> None:
    first = date(2026, 5, 12)
    assert Period(2026) not in periods.offered(first, date(2026, 12, 31))
    assert Period(2026) in periods.offered(first, date(2027, 1, 1))
    assert Period(2026) in periods.offered(first, date(2026, 10, 1), growing_years=True)


def test_what_is_shown_first_is_the_newest_quarter_with_four_weeks_counted() -> None:
    for until, first in [(date(2026, 10, 26), Period(2026, 3)), (date(2026, 10, 29), Period(2026, 4))]:
        assert periods.first_to_show(periods.offered(date(2026, 8, 1), until), until) == first
    only = periods.offered(date(2026, 10, 5), date(2026, 10, 12))
    assert periods.first_to_show(only, date(2026, 10, 12)) == Period(2026, 4)
    assert periods.first_to_show((), date(2026, 10, 12)) is None


def test_periods_read_as_danes_write_them() -> None:
    assert Period(2026, 3).label == "3. kvartal 2026"
    assert Period(2026).label == "hele 2026"
    assert Month(2026, 9).label == "september 2026"
    assert [month.short for month in Period(2026, 2).months] == ["apr.", "maj", "juni"]
