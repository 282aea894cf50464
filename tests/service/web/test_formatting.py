"""Dates, times and numbers as Danes write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask

from service.web import formatting
from tests.cast import NOW, TODAY


@pytest.fixture(autouse=True)
def request_(app: Flask) -> Iterator[None]:
    """A request, for the filters need today and the language."""
    with app.test_request_context():
        yield


def test_dates() -> None:
    day = date(2026, 11, 23)

    assert formatting.short_date(day) == "23. nov. 2026"
    assert formatting.long_date(day) == "mandag den 23. november 2026"
    assert formatting.weekday_date(day) == "man. 23. nov."


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-9, "Overskredet – tilbyd frit valg"),
        (-1, "Overskredet – tilbyd frit valg"),
        (0, "I dag"),
        (1, "I morgen"),
        (2, "Om 2 dage"),
    ],
    ids=str,
)
def test_a_deadline_in_words(days: int, words: str) -> None:
    assert formatting.deadline_words(TODAY + timedelta(days=days)) == words


def test_a_time_of_today_is_a_time_and_one_of_another_day_has_its_date() -> None:
    assert formatting.clock_time(datetime(2026, 6, 30, 7, 5, tzinfo=UTC)) == "kl. 9.05"
    assert formatting.clock_time(NOW - timedelta(days=1)) == "29. jun. 2026 kl. 10.00"


def test_today_is_danish_also_after_ten_in_the_evening_utc() -> None:
    late = datetime(2026, 6, 29, 22, 30, tzinfo=UTC)

    assert formatting.clock_time(late) == "kl. 0.30"


def test_numbers() -> None:
    assert formatting.number(Decimal("12345.6")) == "12.345,6"
    assert formatting.percent(0.141) == "14\u00a0%"


def test_initials() -> None:
    assert formatting.initials("Ane-Marie Ørsted") == "A.M.Ø."
