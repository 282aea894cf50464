"""A model version from decided cases: refused or whole, and the same every time."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.artifact import Artifact, ArtifactRefused, load
from models.decided_case import DecidedCase
from models.evidence import Suggester
from models.facts import values
from models.instants import local_date
from models.labels import LabelRules
from training.dataset import Dataset
from training.labelled import labelled
from training.measures import Mean
from training.refitting import TIMES
from training.select import Scored, simplest, split_in_time
from training.settling import falls
from training.train import Settings, Trained, TrainingRefused, train, write

pytestmark = pytest.mark.slow


def _all(data: Dataset, **changes: object) -> Dataset:
    return replace(data, cases=tuple(replace(case, **changes) for case in data.cases))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"label_source": "legacy_robot"},
        {"label_source": "unknown"},
        {"arm": "control"},
        {"own_corrected_after_evidence": True},
    ],
    ids=["robot", "unknown", "control arm", "corrected after evidence"],
)
def test_a_level_that_is_no_label_is_never_learned_from(data: Dataset, changes: dict[str, object]) -> None:
    with pytest.raises(TrainingRefused, match="0 human-labelled cases"):
        train(_all(data, **changes), Settings())


def test_robots_stand_neither_among_the_learned_nor_among_the_similar_cases(
    data: Dataset, trained: Trained
) -> None:
    human = sum(case.label_source == "legacy_human" for case in data.cases)

    assert 0 < human < len(data.cases)
    assert trained.artifact.manifest.counts["labelled"] == human
    assert len(trained.artifact.reference) == human
    assert trained.artifact.evaluation["label_rules"]["robot_written"] > 0


def test_own_judgements_are_learned_from_and_decisions_that_followed_the_evidence_are_not(
    data: Dataset,
) -> None:
    shown = replace(
        data.cases[0], origin="skoen", arm="evidence", shown=True, own_level="basal", final_level="avanceret",
        reason_code="praksis", label_source="own_judgement", phase="pilot",
    )  # fmt: skip

    known, rules = labelled(data.area, (shown,))

    assert data.area.level_codes[known.level[0]] == "basal"
    assert rules == {"own_judgement": 1}


def test_a_level_that_was_never_given_is_refused(data: Dataset) -> None:
    with pytest.raises(TrainingRefused):
        train(_all(data, final_level="basal"), Settings())


def test_levels_that_a_rule_wrote_are_refused_whatever_the_file_says(data: Dataset) -> None:
    def by_rule(case: DecidedCase) -> DecidedCase:
        level = "basal" if case.facts["kontakttype"].value == "ambulant" else "avanceret"
        return replace(case, final_level=level, label_source="legacy_human")

    with pytest.raises(TrainingRefused, match=r"Kontakttype alene afgør niveauet.*label_source"):
        train(replace(data, cases=tuple(map(by_rule, data.cases))), Settings())


def test_a_change_of_practice_with_too_few_new_labels_is_refused_and_says_so(data: Dataset) -> None:
    late = local_date(data.cases[-30].decided_at)

    with pytest.raises(TrainingRefused, match=f"from {late.isoformat()} on, when practice changed"):
        train(data, Settings(labels=LabelRules(changed_on=late)))


def test_nothing_from_before_a_change_of_practice_is_in_the_version(data: Dataset) -> None:
    changed = local_date(data.cases[680].decided_at)

    made = train(data, Settings(rare=10, labels=LabelRules(changed_on=changed))).artifact

    assert made.manifest.data_window[0] >= changed
    assert made.manifest.config["labels"]["changed_on"] == changed.isoformat()
    assert len(made.reference) == made.manifest.counts["labelled"] < 230
    assert made.evaluation["label_rules"]["older_practice"] > 600


def test_few_cases_carry_similar_cases_and_no_model(data: Dataset) -> None:
    few = replace(data, cases=data.cases[:250])

    trained = train(few, Settings(rare=10))

    assert trained.artifact.manifest.config["carries"] == "similar_only"
    assert trained.chosen.candidate.name == "prior"
    assert not any(table.any() for table in trained.artifact.tables.singles)


def test_another_seed_gives_another_version(data: Dataset, tmp_path: Path) -> None:
    few = replace(data, cases=data.cases[:250])

    folders = [write(train(few, Settings(seed=seed, rare=10)), tmp_path) for seed in (7, 8)]

    (one, first), (other, second) = folders
    assert (one.name, first) != (other.name, second)
    assert load(one, first).manifest_hash == first


def test_a_damaged_version_is_not_written_over(trained: Trained, tmp_path: Path) -> None:
    folder, _ = write(trained, tmp_path)
    (folder / "golden.json").write_text("{}")

    with pytest.raises(ArtifactRefused, match="damaged"):
        write(trained, tmp_path)

    assert (folder / "golden.json").read_text() == "{}"


def test_writing_the_same_version_again_changes_nothing(trained: Trained, tmp_path: Path) -> None:
    folder, digest = write(trained, tmp_path)
    before = {path.name: path.stat().st_mtime_ns for path in folder.iterdir()}

    assert write(trained, tmp_path) == (folder, digest)
    assert {path.name: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_no_case_lies_on_both_sides_of_the_split(data: Dataset) -> None:
    known, _ = labelled(data.area, data.cases)

    split = split_in_time(known)

    assert max(case.decided_at for case in split.learned.cases) < split.at
    assert min(case.decided_at for case in split.tested.cases) == split.at
    assert len(split.learned) + len(split.tested) == len(known)


def test_the_simplest_within_one_standard_error_of_the_best_is_taken(trained: Trained) -> None:
    candidate = trained.chosen.candidate
    far, near, best = (Mean(0.10, 0.01), Mean(0.009, 0.01), Mean(0.0, 0.0))
    scored = [Scored(replace(candidate, name=name), Mean(0.5, 0.1), behind)
              for name, behind in (("prior", far), ("logistic", near), ("additive", best))]  # fmt: skip

    assert simplest(scored).candidate.name == "logistic"


def test_the_version_knows_what_promotion_asks(version: Artifact) -> None:
    evaluation = version.evaluation
    chosen = evaluation["chosen"]

    assert [each["name"] for each in evaluation["candidates"]] == [
        "prior",
        "logistic",
        "additive",
        "pairwise",
    ]
    assert chosen["log_loss"]["value"] < evaluation["prior"]["log_loss"]["value"]
    assert chosen["better_than_prior"]["value"] > chosen["better_than_prior"]["standard_error"] > 0
    assert (
        evaluation["split"]["n_learned"] + evaluation["split"]["n_tested"]
        == version.manifest.counts["labelled"]
    )
    assert {"python", "numpy", "scikit-learn", "shap"} <= set(version.manifest.libraries)
    assert version.manifest.config["data_sha256"]["history.csv"]


def test_the_version_in_use_is_measured_on_the_same_later_cases(data: Dataset, version: Artifact) -> None:
    evaluation = train(data, Settings(seed=7, against=version)).artifact.evaluation

    against = evaluation["against"]
    assert against["version"] == version.manifest.version
    assert against["manifest_hash"] == version.manifest_hash
    assert against["worse_than_active"] == {"value": 0.0, "standard_error": 0.0}
    assert against["n_it_learned_from"] == 0


def test_the_reference_cases_carry_no_identity(version: Artifact, data: Dataset) -> None:
    held = json.dumps(version.reference.to_json())

    assert not any(case.request_id in held for case in data.cases)
    assert len(set(version.reference.all_keys())) == len(version.reference)


def test_the_version_answers_for_learned_cases_and_is_silent_about_an_empty_one(
    version: Artifact, data: Dataset
) -> None:
    suggester = Suggester(version)
    answered = [suggester.suggest(values(case.facts), own_level="basal") for case in data.cases[:100]]

    assert sum(not evidence.abstained for evidence in answered) >= 80
    assert "too_incomplete" in suggester.suggest({}, own_level="basal").abstained


def test_ways_to_find_neighbours_are_compared_on_the_same_later_cases(version: Artifact) -> None:
    found = {each["name"]: each for each in version.evaluation["neighbours"]}

    choosable, yardsticks = ["profession", "both", "model"], ["equal", "shap_space", "score_space"]
    assert list(found) == choosable + yardsticks
    assert [name for name, each in found.items() if each["yardstick"]] == yardsticks
    assert version.manifest.config["weighing"] in choosable
    assert min(found[name]["behind_best"]["value"] for name in choosable) == 0.0
    assert all(0 < each["log_loss"]["value"] < 2 for each in found.values())


def test_the_version_knows_how_near_its_own_cases_lie(version: Artifact) -> None:
    nearest = version.manifest.nearest

    assert len(nearest) == 101
    assert nearest[0] <= version.manifest.thresholds.min_nearest + 0.1
    assert nearest[-1] <= 1


def test_thresholds_come_from_the_cases(version: Artifact) -> None:
    thresholds = version.manifest.thresholds

    assert thresholds.min_similar == 10
    assert 0.5 < thresholds.min_similarity <= thresholds.min_nearest < 1
    assert 0.3 < thresholds.max_missing_share < 0.9


def test_golden_rows_are_kept_as_they_came(version: Artifact) -> None:
    assert version.golden.codes.shape[0] == 20
    assert np.isfinite(version.golden.contributions).all()


def test_a_version_tells_what_lies_behind_each_of_its_values(data: Dataset, trained: Trained) -> None:
    made = trained.artifact
    cases = trained.artifact.evaluation["split"]["n_learned"]

    for counts in made.support.singles:
        assert abs(sum(counts) - cases) <= 5 * len(counts) + 20 * counts.count(0)
    for question, (table, counts) in enumerate(zip(made.tables.singles, made.support.singles, strict=True)):
        few = np.array(counts) == 0
        assert not table[:, few].any(), made.codebook.names[question]
        assert not made.refitted.singles[question][:, few].any(), "drawn often, few are few all the same"


def test_a_version_carries_itself_fitted_again_and_says_how_steady_it_is(trained: Trained) -> None:
    made, told = trained.artifact, trained.artifact.evaluation["steadiness"]

    assert told["refitted"] == TIMES[trained.chosen.candidate.name]
    assert len(made.refitted.classes) == told["refitted"] * len(made.tables.classes)
    assert 0 <= told["unsure"] <= 1
    assert -1 <= told["order"] <= 1
    assert told["told"] is None or told["told"] >= max(0.7, told["order"]), "what is told of an order holds"
    moved = np.ptp(np.stack([made.refitted.singles[0][1::2]]), axis=1)
    assert moved.max() > 0, "cases drawn anew give other values"


def test_more_limitation_of_function_never_lowers_the_level_of_any_case(trained: Trained) -> None:
    made = trained.artifact
    declared = [n for n, each in enumerate(made.codebook.codings) if each.question.never_lowers]

    assert len(declared) == 7
    assert all(falls(made.tables, question) < 1e-9 for question in declared)
