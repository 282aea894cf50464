"""What tells a group, what goes by age, which explanations hold: found where planted, not by chance."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import roc_auc_score

from models.artifact import Artifact
from models.stability import side_by_side
from models.tables import ScoreTables, shapley
from models.uncertainty import Uncertainty
from tests.panels import panel, three_levels
from training.dataset import Dataset
from training.fairness import aged, basis, telling
from training.fairness.explored import explored, intersections, map_axes, within_each_need
from training.fairness.measures import measures_of
from training.fairness.panel import Panel
from training.labelled import labelled

SEEDS = 25


def told(values: Any, given: Panel, seed: int = 0, draws: int = 39) -> dict[str, dict[str, Any]]:
    rng = np.random.default_rng(seed)
    found = telling.told_by(values, map_axes(given), given.stratum, rng, draws)
    return {each["axis"]: each for each in found}


def test_what_carries_a_group_tells_it_and_nothing_else() -> None:
    given = panel(1)
    noise = np.random.default_rng(2).normal(size=(len(given), 6))
    noise[:, 3] += given.attributes["koen"] == "mand"

    found = told(noise, given)

    assert found["koen"]["auc"] > 0.7 > found["koen"]["by_chance"]
    assert found["koen"]["p"] <= 0.05
    assert found["bor_alene"]["auc"] < 0.6


def test_what_follows_need_alone_is_not_called_telling() -> None:
    """Two groups of different need: need tells them, and so it does when they are shuffled within it."""
    given, rng = panel(3), np.random.default_rng(3)
    women = rng.random(len(given)) < np.where(given.stratum < 3, 0.8, 0.2)
    apart = {**given.attributes, "koen": np.where(women, "kvinde", "mand")}
    needy = replace(given, attributes=apart)

    found = told(given.stratum[:, None] + rng.normal(size=(len(given), 3)), needy)["koen"]

    assert found["auc"] > 0.6
    assert found["auc"] <= found["by_chance"] + 0.02
    assert found["p"] > 0.01


def test_chance_reads_as_chance() -> None:
    given = panel(4, n=200)
    p = [
        each["p"]
        for seed in range(SEEDS)
        for each in told(np.random.default_rng(seed).normal(size=(200, 5)), given, seed, draws=19).values()
    ]

    assert np.mean(np.array(p) <= 0.1) <= 0.2
    assert 0.35 <= np.mean(p) <= 0.65


def test_it_tells_as_well_as_scikit_learns_discriminant() -> None:
    rng = np.random.default_rng(5)
    given = panel(5)
    member = given.attributes["koen"] == "mand"
    values = rng.normal(size=(len(given), 8)) + 0.4 * member[:, None] * rng.normal(size=8)
    half = np.arange(len(given)) % 2
    theirs = np.mean([
        roc_auc_score(
            member[half == fold],
            LinearDiscriminantAnalysis().fit(values[half != fold], member[half != fold])
            .decision_function(values[half == fold]),
        )
        for fold in (0, 1)
    ])  # fmt: skip

    assert told(values, given)["koen"]["auc"] == pytest.approx(theirs, abs=0.03)


def test_a_planted_shift_shows_in_what_the_suggestion_misses() -> None:
    fair, shifted = panel(6), panel(6, shift=0.25)

    honest, biased = (told(telling.of_residuals(each.judged, each.shares), each) for each in (fair, shifted))

    assert honest["koen"]["p"] > 0.05
    assert biased["koen"]["p"] <= 0.05
    assert biased["koen"]["auc"] > biased["koen"]["by_chance"]


def test_inputs_are_told_by_each_code_that_occurs() -> None:
    codes = np.array([[0, 7], [1, 7], [0, 9]], dtype=np.uint8)

    assert telling.of_inputs(codes).tolist() == [[1, 0, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1]]


def test_values_that_never_vary_tell_nothing() -> None:
    assert all(each["auc"] == 0.5 for each in told(np.ones((600, 3)), panel(7)).values())


def _going_by(given: Panel, weight: float) -> tuple[Any, Any]:
    """A model whose second question is no criterion and follows age; its first is one."""
    old = given.attributes["aldersgruppe"] == "85_op"
    rng = np.random.default_rng(8)
    codes = np.stack([given.judged, np.where(old, rng.random(len(old)) < 0.9, rng.random(len(old)) < 0.1)], 1)
    tables = ScoreTables(
        tuple(given.area.level_codes), np.zeros(2),
        (np.array([[0.0, 0.0], [-1.0, 1.0]]), np.array([[0.0, 0.0], [0.0, weight]])), {},
    )  # fmt: skip
    book = SimpleNamespace(names=(given.area.need[0], "boligform"))
    model = SimpleNamespace(codebook=book, tables=tables, uncertainty=Uncertainty())
    return model, codes.astype(np.uint8)


@pytest.mark.parametrize(("weight", "moves"), [(-2.5, True), (0.0, False)])
def test_sixty_against_eighty_five_with_the_same_function(weight: float, moves: bool) -> None:
    given = panel(8)
    model, codes = _going_by(given, weight)

    found = aged.by_age(model, codes, given, map_axes(given), np.random.default_rng(0))

    (middle,) = [each for each in found if each["from"] == "40_66"]
    assert (middle["to"], middle["axis"]) == ("85_op", "aldersgruppe")
    assert (middle["high"] < -0.10) is moves
    assert moves or middle["gap"] == middle["low"] == middle["high"] == 0.0


def test_a_criterion_of_the_level_is_left_as_it_is() -> None:
    given = panel(8)
    model, codes = _going_by(given, -2.5)
    model.codebook = SimpleNamespace(names=given.area.need[:2])

    found = aged.by_age(model, codes, given, map_axes(given), np.random.default_rng(0))

    assert {each["gap"] for each in found} == {0.0}


def test_explanations_are_firm_where_refitted_models_agree(version: Artifact, data: Dataset) -> None:
    known, _ = labelled(data.area, data.cases)
    codes = known.codes(version.codebook)[-60:]
    pulls = shapley(version.tables, version.background).contributions_many(codes)
    same = replace(version, refitted=side_by_side([version.tables] * 4))

    firm, shaky = (
        {each.code: each.values for each in basis._firm(each_version, codes, pulls)}
        for each_version in (same, version)
    )

    assert np.nanmin(firm["fast_stoerste"]) == np.nanmin(firm["fast_orden"]) == 1.0
    assert 0.2 < np.nanmean(shaky["fast_stoerste"]) < 1.0
    assert 0.5 < np.nanmean(shaky["fast_orden"]) < 1.0


@pytest.mark.requirement("G-37")
def test_a_gap_in_one_need_alone_is_found_there_and_small_cells_say_nothing() -> None:
    given = replace(panel(9, n=3000), needs=tuple(f"behov {each}" for each in range(6)))
    hit = (given.stratum == 2) & (given.attributes["koen"] == "mand")
    hit &= given.attributes["aldersgruppe"] == "40_66"
    given = replace(given, suggested=np.where(hit, 0, given.suggested))

    found = within_each_need(given, "koen", "aldersgruppe")
    cells = found["cells"]

    largest = max(cells, key=lambda each: each["gap"]["gap"])
    assert (largest["need"], largest["groups"][0]) == ("behov 2", "mand")
    others = [each["gap"]["gap"] for each in cells if each is not largest]
    assert largest["groups"][1] == "40_66"
    assert largest["gap"]["gap"] > 2 * max(others) > 0
    assert all(each["n"] >= 20 for each in cells)
    assert len(cells) + found["too_small"] == 6 * 2 * 6
    assert found["too_small"] > 0


@pytest.mark.requirement("G-37")
def test_two_attributes_together_count_nobody_under_five() -> None:
    given = panel(12, n=300)
    under_18 = np.flatnonzero(
        (given.attributes["koen"] == "mand") & (given.attributes["aldersgruppe"] == "under_18")
    )
    ages = given.attributes["aldersgruppe"].copy()
    ages[under_18[4:]] = ""
    given = replace(given, attributes={**given.attributes, "aldersgruppe": ages})

    (few,) = [
        each
        for each in intersections(given, "koen", "aldersgruppe")
        if each["groups"] == ["mand", "under_18"]
    ]

    assert few == {"groups": ["mand", "under_18"], "n": None, "gap": None}


@pytest.mark.parametrize("levels", [2, 3])
def test_what_held_and_what_lies_far_below_are_told_by_group(data: Dataset, levels: int) -> None:
    area = three_levels() if levels == 3 else data.area
    given = panel(10, n=300, area=area)
    worst = np.arange(300) == 0
    given = replace(
        given, suggested=np.where(worst, 0, given.suggested), judged=np.where(worst, levels - 1, given.judged)
    )
    known, _ = labelled(data.area, data.cases)
    kept = [
        replace(case, outcome=replace(case.outcome, level_changed=row % 3 == 0))
        for row, case in enumerate(known.cases[-300:])
    ]
    measured = {each.code: each for each in measures_of(replace(given, cases=tuple(kept)))}

    held = np.array([row % 3 > 0 for row in range(300)])
    assert np.isfinite(measured["ramt_avanceret_O"].values).sum() == sum(
        case.final_level == "avanceret" for case, stood in zip(kept, held, strict=True) if stood
    )
    assert ("langt_under" in measured) == ("andel_mellem_E" in measured) == (levels == 3)
    assert measured["forskydning"].values[0] == 2 * (levels - 1)
    assert levels == 2 or measured["langt_under"].values.tolist() == worst.astype(float).tolist()


def test_a_measure_of_one_attribute_is_told_by_that_alone() -> None:
    given = panel(11, n=200)
    level = basis.Measure("egen", "grundlag", "Egen", given.suggested.astype(float), "koen")

    assert [by["name"] for by in explored(given, [level])[0]["by"]] == ["koen"]
