"""CPR numbers: which are possible, and where one hides."""

import unicodedata
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.cpr import CprRefused, birth_date, holds_cpr, masked, parse

REPLACEMENT = "7102779995"


SCRIPTS = [zero for zero in (0x660, 0x6F0, 0x966, 0xFF10, 0x1D7CE) if unicodedata.decimal(chr(zero)) == 0]
"""Where the digits of other scripts begin: Arabic, Persian, Devanagari, full-width, mathematical bold."""


def in_script(text: str, zero: int) -> str:
    """The text with its digits written in another script."""
    return "".join(chr(zero + int(c)) if c.isdigit() else c for c in text)


def lettered(date_part: str, century: str, letters: str = "AB", last: str = "3") -> str:
    """An eCPR (DDMMYYCAAG), put together here for the same reason."""
    return f"{date_part}{century}{letters}{last}"


def number(day: int, month: int, year: int, seventh: int) -> str:
    """Put together here, so that no such number stands in the tree."""
    return f"{day:02}{month:02}{year:02}{seventh}001"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "71027799",
        "71027799955",
        "710277--9995",
        "710277 9995",
        "a102779995",
        "７１０２７７９９９５",  # noqa: RUF001 - full-width digits are what is refused
        "٧١٠٢٧٧٩٩٩٥",
        "7102779995\n",
        number(0, 1, 70, 1),
        number(32, 1, 70, 1),
        number(60, 1, 70, 1),
        number(92, 1, 70, 1),
        number(1, 13, 70, 1),
        number(31, 4, 70, 1),
        number(29, 2, 71, 1),
        number(29, 2, 0, 1),
        lettered("020370", "2"),
        lettered("020370", "9"),
        lettered("310470", "1"),
        lettered("620370", "1"),
        lettered("020370", "1", "ÆØ"),
        lettered("020370", "1", "ＡＢ"),  # noqa: RUF001 - as above
        lettered("020370", "1", "\u212aB"),  # the Kelvin sign, which becomes a k
        lettered("020370", "1", "A"),
        lettered("020370", "1", "ABC", ""),
        lettered("020370", "１"),  # noqa: RUF001 - as above
    ],
)
def test_what_cannot_be_a_cpr_number_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(CprRefused) as refusal:
        parse(text)

    assert refusal.value.field == "cpr"
    assert not any(c.isdigit() for c in str(refusal.value))


@pytest.mark.parametrize("text", ["710277-9995", "7102779995", " 710277-9995 "])
def test_one_number_has_one_form(text: str) -> None:
    assert parse(text) == REPLACEMENT


@pytest.mark.parametrize(
    ("seventh", "year", "century"),
    [
        (0, 0, 1900), (3, 99, 1900), (4, 36, 2000), (4, 37, 1900), (5, 57, 2000), (5, 58, 1800),
        (8, 57, 2000), (8, 58, 1800), (9, 36, 2000), (9, 37, 1900),
    ],
)  # fmt: skip
def test_the_seventh_digit_tells_the_century(seventh: int, year: int, century: int) -> None:
    assert birth_date(number(2, 1, year, seventh)) == date(century + year, 1, 2)


def test_a_leap_day_depends_on_the_century() -> None:
    assert parse(number(29, 2, 0, 4))
    with pytest.raises(CprRefused):
        parse(number(29, 2, 0, 0))


def test_a_replacement_number_has_the_date_it_stands_for() -> None:
    assert birth_date(REPLACEMENT) == date(1977, 2, 11)


@pytest.mark.parametrize(
    ("century", "born"),
    [("0", 1970), ("1", 1970), ("5", 1870), ("6", 2070), ("7", 2070)],
)
def test_a_lettered_replacement_number_is_taken_and_has_its_date(century: str, born: int) -> None:
    """DDMMYYCAAG, as the national service and the regions give them to people without a number."""
    text = lettered("020370", century)

    assert parse(text) == parse(text.lower()) == parse(f" {text[:6]}-{text[6:].lower()} ") == text
    assert birth_date(text) == date(born, 3, 2)


@given(st.from_regex(r"\A[0-9]{6}-?[0-9]([0-9A-Za-z]){2}[0-9]\Z"))
def test_what_is_taken_is_stored_in_one_form_of_ascii(text: str) -> None:
    with suppress(CprRefused):
        stored = parse(text)
        assert len(stored) == 10
        assert stored.isascii()
        assert stored == stored.upper() == parse(stored)
        assert holds_cpr(f"({text})")


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 3999), st.booleans())
def test_no_number_fails_for_its_last_digits(born: date, serial: int, is_replacement: bool) -> None:
    """There is no modulus 11: numbers without it are issued since 2007."""
    day = born.day + 60 * is_replacement
    text = f"{day:02}{born:%m%y}{serial:04}"

    assert parse(text) == text
    assert birth_date(text) == born


@given(st.text())
def test_nothing_but_a_refusal_comes_of_any_text(text: str) -> None:
    with suppress(CprRefused):
        assert len(parse(text)) == 10


@pytest.mark.parametrize(
    "hidden",
    [
        "710277-9995", "7102779995", "710277 9995", "710277 - 9995", "710277–9995", "710277\u20119995",
        "710277\u00a09995", "７１０２７７－９９９５",  # noqa: RUF001 - other dashes and digits are the point
        lettered("020370", "1"), lettered("020370-", "7", "xy"), lettered("０２０３７０", "１", "ＡＢ", "３"),  # noqa: RUF001
    ],
)  # fmt: skip
def test_a_number_in_text_is_found_and_masked(hidden: str) -> None:
    assert holds_cpr(f"Ring til {hidden}.")
    assert masked(f"Ring til {hidden}.") == "Ring til [cpr]."


@pytest.mark.parametrize("zero", SCRIPTS)
def test_no_script_hides_a_number_and_none_is_stored_in_it(zero: int) -> None:
    written = in_script(REPLACEMENT, zero)

    assert holds_cpr(f"cpr {written}")
    assert masked(f"cpr {written}") == "cpr [cpr]"
    with pytest.raises(CprRefused):
        parse(written)


@pytest.mark.parametrize(
    "text",
    [
        "71027799951",
        "a7102779995",
        "7102779995f",
        "9999999999",
        "2026-06-30",
        "æ7102779995",
        "710277\n9995",
        "020370-1A3",
        "020370-9AB3",
        "20260630-1234",
    ],
)
def test_another_number_is_left_alone(text: str) -> None:
    assert not holds_cpr(text)
