"""What each fact adds: a useful one is seen, a planted noise column is not, and few are enough."""

from typing import Any

import numpy as np
import pytest

from models.needless import needless_facts
from tests.models.workbench import random_codes, repair_codebook
from training import proportion as module
from training.candidates import Candidate, Rows, fit_candidate
from training.proportion import proportion
from training.report import _table
from training.report_proportion import proportion_chapter
from training.train import Trained

SEED, CASES, LATER = 5, 2400, 600
USEFUL, NOISE = 0, 3
"""Columns: the level follows the first, and of the other nothing depends."""


@pytest.fixture(scope="module")
def noisy() -> tuple[Candidate, Rows, Any, Any]:
    """Cases whose level follows two facts alone, and later ones."""
    book = repair_codebook()
    codes = random_codes(book, CASES + LATER, SEED)
    chance = np.random.default_rng(SEED)
    pull = np.stack([np.zeros(len(codes)), 2.5 * (codes[:, USEFUL] % 2), 1.8 * (codes[:, 1] > 1)], axis=1)
    level = (pull + chance.gumbel(size=pull.shape)).argmax(axis=1)
    rows = Rows(book, codes[:CASES], level[:CASES], np.ones(CASES))
    fitted = fit_candidate("logistic", book, rows.codes, rows.level, SEED)
    return fitted, rows, codes[CASES:], level[CASES:]


def measured(noisy: tuple[Candidate, Rows, Any, Any]) -> Any:
    return proportion(*noisy, seed=SEED, rare=20)


@pytest.mark.requirement("K-06")
def test_a_planted_noise_column_is_a_candidate_for_removal_and_a_useful_fact_is_not(noisy: Any) -> None:
    told, names = measured(noisy), noisy[1].book.names
    by_name = {each["name"]: each for each in told["facts"]}

    assert set(by_name) == set(names)
    assert by_name[names[NOISE]]["may_go"]
    assert by_name[names[NOISE]]["interval"][0] <= 0 <= by_name[names[NOISE]]["interval"][1]
    assert not by_name[names[USEFUL]]["may_go"]
    assert by_name[names[USEFUL]]["adds"]["value"] > 0.01
    assert names[NOISE] in needless_facts({"proportion": told})
    assert names[USEFUL] not in needless_facts({"proportion": told})


def test_the_smallest_set_within_one_standard_error_is_told_the_same_every_time(noisy: Any) -> None:
    told, names = measured(noisy), noisy[1].book.names

    assert told == measured(noisy)
    assert {names[USEFUL], names[1]} <= set(told["smallest"])
    assert names[NOISE] not in told["smallest"]
    behind = {each["facts"]: each["behind_all"] for each in told["sets"]}
    assert behind[1]["value"] > behind[1]["standard_error"]
    assert (told["learned_from"], told["measured_on"]) == (CASES, LATER)


def test_of_many_cases_some_are_drawn_evenly(noisy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 500)
    told = measured(noisy)

    assert (told["learned_from"], told["measured_on"]) == (500, 500)


def test_too_few_cases_tell_nothing(noisy: Any) -> None:
    candidate, rows, later, level = noisy
    few = rows.drawn(np.arange(module.FEWEST_LEARNED - 1))

    assert proportion(candidate, few, later, level, seed=SEED, rare=20) is None
    assert proportion(candidate, rows, later[:399], level[:399], seed=SEED, rare=20) is None


@pytest.mark.slow
def test_the_report_tells_it_or_that_there_were_too_few(trained: Trained) -> None:
    artifact = trained.artifact
    assert "for få sager" in proportion_chapter(artifact, _table)
    names = [question.name for question in artifact.area.learned]
    fact = {"adds": {"value": 0.002, "standard_error": 0.001}, "interval": [-0.001, 0.005], "may_go": True}
    told = {
        "learned_from": 2400, "measured_on": 600, "facts": [{"name": name, **fact} for name in names],
        "sets": [{"facts": 1, "behind_all": {"value": 0.1, "standard_error": 0.01}}], "smallest": names[:2],
    }  # fmt: skip
    artifact.evaluation["proportion"] = told
    try:
        chapter = proportion_chapter(artifact, _table)
    finally:
        artifact.evaluation["proportion"] = None
    assert f"For {len(names)} af {len(names)}" in chapter
    assert "−0,0010 til +0,0050" in chapter
