"""CPR numbers: what is a possible one, and where one hides in text.

No modulus 11: numbers without it are issued since 2007. Replacement numbers have 60 added to the day.
"""

import re
from datetime import date

from service.errors import Refused

SHAPE = re.compile(r"([0-9]{6})-?([0-9]{4})")
IN_TEXT = re.compile(r"(?<![0-9A-Za-z])([0-9]{6})[- ]?([0-9]{4})(?![0-9A-Za-z])")
REPLACEMENT_DAYS = 60


class CprRefused(Refused):
    """Not a possible CPR number. The sentence never repeats what was entered."""

    sentence = "CPR-nummeret skal være ti cifre, og de første seks skal være en dato."


def parse(text: str) -> str:
    """The ten ASCII digits without hyphen; raises CprRefused."""
    match = SHAPE.fullmatch(text.strip(" "))
    if match is None:
        raise CprRefused(field="cpr")
    number = match[1] + match[2]
    if _date_of(number) is None:
        raise CprRefused(field="cpr")
    return number


def birth_date(number: str) -> date:
    """The date in a parsed number, replacement numbers included."""
    found = _date_of(number)
    if found is None:
        raise CprRefused(field="cpr")
    return found


def age_on(number: str, day: date) -> int:
    """Whole years of age on a day, from a parsed number."""
    born = birth_date(number)
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def holds_cpr(text: str) -> bool:
    """Whether something in the text could be a CPR number."""
    return any(_date_of(match[1] + match[2]) is not None for match in IN_TEXT.finditer(text))


def masked(text: str) -> str:
    """The text with everything that has the shape of a CPR number made unreadable."""
    return IN_TEXT.sub("[cpr]", text)


def _date_of(number: str) -> date | None:
    day, month, year, seventh = int(number[:2]), int(number[2:4]), int(number[4:6]), int(number[6])
    if day > REPLACEMENT_DAYS:
        day -= REPLACEMENT_DAYS
    try:
        return date(_century(seventh, year) + year, month, day)
    except ValueError:
        return None


def _century(seventh: int, year: int) -> int:
    """By cpr.dk: the seventh digit and the year together tell the century."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800
