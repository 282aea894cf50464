"""Krippendorff's alpha against its definition and against numbers published with it."""

from collections.abc import Sequence
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.workflow.double_review.alpha import Metric, alpha, with_interval

# K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011): four observers, twelve cases, one
# without a second judgement; and two observers of twelve and of ten cases. 0 stands for a missing judgement.
OBSERVERS = (
    (1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0),
    (1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3),
    (0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0),
    (1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0),
)
FOUR = [tuple(each or None for each in case) for case in zip(*OBSERVERS, strict=True)]
TWO = list(zip("aabbdcccedda", "babbbcccEddd".lower(), strict=True))
BINARY = list(zip("nynnnnnnyn", "yyynnynnnn", strict=True))


@pytest.mark.parametrize(
    ("cases", "values", "metric", "published"),
    [
        (FOUR, range(1, 6), "nominal", 0.743),
        (FOUR, range(1, 6), "ordinal", 0.815),
        (TWO, "abcde", "nominal", 0.692),
        (BINARY, "ny", "nominal", 0.095),
    ],
)
def test_alpha_is_what_was_published(
    cases: Sequence[Sequence[object]], values: Sequence[object], metric: Metric, published: float
) -> None:
    assert alpha(cases, values, metric) == pytest.approx(published, abs=0.0005)


def defined(cases: Sequence[Sequence[int | None]], metric: Metric) -> float | None:
    """Alpha as it is defined: every pair within a case, over every pair of all that can be paired."""
    kept = [[each for each in case if each is not None] for case in cases]
    kept = [case for case in kept if len(case) >= 2]
    pool = [each for case in kept for each in case]

    def apart(one: int, other: int) -> float:
        if metric == "nominal":
            return float(one != other)
        low, high = sorted((one, other))
        return (sum(low <= each <= high for each in pool) - (pool.count(low) + pool.count(high)) / 2) ** 2

    expected = sum(apart(*pair) for pair in permutations(pool, 2)) / max(len(pool) * (len(pool) - 1), 1)
    if expected == 0:
        return None
    observed = sum(sum(apart(*pair) for pair in permutations(case, 2)) / (len(case) - 1) for case in kept)
    return 1 - observed / len(pool) / expected


some_cases = st.lists(
    st.lists(st.sampled_from([0, 1, 2, None]), min_size=1, max_size=4), min_size=1, max_size=8
)


@given(some_cases, st.sampled_from(["nominal", "ordinal"]))
@settings(max_examples=60, deadline=None)
def test_alpha_is_what_the_definition_says(cases: list[list[int | None]], metric: Metric) -> None:
    assert alpha(cases, range(3), metric) == pytest.approx(defined(cases, metric))


@given(some_cases)
@settings(max_examples=30, deadline=None)
def test_neither_the_order_of_cases_nor_of_judgements_matters(cases: list[list[int | None]]) -> None:
    turned = [case[::-1] for case in cases[::-1]]
    assert alpha(turned, range(3), "ordinal") == pytest.approx(alpha(cases, range(3), "ordinal"))


def test_two_levels_give_the_same_alpha_ordered_or_not() -> None:
    assert alpha(BINARY, "ny", "ordinal") == pytest.approx(alpha(BINARY, "ny", "nominal"))


@pytest.mark.parametrize("cases", [[], [("a",)], [("a", None)], [("a", "a")] * 9, [("x", "a")]])
def test_without_variation_or_pairs_there_is_no_alpha(cases: list[Sequence[str | None]]) -> None:
    assert alpha(cases, "ab", "nominal") is None
    assert with_interval(cases, "ab", "nominal") is None


def test_the_interval_holds_the_value_and_narrows_with_more_cases() -> None:
    few = [("a", "a")] * 9 + [("b", "b")] * 7 + [("a", "b")] * 4
    one, other = with_interval(few, "ab", "nominal"), with_interval(few * 9, "ab", "nominal")
    assert one is not None and one.low is not None and one.high is not None
    assert other is not None and other.low is not None and other.high is not None
    assert (one.n, other.n) == (20, 180)
    assert one.low < one.value < one.high
    assert 0 < other.high - other.low < one.high - one.low
    assert with_interval(few, "ab", "nominal") == one


def test_an_interval_that_rests_on_one_case_is_not_given() -> None:
    found = with_interval([("a", "a")] * 19 + [("a", "b")], "ab", "nominal")
    assert found is not None
    assert (found.low, found.high) == (None, None)
