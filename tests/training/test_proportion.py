"""What each fact adds, and the smallest set that does: the same every time, and never by the later cases."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.artifact import Artifact
from models.needless import needless_facts
from models.rule_change import MOVED, changed_facts
from tests.models.workbench import random_codes, repair_codebook
from training import proportion as module
from training import train as training
from training import windows
from training.candidates import Rows
from training.compare import facts_moved
from training.dataset import Dataset
from training.evaluate import rules_in
from training.labelled import Labelled, labelled
from training.proportion import (
    ALL,
    FEWEST,
    SMALLEST,
    TOO_FEW,
    Asked,
    FactsChosen,
    Stretch,
    checked,
    choose_facts,
    proportion,
)
from training.refusals import TrainingRefused
from training.release_note import release_note
from training.report import _table
from training.report_proportion import proportion_chapter
from training.rule_change import rule_change
from training.select import split_in_time
from training.train import Settings, Trained, train

SEED, CASES, LATER = 5, 2400, 600
USEFUL, NOISE = 0, 3
"""Columns: the level follows the first, and of the other nothing depends."""

EIGHT = {"diagnosegruppe", "funktionstab", "kompl_flag", "kognition_paavirket", "restriktion", "hjemmepleje",
         "funk_mobilitet", "funk_krop"}  # fmt: skip
LITTLE = {"adds": {"value": 0.002, "standard_error": 0.001}, "interval": [-0.001, 0.005], "may_go": True}
TOLD = {
    "kind": "logistic", "learned_from": 2400, "measured_on": 600, "always": ["diagnosegruppe"], "kept": [],
    "split": {"tested_from": "2025-01-01T08:00:00Z", "tested_to": "2025-06-01T08:00:00Z"},
    "facts": [{"name": name, **LITTLE, "may_go": name == "funk_krop"} for name in sorted(EIGHT)],
    "left_out": [{"name": "boligform", **LITTLE}],
    "sets": [{"facts": 8, "behind_all": {"value": 0.001, "standard_error": 0.01}}],
    "smallest": sorted(EIGHT),
}  # fmt: skip


@pytest.fixture(scope="module")
def noisy() -> list[Stretch]:
    """Cases whose level follows two facts alone, and later ones."""
    book = repair_codebook()
    codes = random_codes(book, CASES + LATER, SEED)
    chance = np.random.default_rng(SEED)
    pull = np.stack([np.zeros(len(codes)), 2.5 * (codes[:, USEFUL] % 2), 1.8 * (codes[:, 1] > 1)], axis=1)
    level = (pull + chance.gumbel(size=pull.shape)).argmax(axis=1)
    rows = Rows(book, codes[:CASES], level[:CASES], np.ones(CASES))
    return [Stretch(rows, codes[CASES:], level[CASES:])]


@pytest.fixture(scope="module")
def told(noisy: list[Stretch]) -> Any:
    """What is measured of them, with every fact used."""
    return proportion(noisy, whole=True)


@pytest.fixture(scope="module")
def names(noisy: list[Stretch]) -> Sequence[str]:
    """The facts, by column."""
    return noisy[0].rows.book.names


@pytest.mark.requirement("K-06")
def test_a_planted_noise_column_is_a_candidate_for_removal_and_a_useful_fact_is_not(
    told: Any, names: Any
) -> None:
    by_name = {each["name"]: each for each in told["facts"]}

    assert set(by_name) == set(names)
    assert told["left_out"] == []
    assert by_name[names[NOISE]]["may_go"]
    assert by_name[names[NOISE]]["interval"][0] <= 0 <= by_name[names[NOISE]]["interval"][1]
    assert not by_name[names[USEFUL]]["may_go"]
    assert by_name[names[USEFUL]]["adds"]["value"] > 0.01
    assert names[NOISE] in needless_facts({"proportion": told})
    assert names[USEFUL] not in needless_facts({"proportion": told})


@pytest.mark.requirement("G-09")
def test_the_smallest_set_within_one_standard_error_is_found_the_same_every_time(
    noisy: Any, told: Any, names: Any
) -> None:
    fewest = proportion(noisy)

    assert fewest == proportion(noisy)
    assert fewest is not None
    assert fewest["smallest"] == [each["name"] for each in fewest["facts"]] == told["smallest"]
    assert {names[USEFUL], names[1]} <= set(fewest["smallest"])
    assert names[NOISE] not in fewest["smallest"]
    assert names[NOISE] in {each["name"] for each in fewest["left_out"]}
    assert {each["name"] for part in ("facts", "left_out") for each in fewest[part]} == set(names)
    behind = {each["facts"]: each["behind_all"] for each in fewest["sets"]}
    assert behind[len(fewest["smallest"])]["value"] <= behind[len(fewest["smallest"])]["standard_error"]
    assert behind[1]["value"] > behind[1]["standard_error"]
    assert (fewest["learned_from"], fewest["measured_on"]) == (CASES, LATER)


@pytest.mark.requirement("G-09")
def test_what_is_always_used_is_used_though_it_adds_nothing_and_is_told_so(noisy: Any, names: Any) -> None:
    kept = proportion(noisy, always=[names[NOISE]])

    assert kept is not None
    assert {names[USEFUL], names[NOISE]} <= set(kept["smallest"])
    assert names[NOISE] in needless_facts({"proportion": kept})


def test_two_facts_that_say_the_same_do_not_both_go(noisy: Any, names: Any) -> None:
    (one,) = noisy
    twin, codes, later = 4, np.array(one.rows.codes), np.array(one.later)
    for each in (codes, later):
        each[:, twin] = each[:, USEFUL]
    fewest = proportion([Stretch(replace(one.rows, codes=codes), later, one.level)])

    assert fewest is not None
    assert {names[USEFUL], names[twin]} & set(fewest["smallest"])


def test_of_many_cases_some_are_drawn_evenly(noisy: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 500)
    found = proportion(noisy)

    assert found is not None
    assert (found["learned_from"], found["measured_on"]) == (500, 500)


def test_too_few_cases_tell_nothing(noisy: Any) -> None:
    (one,) = noisy
    few = one.rows.drawn(np.arange(module.FEWEST_LEARNED - 1))

    assert proportion([replace(one, rows=few)]) is None
    assert proportion([replace(one, later=one.later[:399], level=one.level[:399])]) is None


@pytest.fixture
def few_will_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small municipality's cases are enough to tell facts apart by."""
    for place in (windows, module):
        monkeypatch.setattr(place, "FEWEST_LEARNED", 200)
        monkeypatch.setattr(place, "FEWEST_MEASURED", 50)
    monkeypatch.setattr(module, "STEPS", (9,))


@pytest.fixture(scope="module")
def known(data: Dataset, version: Artifact) -> Labelled:
    """The labelled cases of the municipality."""
    return labelled(data.area, data.cases, rules_in(version))[0]


@pytest.mark.requirement("G-09")
@pytest.mark.usefixtures("few_will_do")
def test_facts_are_chosen_of_the_earlier_cases_whatever_the_later_ones_say(known: Labelled) -> None:
    level = np.array(known.level)
    later = len(split_in_time(known).tested)
    level[-later:] = 1 - level[-later:]
    other = Labelled(known.area, known.columns, level, known.weight)
    found, again = (
        choose_facts(split_in_time(each).learned, Asked(keep=("boligform",)), carried="model", rare=20)
        for each in (known, other)
    )

    assert found == again
    assert found.why == SMALLEST
    assert {*known.area.need, "boligform"} <= set(found.used) < {each.name for each in known.area.learned}
    assert set(found.used) == set(found.told["smallest"])
    assert found.told["kept"] == ["boligform"]
    said = found.to_json(known.area)
    assert sorted(said["used"] + said["left_out"]) == sorted(each.name for each in known.area.learned)


@pytest.mark.requirement("G-09")
def test_training_hands_over_the_earlier_cases_alone(
    data: Dataset, known: Labelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Stop(Exception):
        pass

    def look(learned: Labelled, asked: Asked, **rest: Any) -> None:
        assert learned.cases[-1].decided_at < split_in_time(known).at
        assert (asked, rest["carried"]) == (FEWEST, "model")
        raise Stop

    monkeypatch.setattr(training, "choose_facts", look)
    with pytest.raises(Stop):
        train(data, Settings())


@pytest.mark.requirement("G-09")
def test_with_too_few_cases_or_when_asked_every_fact_is_used(known: Labelled, data: Dataset) -> None:
    every = tuple(question.name for question in data.area.learned)
    few = choose_facts(known, FEWEST, carried="model", rare=20)

    assert few == FactsChosen(every, TOO_FEW, None)
    assert choose_facts(known, Asked(ALL), carried="model", rare=20) == FactsChosen(every, ALL, None)


@pytest.mark.parametrize(
    "asked", [Asked(keep=("boligform", "skostoerrelse")), Asked(keep=("navn",)), Asked("some")]
)
def test_what_cannot_be_asked_for_is_refused(data: Dataset, asked: Asked) -> None:
    with pytest.raises(TrainingRefused, match=r"skostoerrelse|navn|not 'some'"):
        checked(data.area, asked)
    with pytest.raises(TrainingRefused):
        train(data, Settings(facts=asked))


def test_what_is_kept_stands_once_and_in_declared_order(data: Dataset) -> None:
    asked = Asked(keep=("hjemmepleje", "diagnosegruppe", "hjemmepleje"))

    assert checked(data.area, asked).keep == ("diagnosegruppe", "hjemmepleje")


@pytest.fixture(scope="module")
def fewer(data: Dataset) -> Trained:
    """A version that uses eight of the facts, as if they had been found to do."""
    used = tuple(question.name for question in data.area.learned if question.name in EIGHT)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(training, "choose_facts", lambda *_, **__: FactsChosen(used, SMALLEST, dict(TOLD)))
        return train(data, Settings(seed=7))


@pytest.mark.requirement("G-09")
def test_a_version_has_the_chosen_facts_alone_and_says_why(fewer: Trained) -> None:
    artifact = fewer.artifact
    used = artifact.codebook.names

    assert set(used) == EIGHT
    assert set(artifact.manifest.weights) == EIGHT
    assert len(artifact.tables.singles) == artifact.background.shape[1] == len(EIGHT)
    said = artifact.manifest.config["facts_chosen"]
    assert (said["why"], said["used"]) == (SMALLEST, list(used))
    assert len(said["left_out"]) == len(artifact.area.learned) - len(EIGHT)
    beside = artifact.evaluation["proportion"]["beside_all"]
    assert (beside["facts"], beside["all"]) == (8, len(artifact.area.learned))
    assert beside["measured_on"] == artifact.evaluation["split"]["n_tested"]
    assert beside["behind"]["standard_error"] > 0


@pytest.mark.slow
def test_the_report_tells_it_or_that_there_were_too_few(trained: Trained, fewer: Trained) -> None:
    assert "for få sager" in proportion_chapter(trained.artifact, _table)
    chapter = proportion_chapter(fewer.artifact, _table)

    assert "Modellen bruger 8 af 25 oplysninger" in chapter
    assert "For 1 af 8" in chapter
    assert "−0,0010 til +0,0050" in chapter
    assert f"På {fewer.artifact.evaluation['split']['n_tested']} senere sager er den" in chapter
    assert "ikke bruger</h3>" in chapter


@pytest.mark.requirement("G-09")
def test_what_is_new_is_told_between_versions_with_different_facts(
    data: Dataset, known: Labelled, version: Artifact, fewer: Trained
) -> None:
    new = fewer.artifact
    report = rule_change(version, new, known)
    assert report is not None
    left_out = {each["name"]: each for each in report["facts"] if not each["used_now"]}
    changed = {each.name for each in changed_facts(report, version.area)}
    strongest = max(left_out.values(), key=lambda each: each["before"])
    note = release_note(version, new)
    moved = {each["name"]: each["sentence"] for each in facts_moved(version, new, known)}

    assert left_out.keys() == {question.name for question in new.codebook.left_out}
    assert (strongest["before"] >= MOVED) == (strongest["name"] in changed)
    assert f"bruger 8 af de {len(version.area.learned)} oplysninger" in note.text()
    assert all(each.shares.startswith("Bruges ikke mere.") for each in note.less if each.name in left_out)
    assert moved[strongest["name"]].endswith("bruges ikke i den nye version.")
    assert facts_moved(new, version, known)[0]["sentence"]
