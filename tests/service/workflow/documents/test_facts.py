"""A number carries what it takes to believe it, and a fact that is not known says so."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.workflow.documents.facts import Fact, Facts, Number, Unit, said

SINCE = (date(2026, 1, 1), date(2026, 6, 30))
SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": 0.5, "unit": Unit.SHARE},
        {"value": 0.5, "unit": Unit.SHARE, "n": 20},
        {"value": 0.5, "unit": Unit.SHARE, "interval": (0.4, 0.6)},
        {"value": 0.5, "unit": Unit.SHARE, "n": 20, "interval": (0.6, 0.7)},
        {"value": 0.5, "unit": Unit.NATS},
        {"value": 1.5},
        {"value": 3, "n": 3},
        {"value": 3, "window": (SINCE[1], SINCE[0])},
    ],
)
def test_a_number_without_what_it_rests_on_cannot_be_made(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"needs n|whole number|ends before"):
        Number(**{"window": SINCE, **wrong})  # type: ignore[arg-type]


@settings(max_examples=25)
@given(st.tuples(SHARES, SHARES, SHARES).map(sorted), st.integers(1, 9999))
def test_a_share_is_always_told_with_n_interval_and_window(ends: list[float], n: int) -> None:
    low, value, high = ends
    told = str(Number(value, SINCE, n, (low, high), Unit.SHARE))

    assert f"n = {n}" in told
    assert "95 %:" in told
    assert told.endswith("1. januar 2026 til 30. juni 2026)")


def test_numbers_read_as_danes_write_them() -> None:
    estimate = {"window": SINCE, "n": 40}

    assert str(Number(12, SINCE)) == "12 (1. januar 2026 til 30. juni 2026)"
    assert str(Number(-0.031, interval=(-0.06, 0.0), unit=Unit.POINTS, **estimate)).startswith(
        "−3,1 procentpoint (95 %: −6,0 til 0,0; n = 40;"
    )
    assert str(Number(0.2345, interval=(0.2, 0.3), unit=Unit.NATS, **estimate)).startswith("0,234")


def test_nothing_is_neither_more_nor_less_and_a_number_without_its_days_is_the_same_number() -> None:
    nothing = Number(-0.00001, SINCE, 40, (-0.0004, 0.0004), Unit.NATS)
    few = Number(12, SINCE)
    pairs = Number(0.5395, SINCE, 40, (0.5247, 0.5542), Unit.PAIRS)

    assert nothing.short == "0,000 (95 %: 0,000 til 0,000; n = 40)"
    assert few.short == "12"
    assert pairs.short == "53,9 % (95 %: 52,5 % til 55,4 %; n = 40)"
    for each in (nothing, few, pairs):
        assert str(each).startswith(each.short.removesuffix(")"))
        assert str(each).endswith(f"{each.period})")


def test_a_fact_that_says_nothing_cannot_be_made_and_one_without_lines_is_missing() -> None:
    with pytest.raises(ValueError, match="says nothing"):
        Fact("a.b", "Navn", "filen")
    with pytest.raises(ValueError, match="does not fit"):
        Fact("a.b", "Navn", "filen", head=("x",), rows=(("1", "2"),))

    assert said("a.b", "Mail", "filen", "").text == "MANGLER: Mail. Skal stå i filen."


def test_a_key_stands_for_one_fact_and_an_unknown_one_is_a_mistake() -> None:
    fact = said("a.b", "Navn", "filen", "Skøn")

    with pytest.raises(ValueError, match="twice"):
        Facts((fact, fact))
    with pytest.raises(KeyError):
        Facts((fact,))["a.c"]
