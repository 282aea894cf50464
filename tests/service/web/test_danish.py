"""Danish wording: one denominator, whole numbers, and enumerations that read aloud."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.web.danish import day_in_words, level_phrase, listed, of, percent, signed_percent
from service.web.drawing.marks import HALF_WIDTH, bar, row_of_marks


@pytest.mark.parametrize(("count", "total"), [(-1, 20), (21, 20)])
def test_a_count_that_is_no_part_of_its_total_is_refused(count: int, total: int) -> None:
    with pytest.raises(ValueError, match="no part"):
        of(count, total)


def test_a_frequency_has_its_denominator() -> None:
    assert (of(13, 20), of(0, 20)) == ("13 af 20", "0 af 20")


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a og b"), (["a", "b", "c"], "a, b og c")],
    ids=str,
)
def test_an_enumeration_ends_in_og(words: list[str], said: str) -> None:
    assert listed(words) == said


def test_percentages_are_whole_and_signed_by_a_real_minus() -> None:
    assert percent(Decimal("0.345")) == "35\N{NO-BREAK SPACE}%"
    assert signed_percent(Decimal("-0.08")) == "\N{MINUS SIGN}8\N{NO-BREAK SPACE}%"
    assert signed_percent(Decimal("0.08")) == "+8\N{NO-BREAK SPACE}%"


def test_dates_and_levels_stand_as_in_a_sentence() -> None:
    assert day_in_words(date(2026, 11, 23)) == "23. november 2026"
    assert level_phrase("Avanceret niveau") == "avanceret niveau"


@given(count=st.integers(0, 50), place=st.integers(0, 9))
def test_a_row_has_a_mark_for_each_case_inside_its_width(count: int, place: int) -> None:
    row = row_of_marks(count, place)

    assert len(row.marks) == count
    assert len({mark.shape for mark in row.marks}) <= 1
    assert all(6 <= mark.x <= row.width - 6 for mark in row.marks)


@given(share=st.decimals(0, 1, places=6), favours=st.booleans())
def test_a_bar_stays_on_its_side_of_the_middle(share: Decimal, favours: bool) -> None:
    drawn = bar(share, Decimal(1), favours, "")

    assert drawn.x == HALF_WIDTH if favours else drawn.x + drawn.width == HALF_WIDTH
    assert drawn.x >= 0 and drawn.x + drawn.width <= 2 * HALF_WIDTH
