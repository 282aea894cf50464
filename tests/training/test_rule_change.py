"""The report of changes: nothing in a version beside itself, and a fact made to weigh more, or turned."""

from dataclasses import replace

import numpy as np
import pytest

from models.artifact import Artifact
from models.rule_change import changed_facts
from models.tables import ScoreTables
from training.dataset import Dataset
from training.evaluate import rules_in
from training.labelled import Labelled, labelled
from training.pulls import Pulls, in_order_of
from training.rule_change import rule_change

FACT = "funk_mobilitet"


@pytest.fixture(scope="module")
def later(data: Dataset, version: Artifact) -> Labelled:
    """Cases that both versions are read on."""
    return labelled(data.area, data.cases, rules_in(version))[0]


def weighing(version: Artifact, factor: float) -> Artifact:
    """The version with one fact weighing so many times what it did, in its refitted models too."""

    def tilted(tables: ScoreTables) -> ScoreTables:
        place = version.codebook.names.index(FACT)
        singles = [np.array(each) for each in tables.singles]
        singles[place] = singles[place] * factor
        return ScoreTables(tables.classes, tables.base, tuple(singles), tables.pairs)

    return replace(version, tables=tilted(version.tables), refitted=tilted(version.refitted))


def test_a_version_beside_itself_has_changed_nothing(version: Artifact, later: Labelled) -> None:
    report = rule_change(version, version, later)

    assert report is not None
    assert report["manifest_hash"] == version.manifest_hash
    assert changed_facts(report, version.area) == ()
    assert sum(each["now"] for each in report["facts"]) == pytest.approx(1, abs=0.01)
    assert rule_change(None, version, later) is None


@pytest.mark.requirement("SK-15")
@pytest.mark.parametrize(("factor", "turned"), [(6.0, False), (-6.0, True)])
def test_a_fact_that_weighs_otherwise_is_found_and_its_direction_told(
    version: Artifact, later: Labelled, factor: float, turned: bool
) -> None:
    report = rule_change(version, weighing(version, factor), later)
    found = {each.name: each for each in changed_facts(report, version.area)}

    assert FACT in found
    assert found[FACT].now > found[FACT].before + 0.05
    assert found[FACT].turned is turned


@pytest.mark.requirement("SK-15")
def test_a_version_beside_itself_is_explained_the_same(version: Artifact, later: Labelled) -> None:
    report = rule_change(version, version, later)

    assert report is not None
    alike = report["alike"]
    assert alike["level"]["share"] == alike["strongest"]["value"] == 1
    assert alike["level"]["interval"][0] > 0.95
    assert alike["order"]["value"] == pytest.approx(1, abs=0.02), "but for facts that pull the same"
    assert 0 < alike["strongest"]["fitted_again"] < 1
    assert alike["order"]["fitted_again"] == pytest.approx(
        version.evaluation["steadiness"]["order"], abs=0.15
    ), "as training told of the same models, on other cases"


def test_another_explanation_is_told_beside_what_chance_gives(version: Artifact, later: Labelled) -> None:
    report = rule_change(version, weighing(version, 40.0), later)

    assert report is not None
    alike = report["alike"]
    assert alike["strongest"]["value"] < alike["strongest"]["fitted_again"]
    assert alike["order"]["value"] < 1
    assert alike["level"]["share"] < 1


def test_a_fact_that_one_version_does_not_know_is_no_pull_there(version: Artifact, later: Labelled) -> None:
    now = Pulls(version, later)
    fewer = Pulls(version, later)
    fewer.names, fewer.up = now.names[1:], now.up[:, 1:]

    back = in_order_of(now.names, fewer)

    assert np.array_equal(back[:, 1:], now.up[:, 1:])
    assert not back[:, 0].any()
    assert in_order_of(fewer.names, now).shape == now.up.shape, "what only the new one knows stands last"
