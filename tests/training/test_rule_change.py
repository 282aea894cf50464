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
