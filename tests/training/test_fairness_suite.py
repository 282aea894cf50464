"""The suite proves itself: planted bias is found, chance is not, and the unknown is never called fine."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from models.audit import UNAVAILABLE
from models.declaration import Area
from models.promotion import FAILED, PASSED, status_of, verdict
from tests.panels import HONEST, beside, only, panel, record, three_levels
from training.fairness.panel import Panel

SEEDS = 200
PLANTED = 30


@pytest.fixture(scope="module")
def by_chance() -> list[dict[str, float]]:
    """The p-values of 200 fair panels of 600 cases, and whether the gate failed any of them."""
    found = []
    for seed in range(SEEDS):
        told = record(panel(seed), seed=seed)
        p = {each["name"]: each["p"] for each in told["axes"] if "p" in each}
        found.append(p | {"failed": float(verdict(told, HONEST).status == FAILED)})
    return found


@pytest.mark.requirement("G-35")
@pytest.mark.parametrize("levels", [2, 3])
def test_a_shift_of_a_quarter_of_a_level_is_refused_nine_times_in_ten(levels: int) -> None:
    area: Area | None = three_levels() if levels == 3 else None
    refused = 0
    for seed in range(PLANTED):
        said = verdict(record(panel(seed, area=area, shift=0.25), seed=seed), HONEST)
        refused += any(each.code == "gruppe" and "Mand" in each.words for each in said.findings)

    assert refused >= 0.9 * PLANTED


def test_fair_suggestions_fail_in_at_most_one_of_twenty(by_chance: list[dict[str, float]]) -> None:
    assert sum(each["failed"] for each in by_chance) <= 0.05 * SEEDS


def test_a_version_as_good_as_the_one_in_use_is_not_refused_for_its_worst_group() -> None:
    """Of some twenty groups one always looks worse; only what chance does not explain counts."""
    told = [record(each, draws=19, seed=seed, of=beside(each, seed)) for seed, each in _fair(6)]

    assert not any(verdict(each, HONEST).status == FAILED for each in told)


def test_a_version_that_serves_one_group_worse_than_the_one_in_use_is_refused() -> None:
    for seed, fair in _fair(3):
        rng = np.random.default_rng(seed)
        worse = (fair.attributes["bor_alene"] == "ja") & (rng.random(len(fair)) < 0.5)
        said = np.where(worse, 1 - fair.judged, fair.suggested)
        shares = np.full(fair.shares.shape, 0.1)
        shares[np.arange(len(fair)), said] = 0.9
        biased = replace(fair, suggested=said, shares=shares)

        found = verdict(record(biased, draws=19, seed=seed, of=beside(biased, seed)), HONEST).findings

        assert any(each.code == "gruppetab" and "Bor alene: Ja" in each.words for each in found)


def _fair(count: int) -> list[tuple[int, Panel]]:
    return [(seed, panel(seed)) for seed in range(count)]


@pytest.mark.parametrize("axis", ["aldersgruppe", "distrikt"])
def test_p_values_of_fair_suggestions_are_uniform(by_chance: list[dict[str, float]], axis: str) -> None:
    assert kstest([each[axis] for each in by_chance], "uniform").pvalue > 0.01


@pytest.mark.parametrize("axis", ["koen", "tolkebehov", "bor_alene"])
def test_two_groups_are_never_called_different_too_often(
    by_chance: list[dict[str, float]], axis: str
) -> None:
    """Ties between few possible values make these tests careful, and never bold."""
    for level in (0.05, 0.2, 0.5):
        hits = sum(each[axis] <= level for each in by_chance)

        assert hits <= SEEDS * level + 3 * np.sqrt(SEEDS * level * (1 - level))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 19), st.integers(0, 50), st.sampled_from([0.0, 0.25, 1.0]))
def test_a_group_of_under_twenty_is_never_green_and_never_a_finding(n: int, seed: int, shift: float) -> None:
    told = record(only(panel(seed, n=300, shift=shift), "koen", "mand", n), seed=seed)
    axis = next(each for each in told["axes"] if each["name"] == "koen")
    group = next(each for each in axis["groups"] if each["code"] == "mand")

    assert (group["n"], status_of(axis, group), group["under"]) == (n, "for_faa", None)
    assert not group["equivalent"]
    assert verdict(told, HONEST).status != PASSED


@pytest.mark.requirement("G-37")
@pytest.mark.parametrize("name", ["koen", "tolkebehov"])
def test_an_attribute_that_the_vault_lacks_is_not_available_and_never_fine(name: str) -> None:
    fair = panel(3)
    blank = replace(fair, attributes={**fair.attributes, name: np.full(len(fair), "")})
    told = record(blank)
    axis = next(each for each in told["axes"] if each["name"] == name)

    assert (axis["status"], axis["groups"]) == (UNAVAILABLE, [])
    said = verdict(told, HONEST)
    assert said.status == FAILED
    assert any(
        "ikke til rådighed" in each.words and f"--without {name}=" in each.cure for each in said.findings
    )


@pytest.mark.requirement("G-37")
def test_origin_is_named_as_not_available_and_why() -> None:
    axes = {each["name"]: each for each in record(panel(1))["axes"]}

    assert {"koen", "aldersgruppe", "distrikt", "oprindelse"} <= set(axes)
    assert axes["oprindelse"]["status"] == UNAVAILABLE
    assert "§ 140" in axes["oprindelse"]["reason"]


def test_every_group_that_was_looked_at_says_what_could_have_been_found() -> None:
    for axis in record(panel(2))["axes"]:
        for group in axis["groups"]:
            if group["n"] >= 20:
                assert 0 < group["under_gap"]["detectable"] < 1


def test_enough_fair_cases_pass_and_too_few_leave_a_doubt() -> None:
    many, few = (verdict(record(panel(8, n=n)), HONEST) for n in (5000, 500))

    assert many.status == PASSED
    assert [each.code for each in few.doubts] == ["ligevaerd"]
    assert "Saml flere sager" in few.doubts[0].cure


def test_a_group_with_no_other_large_enough_is_alone_and_never_green() -> None:
    told = record(only(panel(4, n=300), "tolkebehov", "ja", 5))
    axis = next(each for each in told["axes"] if each["name"] == "tolkebehov")

    assert [status_of(axis, group) for group in axis["groups"]] == ["alene", "for_faa"]


def test_the_same_seed_gives_the_same_record() -> None:
    assert record(panel(5), seed=5) == record(panel(5), seed=5)
    assert record(panel(5), seed=5)["axes"] != record(panel(6), seed=5)["axes"]
