"""Measuring, comparing, reporting and explaining versions."""

import re
from collections.abc import Collection
from dataclasses import replace
from html import escape, unescape

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.artifact import Artifact, load
from models.recognisable import Crowd
from models.record import DecidedCase
from models.shapes import shapes_of
from models.tables import shapley
from training.compare import CannotCompare, compare
from training.dataset import Dataset
from training.evaluate import NothingToTest, evaluate
from training.explain import NoSuchCase, case_named, explain
from training.measures import calibration, calibration_error, losses, wilson
from training.readiness import readiness
from training.report import report
from training.report_swarm import swarms_of
from training.train import Settings, train, write

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def other(data: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    """Another version, from another seed and coarser codes."""
    folder, _ = write(train(data, Settings(seed=8, rare=60)), tmp_path_factory.mktemp("other"))
    return load(folder)


def test_a_version_is_not_measured_on_cases_it_learned_from(data: Dataset, version: Artifact) -> None:
    with pytest.raises(NothingToTest, match="had stopped learning"):
        evaluate(version, replace(data, cases=data.cases[:300]))


def test_two_versions_are_not_compared_on_a_handful_of_cases(
    data: Dataset, version: Artifact, other: Artifact
) -> None:
    with pytest.raises(NothingToTest, match="at least 30"):
        compare(version, other, replace(data, cases=data.cases[:-150]), seed=1)


def test_two_versions_are_not_compared_without_the_cases_that_the_yardstick_learns_from(
    data: Dataset, version: Artifact, other: Artifact
) -> None:
    with pytest.raises(NothingToTest, match="give the history as well"):
        compare(version, other, replace(data, cases=data.cases[-100:]), seed=1)


def test_versions_of_different_areas_are_not_compared(data: Dataset, version: Artifact) -> None:
    foreign = replace(version, codebook=replace(version.codebook, area=replace(version.area, name="andet")))

    with pytest.raises(CannotCompare):
        compare(version, foreign, data, seed=1)


def test_an_unknown_case_is_not_explained(data: Dataset) -> None:
    with pytest.raises(NoSuchCase, match="no case nobody"):
        case_named(data, "nobody")


def test_measuring_again_gives_what_the_version_knows_of_itself(data: Dataset, version: Artifact) -> None:
    found = evaluate(version, data)

    assert found["model"]["log_loss"] == version.evaluation["chosen"]["log_loss"]
    assert found["baselines"]["prior"]["log_loss"] == version.evaluation["prior"]["log_loss"]
    assert found["control_arm"] == {"n": 0}


def test_the_control_arm_is_measured_and_not_learned_from(data: Dataset, version: Artifact) -> None:
    control = tuple(
        replace(case, request_id=f"c{row}", origin="skoen", arm="control", own_level=case.final_level,
                label_source="control_arm")
        for row, case in enumerate(data.cases[-40:])
        if case.label_source == "legacy_human"
    )  # fmt: skip

    found = evaluate(version, replace(data, cases=(*data.cases, *control)))

    assert found["control_arm"]["n"] == len(control)
    assert found["label_rules"]["control_arm"] == len(control)
    assert found["model"]["n"] == version.evaluation["split"]["n_tested"]


def test_versions_stand_side_by_side_with_the_prior_and_the_yardstick(
    data: Dataset, version: Artifact, other: Artifact
) -> None:
    found = compare(version, other, data, seed=1)

    assert [each["name"] for each in found["models"]] == [
        version.manifest.version, other.manifest.version, "Kun andelene", "Målestok: ubegrænset boosting",
    ]  # fmt: skip
    assert found["verdict"] in ("no_clear_difference", "a_is_better", "b_is_better")
    assert all(
        re.search(r"vejer (mere|mindre|omtrent det samme)", each["sentence"]) for each in found["facts"]
    )
    assert sum(each["a"] for each in found["facts"]) == pytest.approx(1, abs=0.01)


def test_a_version_differs_from_itself_in_nothing(data: Dataset, version: Artifact) -> None:
    found = compare(version, version, data, seed=1)

    assert found["verdict"] == "no_clear_difference"
    assert found["better"] == {"value": 0.0, "standard_error": 0.0}


def test_a_case_is_explained_by_shap_and_by_us_alike(data: Dataset, version: Artifact) -> None:
    found = explain(version, data.cases[3])

    assert found["largest_difference"] < 1e-9
    assert found["base"] + sum(each["ours"] for each in found["contributions"]) == pytest.approx(
        found["score"]
    )
    assert found["base"] == pytest.approx(found["shap_base"])
    assert all(each["reach"] > 0 for each in found["contributions"] if each["ours"])


def test_the_report_names_every_rule_in_danish_and_the_version_it_was_measured_against(
    version: Artifact,
) -> None:
    by_reason = {"own_judgement": 7, "decision_borgerens_maal": 2}
    against = {
        "version": "den-forrige", "log_loss": {"value": 0.3, "standard_error": 0.01}, "n": 160,
        "worse_than_active": {"value": -0.02, "standard_error": 0.004}, "n_it_learned_from": 3,
    }  # fmt: skip
    page = report(
        replace(version, evaluation=version.evaluation | {"label_rules": by_reason, "against": against})
    )

    assert "Beslutningen, hvor der blev lagt mest vægt på: Borgerens mål og ønsker" in page
    assert "I brug, da den blev lavet: den-forrige" in page
    assert "decision_" not in page
    assert "som var i brug:</strong> bedre. Forskel i log-tab på de samme 160 sager: −0,0200" in page
    assert "havde selv lært af 3 af dem" in page


def test_the_report_shows_every_way_to_find_similar_cases_and_which_was_chosen(version: Artifact) -> None:
    page = report(version)

    assert all(each["label"] in page for each in version.evaluation["neighbours"])
    chosen = {each["name"]: each["label"] for each in version.evaluation["neighbours"]}
    assert f"{chosen[version.manifest.config['weighing']]} (valgt)" in page


def test_the_report_refers_to_nothing_outside_itself(version: Artifact) -> None:
    page = report(version)
    assert page == report(version), "drawn again, it is the same page"
    assert "<img" not in page

    assert not re.search(r'https?:|//|src=|href="[^#]|url\(|<script|@import', page)
    assert '<html lang="da">' in page
    assert "Ikke prøvet for skævhed endnu" in page


def test_the_swarm_shows_the_exact_pull_of_every_case_it_shows(version: Artifact) -> None:
    swarms = swarms_of(version)
    order = [each.mean for each in swarms]
    explainer = shapley(version.tables, version.background)
    codes = version.reference.codes.codes_of(np.arange(len(version.reference))).T
    every = explainer.contributions_many(codes)
    pulls = every[:, -1] - every[:, 0]

    assert order == sorted(order, reverse=True)
    for each in swarms:
        q = [coding.question.label for coding in version.codebook.codings].index(each.label)
        assert set(each.pulls.tolist()) <= set(pulls[:, q].tolist())
    dots = sum(path.count("M") for path in re.findall(r'<path d="([^"]+)"', report(version)))
    assert dots == sum(len(each.pulls) for each in swarms)


def test_levels_that_differ_are_counted_and_add_up(version: Artifact) -> None:
    told = version.evaluation["chosen"]
    right = sum(told["confusion"][k][k] for k in range(len(told["confusion"])))

    assert sum(map(sum, told["confusion"])) == told["n"]
    assert right / told["n"] == pytest.approx(told["accuracy"]["value"], abs=1e-4)
    assert f"Mennesket: {version.area.levels[0].label.lower()}" in report(version)


def test_the_surest_misses_are_told_without_what_could_tell_who_it_is(version: Artifact) -> None:
    page = report(version)
    chapter = page.partition("Hvor er den mest uenig med mennesket?</h2>")[2].partition("</table>")[0]
    book, columns = version.codebook, []
    for name in version.area.recognisable:
        if name in book.names:
            columns.append(book.names.index(name))
    crowd = Crowd(version.reference.codes, tuple(columns))

    cells = re.findall(r"<tr><td>[^<]+</td><td>[^<]+</td><td>\d+ %</td><td>([^<]+)</td></tr>", chapter)
    assert 0 < len(cells) <= 5
    for cell in cells:
        told = dict(part.split(": ", 1) for part in unescape(cell).split("; "))
        same = {
            q: book.code_labels(book.names[q]).index(told[book.codings[q].question.label])
            for q in columns
            if told.get(book.codings[q].question.label, "vises ikke") != "vises ikke"
        }
        assert crowd.size(same, {}) >= 5


def test_the_report_lays_every_table_open_as_a_told_drawing_and_as_numbers(version: Artifact) -> None:
    page = report(version)
    drawn = [shape for shape in shapes_of(version) if shape.size]

    drawings = re.findall(r'<svg [^>]*role="img" aria-labelledby="(\S+) (\S+)">', page)
    assert len(drawings) == 2 + len(drawn) + min(12, len(version.tables.pairs)) > 5
    assert all(f'<title id="{title}">' in page and f'<desc id="{told}">' in page for title, told in drawings)
    for shape in drawn:
        chapter = page.partition(f"<h3>{escape(shape.question.label)}</h3>")[2].partition("<h3>")[0]
        rows = re.findall(r'<tr><th scope="row">([^<]+)</th>.*?<td class="n">([^<]+)</td></tr>', chapter)
        assert [label for label, _ in rows] == [escape(value.label) for value in shape.values]
        assert [cases == "under 20" for _, cases in rows] == [value.cases == 0 for value in shape.values]
        assert all(escape(name) in chapter for name in shape.merged)
    assert "Falder aldrig: Omfanget af funktionsnedsættelsen" in page


def test_records_say_what_they_can_carry(data: Dataset) -> None:
    found = readiness(data)
    thin = readiness(replace(data, cases=data.cases[:60]))

    assert found["carries"] == "model"
    assert thin["carries"] == "nothing"
    assert {each["name"] for each in found["facts"]} == {question.name for question in data.area.learned}
    basal = found["levels"][0]
    assert basal["robot"] > 0
    assert basal["learned_from"] == basal["human"]
    assert found["missing"] == {"model": [], "similar_only": []}
    assert {each["what"] for each in thin["missing"]["model"]} == {"cases", "level"}
    assert thin["learning_curve"] is None
    curve = found["learning_curve"]
    cases = [each["cases"] for each in curve["points"]]
    assert cases == sorted(cases)
    assert cases[-1] + curve["tested"] == found["human_labelled"]
    first, last = (curve["points"][place]["log_loss"]["value"] for place in (0, -1))
    assert last < first


def knowing(data: Dataset, names: Collection[str]) -> Dataset:
    """The same cases with some facts alone."""

    def some(case: DecidedCase) -> DecidedCase:
        facts = {
            name: fact if name in names else replace(fact, value=None) for name, fact in case.facts.items()
        }
        return replace(case, facts=facts)

    return replace(data, cases=tuple(map(some, data.cases)))


def test_records_without_what_a_visitator_reads_carry_nothing(data: Dataset) -> None:
    found = readiness(knowing(data, ("diagnosegruppe", "hjemmepleje")))

    assert found["carries"] == "nothing"
    assert {(each["what"], each["name"]) for each in found["missing"]["similar_only"]} == {
        ("facts", ""),
        ("fact", "funktionstab"),
    }


@pytest.mark.parametrize(("lost", "carried"), [((), "similar_only"), (("funktionstab",), "nothing")])
def test_coded_facts_carry_similar_cases_if_need_is_among_them(
    data: Dataset, lost: tuple[str, ...], carried: str
) -> None:
    coded = {each.name for each in data.area.questions if not each.read_from_text} - set(lost)

    assert readiness(knowing(data, coded))["carries"] == carried


@given(st.integers(0, 500), st.integers(1, 500))
def test_an_interval_holds_the_share_and_lies_between_nothing_and_everything(count: int, n: int) -> None:
    count = min(count, n)

    low, high = wilson(count, n)

    assert 0 <= low <= count / n + 1e-4
    assert count / n - 1e-4 <= high <= 1


def test_a_forecast_that_says_what_is_so_is_calibrated() -> None:
    rng = np.random.default_rng(0)
    share = rng.random(20_000)
    level = (rng.random(20_000) < share).astype(np.int64)
    shares = np.column_stack([1 - share, share])

    assert calibration_error(calibration(shares, level)) < 0.015
    assert losses(shares, level).mean() == pytest.approx(0.5, abs=0.01)
