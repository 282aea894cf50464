"""Something has moved only when chance does not explain it and it is large enough to matter."""

from math import erfc, exp, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import drift

FACTS, SEEDS, CASES, LEARNED = 25, 200, 120, 1500
some_counts = st.lists(st.integers(0, 400), min_size=2, max_size=8)


def a_month(seed: int, odds: float = 0.0) -> list[drift.Moved]:
    """The facts of a month drawn as those learned; with `odds` the first fact is tilted by so much."""
    rng, found = np.random.default_rng(seed), []
    for fact in range(FACTS):
        shares = rng.dirichlet(np.full(2 + fact % 10, 2.0))
        tilt = np.exp(odds * np.linspace(-1, 1, len(shares))) if fact == 0 else np.ones(len(shares))
        now = shares * tilt / (shares * tilt).sum()
        found.append(drift.moved(rng.multinomial(LEARNED, shares), rng.multinomial(CASES, now)))
    return found


def alarms(month: list[drift.Moved]) -> list[int]:
    """The facts that would raise an alarm."""
    certain = drift.beyond_chance([each.p for each in month])
    return [n for n, each in enumerate(month) if certain[n] and each.psi >= drift.PSI_MATERIAL]


def test_of_two_hundred_months_in_which_nothing_moved_at_most_one_in_twenty_cries_out() -> None:
    assert sum(bool(alarms(a_month(seed))) for seed in range(SEEDS)) <= 0.05 * SEEDS


def test_a_fact_that_moved_is_found_and_named() -> None:
    # The odds of one answer against the other become e times two e's what they were.
    found = [alarms(a_month(seed, odds=1.0)) for seed in range(SEEDS)]

    assert sum(0 in each for each in found) >= 0.8 * SEEDS
    assert sum(bool(set(each) - {0}) for each in found) <= 0.05 * SEEDS


@pytest.mark.parametrize("seed", [1, 2])
def test_the_null_is_even(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = [
        drift.moved(rng.multinomial(2000, [0.2, 0.3, 0.5]), rng.multinomial(300, [0.2, 0.3, 0.5])).p
        for _ in range(400)
    ]

    assert abs(np.mean(np.array(p) < 0.1) - 0.1) < 0.05
    assert abs(np.mean(p) - 0.5) < 0.06


@pytest.mark.parametrize(
    ("value", "freedom", "tail"),
    [(3.841458820694124, 1, 0.05), (5.991464547107979, 2, 0.05), (7.814727903251179, 3, 0.05),
     (18.307038053275146, 10, 0.05), (23.209251158954356, 10, 0.01), (24.724970311318277, 11, 0.01)],
)  # fmt: skip
def test_the_tail_is_that_of_the_printed_tables(value: float, freedom: int, tail: float) -> None:
    assert drift.chi_square_tail(value, freedom) == pytest.approx(tail, rel=1e-9)


@given(st.floats(0.01, 80))
def test_the_tail_of_one_and_of_two_has_the_known_form(value: float) -> None:
    assert drift.chi_square_tail(value, 1) == pytest.approx(erfc(sqrt(value / 2)), rel=1e-9)
    assert drift.chi_square_tail(value, 2) == pytest.approx(exp(-value / 2), rel=1e-9)


@settings(max_examples=50)
@given(some_counts, st.randoms(use_true_random=False))
def test_the_answer_does_not_depend_on_the_order_of_the_codes(counts: list[int], random: object) -> None:
    other = counts[1:] + counts[:1]
    order = list(range(len(counts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    one = drift.moved(counts, other)
    two = drift.moved([counts[n] for n in order], [other[n] for n in order])

    assert one.p == pytest.approx(two.p, abs=1e-6)
    assert one.psi == pytest.approx(two.psi, abs=0.05)


@given(some_counts)
def test_what_has_not_moved_has_no_distance(counts: list[int]) -> None:
    same = drift.moved(counts, counts)

    assert (same.psi, same.p) == (0.0, pytest.approx(1.0))


def test_counts_of_other_codes_are_no_comparison() -> None:
    with pytest.raises(ValueError, match="same codes"):
        drift.moved([1, 2], [1, 2, 3])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_several_are_never_judged_more_easily_than_one(chances: list[float]) -> None:
    found = drift.beyond_chance(chances)

    assert all(p <= drift.ALPHA for p, held in zip(chances, found, strict=True) if held)
    assert found[chances.index(min(chances))] == (min(chances) <= drift.ALPHA / len(chances))


def test_a_share_that_falls_is_no_rise() -> None:
    assert drift.share_rose(2, 100, 40, 300) == 1.0
    assert drift.share_rose(0, 0, 40, 300) == 1.0
    assert drift.share_rose(40, 100, 40, 300) < 0.001


def test_shares_that_are_right_have_a_gap_around_nothing() -> None:
    rng = np.random.default_rng(5)
    said = rng.uniform(0.05, 0.95, 400)
    right = [drift.calibration_gap(said, rng.random(400) < said) for _ in range(200)]

    assert 0.9 <= np.mean([each.low <= 0 <= each.high for each in right]) <= 0.99
    assert drift.calibration_gap(said * 0.7, rng.random(400) < said).p < 0.001


def test_ranks_tell_older_from_as_old_and_ties_do_not_disturb() -> None:
    rng = np.random.default_rng(6)
    before = rng.integers(0, 5, 200)
    alike = [drift.ranks_moved(before, rng.integers(0, 5, 100)) for _ in range(200)]

    assert np.mean(np.array(alike) < 0.05) < 0.12
    assert drift.ranks_moved(before, rng.integers(2, 7, 100)) < 0.001
    assert drift.ranks_moved([1, 1], [1, 1]) == drift.ranks_moved([], [1]) == 1.0
