"""Fitting uncertainty on later cases: the right quantile, curves that are tried, the price of silence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.artifact import Artifact
from models.evidence import Suggester
from models.uncertainty import Isotonic, Platt, Uncertainty, raw_shares
from training.doubt import Doubted, held_against
from training.measures import losses
from training.report_uncertainty import REASONS, uncertainty_chapter
from training.table_reading import prior_tables
from training.train import Trained
from training.uncertainty import (
    LEAST_MARGIN,
    Held,
    coverage,
    fit_uncertainty,
    held_out,
    margin_of,
    reach_of,
)

pytestmark = pytest.mark.slow


def drawn(n: int, seed: int, twist: float = 1.0, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Scores of two levels, and levels drawn with log-odds of `twist` times the score + `shift`."""
    chance = np.random.default_rng(seed)
    odds = chance.normal(-0.8, 2.0, size=n)
    level = (chance.random(n) < 1 / (1 + np.exp(-(twist * odds + shift)))).astype(np.int64)
    return np.column_stack([np.zeros(n), odds]), level


@settings(max_examples=15, deadline=None)
@given(n=st.integers(9, 60), nominal=st.sampled_from([0.8, 0.9, 0.95]), seed=st.integers(0, 10_000))
def test_a_new_case_is_covered_as_often_as_promised_and_hardly_more(
    n: int, nominal: float, seed: int
) -> None:
    """Over many draws of n cases: at least the nominal, at most 1 / (n + 1) more (Lei et al. 2018).

    One place lower or higher among the n would miss the band by 1 / (n + 1), which is more than the noise.
    """
    draws = 4000
    chance = np.random.default_rng(seed)
    apart, new = chance.random((draws, n)), chance.random(draws)
    promised = []
    for k in range(40):  # the function itself, on some of the draws; the place it takes holds for all
        shares = np.column_stack([1 - apart[k], apart[k]])
        reach = reach_of(shares, np.zeros(n, dtype=np.int64), nominal)[0]
        place = n + 1 if reach == 1.0 else int((np.sort(apart[k]) <= reach + 1e-12).sum())
        promised.append(place)
    assert len(set(promised)) == 1
    place = promised[0]
    covered = 1.0 if place > n else float((new <= np.sort(apart, axis=1)[:, place - 1]).mean())
    noise = 4 * np.sqrt(nominal * (1 - nominal) / draws)
    assert covered >= nominal - noise
    if place <= n:
        assert covered <= nominal + 1 / (n + 1) + noise
        assert (place - 1) / (n + 1) < nominal <= place / (n + 1) + 1e-9


def test_too_few_cases_of_a_level_leave_it_plausible_everywhere() -> None:
    scores, level = drawn(400, 1)
    few = np.where(np.cumsum(level) > 10, 0, level)

    reach = reach_of(raw_shares(scores), few, 0.95)

    assert reach[0] < 1.0
    assert reach[1] == 1.0


def test_every_level_is_covered_by_itself() -> None:
    scores, level = drawn(4000, 5)
    known = Uncertainty(reach=reach_of(raw_shares(scores), level, 0.95))

    found = coverage(known, *drawn(20_000, 6))

    for each in (found, *found["levels"]):
        assert each["covered"] == pytest.approx(0.95, abs=0.02)
    assert 0 < found["several_plausible"] < 1


@pytest.mark.parametrize(
    ("twist", "shift", "method"), [(1.0, 0.0, "none"), (0.4, 0.9, "platt")], ids=["good", "twisted"]
)
def test_a_curve_is_chosen_where_the_shares_do_not_fit_and_left_where_they_do(
    twist: float, shift: float, method: str
) -> None:
    held = held_out(*drawn(6000, 11, twist, shift))

    known, tried = fit_uncertainty(held)

    assert known.method == method
    assert [each["name"] for each in tried] == ["none", "platt", "isotonic"]
    after = losses(known.shares(held.checked_scores), held.checked_level).mean()
    before = losses(raw_shares(held.checked_scores), held.checked_level).mean()
    assert after <= before - (0.02 if method != "none" else 0.0)
    if isinstance(known.curves[:1], tuple) and known.curves:
        curve = known.curves[1]
        assert isinstance(curve, Platt)
        assert (curve.slope, curve.offset) == (pytest.approx(twist, abs=0.08), pytest.approx(shift, abs=0.15))


def test_steps_are_chosen_where_a_straight_line_in_log_odds_does_not_fit() -> None:
    scores, _ = drawn(6000, 12)
    chance = np.random.default_rng(1)
    level = (chance.random(6000) < np.where(np.abs(scores[:, 1]) < 1, 0.5, scores[:, 1] > 0)).astype(np.int64)

    known, _ = fit_uncertainty(held_out(scores, level))

    assert known.method == "isotonic"
    assert all(isinstance(curve, Isotonic) for curve in known.curves)
    assert np.allclose(known.shares(scores).sum(axis=1), 1)


def test_few_later_cases_get_no_curve_and_wide_counts() -> None:
    known, tried = fit_uncertainty(held_out(*drawn(120, 2)))

    assert (known.method, tried) == ("none", [])
    assert 1 <= len(known.seen[1]) <= 2
    assert fit_uncertainty(held_out(*drawn(50, 2)))[0].seen == ()


@settings(max_examples=20, deadline=None)
@given(n=st.integers(60, 900), seed=st.integers(0, 1000), twist=st.floats(0.1, 3))
def test_the_counts_are_those_of_the_checked_part_and_both_levels_add_up(
    n: int, seed: int, twist: float
) -> None:
    held = held_out(*drawn(n, seed, twist))
    known, _ = fit_uncertainty(held)
    shares = known.shares(held.checked_scores)[:, 1]
    first, second = known.seen

    assert sum(each.n for each in second) == len(held.checked_level)
    assert (second[-1].upto, first[-1].upto) == (1.0, 1.0)
    for place, each in enumerate(second):
        before = second[place - 1].upto if place else -1.0
        inside = (shares > before) & (shares <= each.upto)
        assert int(inside.sum()) == each.n >= 30
        assert each.low <= (held.checked_level[inside] == 1).mean() <= each.high
    for share in shares[:20]:
        here, there = known.interval(1, float(share)), known.interval(0, float(1 - share))
        assert here is not None
        assert there is not None
        if all(abs(float(share) - each.upto) > 1e-6 for each in second):
            assert (there.low, there.high, there.n) == pytest.approx((1 - here.high, 1 - here.low, here.n))


def test_the_margin_widens_only_where_nothing_is_lost() -> None:
    scores, level = drawn(6000, 8)
    near = np.abs(scores[:, 1]) < 0.22
    blurred = np.where(near, np.arange(6000) % 2, level)
    told_apart = np.where(near, scores[:, 1] > 0, level).astype(np.int64)

    margin, costs = margin_of(Uncertainty(), Held(scores, blurred, scores, blurred))
    at = {each["margin"]: each for each in costs}

    assert margin >= LEAST_MARGIN
    assert at[margin]["withheld"]["agreement"] <= 0.55 < at[margin]["shown"]["agreement"]
    assert at[margin]["share_withheld"] <= 0.1
    for each in costs:
        if each["margin"] > margin:
            assert each["share_withheld"] > 0.1 or each["withheld"]["agreement"] > 0.55
    assert margin_of(Uncertainty(), Held(scores, told_apart, scores, told_apart))[0] == LEAST_MARGIN


def test_a_few_unlucky_cases_do_not_widen_the_margin() -> None:
    scores, level = drawn(150, 3)
    wrong = np.where(np.abs(scores[:, 1]) < 0.5, scores[:, 1] < 0, level).astype(np.int64)

    assert margin_of(Uncertainty(), Held(scores, wrong, scores, wrong))[0] == LEAST_MARGIN


def test_a_version_tells_what_it_was_held_against(trained: Trained) -> None:
    told = trained.artifact.evaluation["uncertainty"]
    silence = trained.artifact.evaluation["abstention"]

    assert told["n_fitted"] + told["n_checked"] == trained.artifact.evaluation["split"]["n_tested"]
    assert told["min_margin"] == trained.artifact.manifest.thresholds.min_margin >= LEAST_MARGIN
    assert silence["withheld"]["n"] + silence["shown"]["n"] == silence["n"]
    assert silence["share_withheld"] == pytest.approx(silence["withheld"]["n"] / silence["n"], abs=1e-4)
    assert set(silence["reasons"]) <= {"too_incomplete", "outside_learned", "too_few_similar", "too_close"}


def test_the_shares_of_levels_alone_have_no_uncertainty_to_tell(trained: Trained) -> None:
    book = trained.artifact.codebook
    tables = prior_tables(book, np.array([0, 0, 1]))

    assert held_against(tables, trained.artifact.golden.codes, None) == Doubted()  # type: ignore[arg-type]


def test_a_served_version_is_silent_exactly_where_its_margin_says(version: Artifact) -> None:
    suggester = Suggester(version)
    scores = version.tables.scores(version.golden.codes)
    ranked = np.sort(version.uncertainty.shares(scores), axis=1)
    strict = replace(version.manifest.thresholds, min_margin=1.0)
    silent = Suggester(replace(version, manifest=replace(version.manifest, thresholds=strict)))

    assert (ranked[:, -1] - ranked[:, -2] >= 0).all()
    assert "too_close" in silent.suggest({}, own_level=None).abstained
    assert suggester.artifact.uncertainty.reach


def plain(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as words."""
    return " | ".join(str(cell) for row in (head, *rows) for cell in row)


def test_the_report_tells_of_calibration_coverage_and_the_price_of_silence(trained: Trained) -> None:
    evaluation = trained.artifact.evaluation
    page = uncertainty_chapter(trained.artifact.area, evaluation, plain, trained.artifact.manifest.thresholds)
    cover, silence = evaluation["uncertainty"]["coverage"], evaluation["abstention"]

    for said in (
        f"{100 * cover['covered']:.1f} %".replace(".", ","),
        f"{100 * silence['share_withheld']:.1f} %".replace(".", ","),
        "Kun avanceret niveau",
        "Bidragene (shap) er i log-odds før tilpasningen.",
        *(REASONS[name] for name in silence["reasons"]),
    ):
        assert said in page


def test_the_report_says_where_each_threshold_lies_and_what_it_and_others_would_cost(
    trained: Trained,
) -> None:
    made = trained.artifact
    held, told = made.manifest.thresholds, made.evaluation
    page = uncertainty_chapter(made.area, told, plain, held)

    alike = f"{100 * held.min_similarity:.1f} %".replace(".", ",")
    assert f"Under {held.min_similar} sager ligner mindst {alike}" in page
    for name, share in told["abstention"]["reasons"].items():
        assert REASONS[name] in page.split("Grænserne")[1]
        assert f"{100 * share:.1f} %".replace(".", ",") in page.split("Grænserne")[1]
    for each in told["uncertainty"]["margins"]:
        assert f"{100 * each['margin']:.1f} %".replace(".", ",") in page.split("Hvis grænsen")[1]
    chosen = [each["margin"] for each in told["uncertainty"]["margins"] if each["margin"] == held.min_margin]
    assert page.count("(valgt)") - page.split("Hvis grænsen")[0].count("(valgt)") == len(chosen)


def test_a_version_of_similar_cases_alone_says_that_it_has_no_shares_to_hold_up(trained: Trained) -> None:
    alone = {**trained.artifact.evaluation, "uncertainty": None}

    page = uncertainty_chapter(trained.artifact.area, alone, plain, trained.artifact.manifest.thresholds)

    assert "Der er ingen model, og derfor ingen tal at holde op." in page
    assert "Hvad koster det at tie?" in page
