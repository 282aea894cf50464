"""Intervals: published values, and laws that hold for every share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.workflow.statistics.intervals import newcombe, wilson

shares = st.integers(1, 3000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(("hits", "of"), [(1, 0), (0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_is_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(hits, of)


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),  # Newcombe 1998, Statistics in Medicine 17, p. 861, table I, method 3
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (6, 41, 0.069, 0.284),
    ],
)
def test_wilson_gives_the_published_values(hits: int, of: int, low: float, high: float) -> None:
    interval = wilson(hits, of)
    assert interval.low == pytest.approx(low, abs=6e-4)
    assert interval.high == pytest.approx(high, abs=6e-4)


@pytest.mark.parametrize(
    ("hits", "of", "other", "other_of", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),  # Newcombe 1998, p. 877, table II, method 10
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0),
    ],
)
def test_newcombe_gives_the_published_values(
    hits: int, of: int, other: int, other_of: int, low: float, high: float
) -> None:
    interval = newcombe(hits, of, other, other_of)
    assert interval.low == pytest.approx(low, abs=1e-4)
    assert interval.high == pytest.approx(high, abs=1e-4)


@given(shares)
def test_an_interval_holds_its_share_and_stays_within_nothing_and_all(share: tuple[int, int]) -> None:
    hits, of = share
    interval = wilson(hits, of)
    assert 0.0 <= interval.low <= hits / of <= interval.high <= 1.0
    assert interval.low < interval.high


@given(shares)
def test_counting_the_others_mirrors_the_interval(share: tuple[int, int]) -> None:
    hits, of = share
    interval, mirrored = wilson(hits, of), wilson(of - hits, of)
    assert interval.low == pytest.approx(1 - mirrored.high, abs=1e-12)


@given(shares, st.integers(2, 9))
def test_more_cases_of_the_same_share_narrow_the_interval(share: tuple[int, int], times: int) -> None:
    hits, of = share
    few, many = wilson(hits, of), wilson(hits * times, of * times)
    assert many.high - many.low < few.high - few.low


@given(shares, shares)
def test_a_difference_turned_round_turns_its_interval_round(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    there, back = newcombe(*one, *other), newcombe(*other, *one)
    assert there.low == pytest.approx(-back.high, abs=1e-12)
    assert -1.0 <= there.low <= one[0] / one[1] - other[0] / other[1] <= there.high <= 1.0
