"""How far contributions move under refitted models, and what a fact of uncertain direction may say."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import artifact as artifacts
from models.artifact import Artifact, ArtifactRefused
from models.evidence import Suggester
from models.explanation import order_sentence
from models.stability import STUDENT_90, Stability, ranks_of, reach_of, side_by_side
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

    def test_their_order_is_said_to_say_nothing(self, shaken: Suggester) -> None:
        tables = shaken.artifact.tables
        louder = replace(
            tables,
            base=10 * tables.base,
            singles=tuple(10 * each for each in tables.singles),
            pairs={pair: 10 * each for pair, each in tables.pairs.items()},
        )
        mixed = replace(shaken.artifact, refitted=side_by_side([tables, louder] * 3))
        pulls = ask(Suggester(mixed)).payload()["contributions"]
        assert {item["rank"] for item in pulls["items"]} == {1}
        assert pulls["order_sentence"].startswith("Rækkefølgen siger ikke noget")
        names = [item["question"] for item in pulls["items"]]
        assert names == [name for name in shaken._book.names if name in names], "in declared order"

    def test_the_interval_lies_around_the_pull_itself(self, shaken: Suggester) -> None:
        evidence = ask(shaken)
        assert evidence.contributions is not None
        for item in evidence.contributions.items:
            low, high = item.interval
            assert (low + high) / 2 == pytest.approx(item.log_odds)
            assert item.certain == (low * high > 0)


class TestRanks:
    """What is told of an order holds in the refitted models; the rest has no order."""

    @settings(max_examples=50, deadline=None)
    @given(st.integers(1, 5), st.integers(2, 31), st.floats(0, 2), st.integers(0, 2**31))
    def test_a_rank_parts_what_is_surely_stronger_from_what_is_not(
        self, count: int, models: int, noise: float, seed: int
    ) -> None:
        chance = np.random.default_rng(seed)
        own = np.sort(chance.exponential(size=count))[::-1] * chance.choice((-1, 1), count)
        again = own + noise * chance.normal(size=(models, count))
        ranks = ranks_of(own, again)

        assert ranks[0] == 1
        assert ranks == sorted(ranks)
        for place in range(1, count):
            apart = [
                abs(own[one]) - abs(own[other]) > reach_of(abs(again[:, one]) - abs(again[:, other]))
                for one in range(place)
                for other in range(place, count)
            ]
            assert (ranks[place] == place + 1) == all(apart)
            assert ranks[place] in (place + 1, ranks[place - 1])

    def test_models_that_agree_give_every_fact_its_rank(self) -> None:
        own = np.array([3.0, -2.0, 1.0])
        assert ranks_of(own, np.stack([own, own])) == [1, 2, 3]

    @pytest.mark.requirement("G-27")
    def test_a_settled_order_needs_no_sentence(self, version: Artifact) -> None:
        settled = Suggester(replace(version, refitted=side_by_side([version.tables] * 3)))
        pulls = ask(settled).payload()["contributions"]
        assert [item["rank"] for item in pulls["items"]] == list(range(1, len(pulls["items"]) + 1))
        assert pulls["order_sentence"] == ""

    def test_what_is_sure_of_an_order_is_told_in_groups(self, suggester: Suggester) -> None:
        pull = ask(suggester).contributions
        assert pull is not None
        first, *rest = pull.items[:4]
        grouped = replace(pull, items=(first, *(replace(item, rank=2) for item in rest)))
        names = [item.question.label.lower() for item in pull.items[:4]]
        assert order_sentence(grouped) == (
            f"Kun denne rækkefølge er sikker: {names[0]}; derefter {names[1]}, {names[2]} og {names[3]}."
        )
        assert order_sentence(replace(pull, items=())) == ""
