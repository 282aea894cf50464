"""CPR numbers: what is a possible one, and where one hides in text.

No modulus 11: numbers without it are issued since 2007. A replacement number (erstatningspersonnummer) has
60 added to the day, or a century digit and two letters after the date (eCPR, DDMMYYCAAG). What is stored is
the parsed form: ten ASCII characters, capitals. Text is searched more widely than a number is accepted:
also for digits of other scripts and other dashes, so that none hides behind them.
"""

import re
from datetime import date

from service.errors import Refused

SHAPE = re.compile(r"([0-9]{6})-?([0-9]{4}|[0-9][A-Za-z]{2}[0-9])")
DASHES = r"[-\u2010-\u2015\u2212\ufe58\ufe63\uff0d]"
BLANK = r"[^\S\n]?"
LETTERS = r"[A-Za-z\uff21-\uff3a\uff41-\uff5a]{2}"
IN_TEXT = re.compile(rf"(?<![^\W_])(\d{{6}}){BLANK}(?:{DASHES}{BLANK})?(\d{{4}}|\d{LETTERS}\d)(?![^\W_])")
REPLACEMENT_DAYS = 60
LETTERED_CENTURY = {"0": 1900, "1": 1900, "5": 1800, "6": 2000, "7": 2000}
"""The seventh character of an eCPR: 1 and 7 in national ones, 0, 5 and 6 in those of a region or clinic."""


class CprRefused(Refused):
    """Not a possible CPR number. The sentence never repeats what was entered."""

    sentence = (
        "CPR-nummeret skal være ti cifre, og de første seks skal være en dato."
        " Et erstatningsnummer kan have to bogstaver før det sidste ciffer."
    )


def parse(text: str) -> str:
    """Ten ASCII characters without hyphen: digits, or the capitals of an eCPR; raises CprRefused."""
    match = SHAPE.fullmatch(text.strip(" "))
    if match is None:
        raise CprRefused(field="cpr")
    number = (match[1] + match[2]).upper()
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
    """The date of ten characters in the shape of a number, or None; digits may be of any script."""
    day, month, year = int(number[:2]), int(number[2:4]), int(number[4:6])
    if not number[6:].isdecimal():
        century = LETTERED_CENTURY.get(str(int(number[6])))
    else:
        century = _century(int(number[6]), year)
        day -= REPLACEMENT_DAYS if day > REPLACEMENT_DAYS else 0
    if century is None:
        return None
    try:
        return date(century + year, month, day)
    except ValueError:
        return None


def _century(seventh: int, year: int) -> int:
    """By cpr.dk: the seventh digit and the year together tell the century."""
    if seventh <= 3:
        return 1900
    if seventh in (4, 9):
        return 2000 if year <= 36 else 1900
    return 2000 if year <= 57 else 1800
