"""How far contributions move under refitted models, and what a fact of uncertain direction may say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import artifact as artifacts
from models.artifact import Artifact, ArtifactRefused
from models.evidence import Suggester
from models.stability import STUDENT_90, Stability, side_by_side
from models.tables import ScoreTables, shapley
from tests.models.questions import ask
from tests.models.workbench import random_tables

SIZES = (3, 4, 2)
LEVELS = ("lav", "hoej", "hoejest")


def refits(count: int, seed: int) -> list[ScoreTables]:
    """Models that differ in everything, also in which pairs they have."""
    pairs = (((0, 1),), ((0, 1), (1, 2)), ())
    return [random_tables(LEVELS, SIZES, pairs[n % 3], seed + n) for n in range(count)]


@settings(max_examples=25, deadline=None)
@given(st.integers(2, 31), st.integers(0, 2**31))
def test_reach_is_students_t_times_the_spread_over_the_models(count: int, seed: int) -> None:
    models = refits(count, seed)
    rows = np.random.default_rng(seed).integers(0, SIZES, size=(6, 3)).astype(np.uint8)
    one_by_one = np.stack([shapley(each, rows).contributions(rows[0])[0] for each in models])
    pulls = one_by_one[:, 2] - one_by_one[:, 0]

    stability = Stability(side_by_side(models), LEVELS, rows)

    assert np.abs(stability.contributions_many(rows[:1])[0] - one_by_one).max() < 1e-9
    expected = STUDENT_90[count - 2] * pulls.std(axis=0, ddof=1)
    assert stability.reach(rows[0], 0, 2) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("count", [0, 1, 32])
def test_too_few_or_too_many_models_say_nothing(count: int) -> None:
    with pytest.raises(ValueError, match="refitted"):
        side_by_side(refits(count, 1))


def test_refitted_models_that_do_not_fit_are_refused(version: Artifact) -> None:
    other = side_by_side(refits(3, 1))
    renamed = replace(version.refitted, classes=tuple(f"x{name}" for name in version.refitted.classes))
    for wrong in (other, renamed, version.tables):
        with pytest.raises(ArtifactRefused, match="refitted"):
            artifacts._check_parts(replace(version, refitted=wrong))


@pytest.fixture(scope="module")
def shaken(version: Artifact) -> Suggester:
    """The small model with refits in which every table points the other way half of the time."""
    turned = ScoreTables(
        version.tables.classes, -version.tables.base,
        tuple(-table for table in version.tables.singles),
        {pair: -table for pair, table in version.tables.pairs.items()},
    )  # fmt: skip
    return Suggester(replace(version, refitted=side_by_side([version.tables, turned] * 3)))


class TestUncertainDirection:
    """A fact whose direction another draw of cases would turn is in no sentence."""

    def test_it_has_no_sentence_and_is_named_as_unsure(self, shaken: Suggester) -> None:
        pulls = ask(shaken).payload()["contributions"]
        assert len(pulls["items"]) == 5
        for item in pulls["items"]:
            low, high = map(float, item["interval"])
            assert low < 0 < high
            assert not item["certain"]
            assert item["sentence"] == ""
            assert item["label"].lower() in pulls["unsure_sentence"]
        assert "ingen oplysninger, som trækker tydeligt" in pulls["sentence"]

    def test_one_that_holds_in_every_model_is_told(self, suggester: Suggester) -> None:
        pulls = ask(suggester).payload()["contributions"]
        assert all(item["certain"] and item["sentence"] for item in pulls["items"])
        assert pulls["unsure_sentence"] == ""

    def test_the_interval_lies_around_the_pull_itself(self, shaken: Suggester) -> None:
        evidence = ask(shaken)
        assert evidence.contributions is not None
        for item in evidence.contributions.items:
            low, high = item.interval
            assert (low + high) / 2 == pytest.approx(item.log_odds)
            assert item.certain == (low * high > 0)
