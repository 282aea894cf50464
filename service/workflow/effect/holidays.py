"""Danish public holidays and weekends: days on which nobody is at work, and on which the clock runs on.

The seven days of Sundhedsloven § 140 are calendar days here; a deadline on such a day is not moved.
Store bededag was abolished from 2024. 1 May, 5 June, 24 and 31 December are closed in most town halls.
"""

from datetime import date, timedelta

FROM_EASTER = (-3, -2, 0, 1, 39, 49, 50)
"""Maundy Thursday, Good Friday, both days of Easter, Ascension, both days of Pentecost; days from Easter."""
PRAYER_DAY, LAST_PRAYER_YEAR = 26, 2023
FIXED = ((1, 1), (12, 25), (12, 26))
CLOSED = ((5, 1), (6, 5), (12, 24), (12, 31))
SATURDAY = 5


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (Meeus, Jones and Butcher's rule)."""
    golden, (century, of_century) = year % 19, divmod(year, 100)
    epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    correction = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * correction + 114, 31)
    return date(year, month, day + 1)


def is_holiday(day: date) -> bool:
    """Whether it is a public holiday."""
    from_easter = (day - easter(day.year)).days
    is_prayer_day = from_easter == PRAYER_DAY and day.year <= LAST_PRAYER_YEAR
    return (day.month, day.day) in FIXED or from_easter in FROM_EASTER or is_prayer_day


def is_day_off(day: date) -> bool:
    """A weekend, a public holiday, or a day on which most town halls are closed."""
    return day.weekday() >= SATURDAY or is_holiday(day) or (day.month, day.day) in CLOSED


def next_working_day(day: date) -> date:
    """The day itself if somebody is at work on it, else the next one on which somebody is."""
    while is_day_off(day):
        day += timedelta(days=1)
    return day
