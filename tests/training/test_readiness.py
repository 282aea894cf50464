"""What records will meet at the gate is told before anything is trained, in words and with what would do."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.given_away import MOST_TOLD
from training import foreseen as module
from training.dataset import Dataset
from training.foreseen import foreseen
from training.labelled import Labelled, labelled
from training.minima import MINIMA
from training.readiness import readiness
from training.readiness_told import sentences
from training.train import Trained


@pytest.fixture(scope="module")
def known(data: Dataset) -> Labelled:
    return labelled(data.area, data.cases)[0]


@pytest.fixture(scope="module")
def thin(data: Dataset) -> dict[str, Any]:
    return readiness(replace(data, cases=data.cases[:60]))


def test_what_is_foreseen_of_the_attack_is_near_what_training_measured(
    known: Labelled, trained: Trained
) -> None:
    told = foreseen(known, "model")["membership"]
    measured = trained.artifact.evaluation["privacy"]["membership"]

    assert told["n"] == measured["n"]
    assert told["auc"] == pytest.approx(measured["auc"], abs=0.03)
    assert told["refused"] == (told["interval"][0] > MOST_TOLD)


@pytest.mark.parametrize(("auc", "low", "refused"), [(0.6, 0.56, True), (0.6, 0.55, False)])
def test_few_cases_that_would_be_refused_are_told_how_many_would_do(
    known: Labelled, monkeypatch: pytest.MonkeyPatch, auc: float, low: float, refused: bool
) -> None:
    attacked = {"auc": auc, "interval": [low, 0.64], "n": 500}
    monkeypatch.setattr(module, "membership", lambda *_: attacked)
    found = foreseen(known, "model")["membership"]

    assert (found["refused"], found["cases_needed"] is not None) == (refused, refused)
    if refused:
        # Twice as much beyond a guess as may be told: four times the cases, to two digits.
        assert 4 * len(known) <= found["cases_needed"] <= 4.4 * len(known)


def test_without_a_model_nobody_can_be_told_from_it_and_what_is_shown_counts_all_the_same(
    known: Labelled,
) -> None:
    found = foreseen(known, "similar_only")
    shared = found["shared"]

    assert found["membership"] is None
    assert 0 < shared["by_enough"] < shared["cases"] < len(known)
    assert not shared["refused"]
    alone = foreseen(known.rows(range(5)), "similar_only")["shared"]
    assert (alone["by_enough"], alone["refused"]) == (0, True)


def test_where_each_fact_cannot_be_measured_it_says_from_how_many_it_can(known: Labelled) -> None:
    few = foreseen(known, "similar_only")["proportion"]
    # Repeated cases share their instants, and those of one instant stay together.
    again = np.sort(np.resize(np.arange(len(known)), few["cases_needed"] + 10))
    many = foreseen(known.rows(again), "similar_only")["proportion"]

    assert (few["measured"], many["measured"]) == (False, True)
    assert few["cases"] < few["cases_needed"]


def test_what_is_missing_is_told_by_how_much_in_words(thin: dict[str, Any]) -> None:
    told = list(sentences(thin))
    cases = next(each for each in thin["missing"]["model"] if each["what"] == "cases")
    for_a_model = next(each for each in told if each.startswith("For a model"))

    assert told[0] == "60 cases can carry: nothing yet."
    assert thin["foreseen"] is None
    assert cases["there_is"] + cases["more"] >= MINIMA["model"].cases > cases["there_is"] + cases["more"] - 1
    assert f"{cases['more']} more cases that people judged" in for_a_model
    assert any(each.startswith("For similar cases alone") for each in told)


def test_what_waits_at_the_gate_is_told_in_words(thin: dict[str, Any]) -> None:
    ahead = {
        "membership": {
            "kind": "logistic", "auc": 0.61, "interval": [0.57, 0.65], "n": 240, "most": 0.55,
            "refused": True, "cases_needed": 1500,
        },
        "shared": {"facts": ["Boligform"], "cases": 240, "by_enough": 0, "least": 5, "refused": True},
        "proportion": {"cases": 300, "measured": False, "cases_needed": 2500},
    }  # fmt: skip
    facts = [
        {"what": "facts", "name": "", "there_is": 0.3, "needed": 0.6, "more": None},
        {"what": "fact", "name": "funktionstab", "there_is": 0.1, "needed": 0.5, "more": None},
    ]
    found = {**thin, "foreseen": ahead, "missing": {"model": facts, "similar_only": []}}
    told = " ".join(sentences(found))

    for part in (
        "61.0% of pairs (57.0% to 65.0%; 240 cases)", "About 1500 cases would do",
        "In 0 of 240 cases at least 5 share", "Of the other 240 less is shown", "shows no case",
        "from about 2500 on it can. Until then a version uses every fact.",
        "30% of the facts now, 60% needed", "10% now, 50% needed",
    ):  # fmt: skip
        assert part in told
    assert "alone there must" not in told
