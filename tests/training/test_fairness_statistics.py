"""The suite's statistics, held against other ways to reach the same numbers."""

from itertools import permutations

import numpy as np
import pytest
from fairlearn.metrics import MetricFrame, selection_rate
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, roc_auc_score

from tests.panels import panel, record, three_levels
from training.fairness import quality, swaps, telling
from training.fairness.primary import shortfall
from training.fairness.stratified import Gaps, adjusted, gaps, permutation, shrunk


def test_rates_of_each_level_are_fairlearns_to_the_twelfth_decimal() -> None:
    given_panel = panel(4, area=three_levels())
    axes = {each["name"]: each for each in record(given_panel)["axes"]}
    for name in ("koen", "aldersgruppe", "distrikt"):
        for object_, levels in (("S", given_panel.suggested), ("E", given_panel.judged)):
            for place in range(3):
                chosen = (levels == place).astype(int)
                frame = MetricFrame(
                    metrics=selection_rate, y_true=chosen, y_pred=chosen,
                    sensitive_features=given_panel.attributes[name],
                ).by_group  # fmt: skip
                for group in axes[name]["groups"]:
                    assert abs(group["levels"][object_][place] - frame[group["code"]]) < 1e-12


def test_a_gap_is_that_of_least_squares_with_a_level_for_each_stratum() -> None:
    rng = np.random.default_rng(1)
    n, strata = 200, 5
    stratum, member = rng.integers(0, strata, n), rng.random(n) < 0.4
    values = rng.normal(size=n) + stratum + 0.3 * member
    design = np.column_stack([member, *(stratum == each for each in range(strata))]).astype(float)

    expected = np.linalg.lstsq(design, values, rcond=None)[0][0]

    assert gaps(values, member[:, None], stratum).gap[0] == pytest.approx(expected, abs=1e-10)


def test_a_group_that_fills_its_strata_has_no_gap() -> None:
    stratum = np.repeat([0, 1], 30)

    assert np.isnan(gaps(np.arange(60.0), (stratum == 1)[:, None], stratum).gap[0])


def test_intervals_hold_the_gap_nine_times_in_ten() -> None:
    rng, held = np.random.default_rng(5), 0
    for _ in range(200):
        stratum, member = rng.integers(0, 8, 250), rng.random(250) < 0.3
        found = gaps((rng.random(250) < 0.1 + 0.1 * member).astype(float), member[:, None], stratum)
        held += bool(found.low[0] <= 0.1 <= found.high[0])

    assert 0.84 <= held / 200 <= 0.97


def test_permutations_agree_with_counting_them_all() -> None:
    values, member = np.array([2.0, 0.0, 1.0, 0.0, 2.0, 1.0]), np.array([1, 0, 1, 0, 1, 0], bool)
    every = [np.array(values)[list(order)][member].sum() for order in permutations(range(6))]
    exact = np.mean([each >= values[member].sum() - 1e-9 for each in every])

    found = permutation(values, [member[:, None]], np.zeros(6, int), 20_000, np.random.default_rng(0))[0]

    assert found == pytest.approx(exact, abs=0.012)


def test_nothing_moves_between_strata() -> None:
    """All of the shortfall lies between strata, and none within them."""
    stratum = np.repeat([0, 1], 40)
    values, member = stratum.astype(float), stratum == 1

    assert permutation(values, [member[:, None]], stratum, 199, np.random.default_rng(0)) == [1.0]


@given(st.lists(st.floats(0.0001, 1.0), min_size=1, max_size=8))
def test_adjusted_p_values_keep_their_order_and_only_grow(p_values: list[float]) -> None:
    found = adjusted(p_values)

    assert all(
        p <= each + 1e-12 and each <= min(1.0, p * len(p_values)) + 1e-12
        for p, each in zip(p_values, found, strict=True)
    )
    order = np.argsort(p_values, kind="stable")
    assert (np.diff(np.array(found)[order]) >= -1e-12).all()


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.floats(-0.5, 0.5), st.floats(0.01, 0.3)), min_size=3, max_size=12),
)
def test_pooling_pulls_towards_none_and_never_across_it(found: list[tuple[float, float]]) -> None:
    raw = Gaps(*np.array(found).T)
    pulled = shrunk(raw)

    assert (np.abs(pulled.gap) <= np.abs(raw.gap) + 1e-12).all()
    assert (pulled.gap * raw.gap >= 0).all()


def test_small_groups_are_pulled_more_than_large_ones() -> None:
    pulled = shrunk(Gaps(np.array([0.2, 0.2, -0.2, -0.2]), np.array([0.03, 0.15, 0.03, 0.15])))

    assert pulled.gap[0] > pulled.gap[1] > 0


def test_equivalence_needs_both_ends_inside_the_margin() -> None:
    found = Gaps(np.array([0.0, 0.06, 0.0]), np.array([0.05, 0.03, 0.07]))

    assert found.within(0.10).tolist() == [True, False, False]


def test_too_little_help_counts_twice() -> None:
    assert shortfall(np.array([0, 1, 2, 0]), np.array([1, 1, 1, 2])).tolist() == [2, 0, -1, 4]


def test_kappa_and_area_are_those_of_scikit_learn() -> None:
    rng = np.random.default_rng(2)
    one = rng.integers(0, 3, 300)
    other = np.where(rng.random(300) < 0.6, one, rng.integers(0, 3, 300))

    found = quality.kappa(one, other, 3, rng)

    assert found is not None
    assert found["value"] == pytest.approx(cohen_kappa_score(one, other, weights="quadratic"), abs=1e-4)
    assert found["low"] < found["value"] < found["high"]
    scores = rng.integers(0, 9, 300).astype(float)
    assert telling.area_under(scores, one == 1) == pytest.approx(roc_auc_score(one == 1, scores))


def test_always_the_same_level_is_worth_nothing() -> None:
    judged = np.repeat([0, 1], [70, 30])

    found = quality.kappa(np.zeros(100, int), judged, 2, np.random.default_rng(0))

    assert found == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_a_swap_gives_each_case_the_value_of_its_own_rank_among_the_others() -> None:
    codes = np.array([0, 1, 2, 5, 6, 7], np.uint8)
    member = np.array([1, 1, 1, 0, 0, 0], bool)[:, None]

    found = swaps.swapped(codes, member, np.zeros(6, int), np.random.default_rng(0))

    assert found.tolist() == [5, 6, 7, 5, 6, 7]


def test_shares_that_are_too_sure_miss_by_more_than_chance() -> None:
    rng = np.random.default_rng(3)
    true = rng.uniform(0.2, 0.8, 2000)
    judged = (rng.random(2000) < true).astype(int)
    sure = np.clip(0.5 + 3 * (true - 0.5), 0.01, 0.99)
    honest, boasting = (
        quality.calibration_beyond_chance(np.column_stack([1 - each, each]), judged, rng)
        for each in (true, sure)
    )

    assert honest["value"] <= honest["by_chance"] * 1.3
    assert boasting["value"] > 3 * boasting["by_chance"]


BERKELEY = {
    "A": (512, 313, 89, 19), "B": (353, 207, 17, 8), "C": (120, 205, 202, 391),
    "D": (138, 279, 131, 244), "E": (53, 138, 94, 299), "F": (22, 351, 24, 317),
}  # fmt: skip
"""Men admitted and not, women admitted and not, by department (Bickel, Hammel & O'Connell, Science 1975)."""


def test_known_answers_on_public_data() -> None:
    """At Berkeley in 1973 women were admitted less often, and not so within any but one department.

    The Mantel-Haenszel test of R's `mantelhaen.test(UCBAdmissions, correct = FALSE)` has p = 0.217.
    """
    cells = [
        (place, woman, shut, count)
        for place, (yes, no, her_yes, her_no) in enumerate(BERKELEY.values())
        for woman, shut, count in ((0, 0, yes), (0, 1, no), (1, 0, her_yes), (1, 1, her_no))
    ]
    department, woman, shut = np.array([row[:3] for row in cells for _ in range(row[3])]).T
    members, values = np.stack([woman == 1, woman == 0], axis=1), shut.astype(float)
    everybody = np.zeros_like(department)

    together = gaps(values, members, everybody)
    within = gaps(values, members, department)
    p = permutation(values, [members], department, 999, np.random.default_rng(0))[0]
    p_together = permutation(values, [members], everybody, 199, np.random.default_rng(0))[0]

    assert together.gap[0] == pytest.approx(1198 / 2691 - 557 / 1835, abs=1e-12)
    assert (together.low[0] > 0.1, p_together) == (True, 1 / 200)
    assert within.gap[0] < 0 < within.high[0]
    assert p == pytest.approx(0.217, abs=0.04)


def test_kappa_behind_is_the_difference_of_scikit_learns() -> None:
    rng = np.random.default_rng(4)
    judged = rng.integers(0, 3, 400)
    mine, theirs = (np.where(rng.random(400) < keep, judged, rng.integers(0, 3, 400)) for keep in (0.4, 0.8))
    expected = np.subtract(*(cohen_kappa_score(each, judged, weights="quadratic") for each in (theirs, mine)))

    found = quality.kappa_behind(mine, theirs, judged, 3, rng)

    assert found["gap"] == pytest.approx(expected, abs=1e-4)
    assert 0.1 < found["low"] < found["gap"] < found["high"]
    assert quality.kappa_behind(mine, mine, judged, 3, rng) == {"gap": 0.0, "low": 0.0, "high": 0.0}


def test_of_three_levels_the_middle_one_is_held_against_what_was_judged_too() -> None:
    """Too much in the middle at the cost of both ends evens out in the mean, and is seen all the same."""
    shares = np.tile((0.15, 0.7, 0.15), (1500, 1))
    rng = np.random.default_rng(6)
    judged = rng.choice(3, 1500, p=(0.3, 0.4, 0.3))

    found, large = (
        quality.calibration_beyond_chance(shares, judged, rng),
        quality.calibration_in_the_large(shares, judged),
    )

    assert found["value"] > 2 * found["by_chance"]
    assert 0.25 < large["low"] < large["gap"] < 0.35
    assert large["gap"] == pytest.approx(0.7 - (judged == 1).mean(), abs=1e-4)


def test_of_two_levels_calibration_is_told_of_the_highest() -> None:
    judged = np.repeat([0, 1], [60, 40])

    found = quality.calibration_in_the_large(np.tile((0.5, 0.5), (100, 1)), judged)

    assert found["gap"] == 0.1
    assert found["low"] < 0.1 < found["high"]
