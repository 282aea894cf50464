"""A tool that learns from decisions made with it keeps an old bias alive; the label rules let it go."""

from collections.abc import Iterator

import pytest

from models import areas
from tests.training.biased_town import TOWN, Round, by_the_rules, naive, played

ROUNDS, OF_EACH_NEED, FOLLOW, SEED = 8, 40, 0.7, 1
KEPT, GONE = 0.05, 0.01
"""In levels: a gap that stays at round 4 when every decision is a label, and one that is none."""


@pytest.fixture(scope="module", autouse=True)
def town() -> Iterator[None]:
    """The area of the biased town, known while these tests run."""
    with areas.registered(TOWN):
        yield


@pytest.fixture(scope="module")
def taught_by_decisions() -> list[Round]:
    """The town when every final decision is learned from."""
    return played(naive, ROUNDS, OF_EACH_NEED, FOLLOW, SEED)


@pytest.fixture(scope="module")
def taught_by_the_rules() -> list[Round]:
    """The town when the product's label rules say what is learned from."""
    return played(by_the_rules, ROUNDS, OF_EACH_NEED, FOLLOW, SEED)


def test_every_decision_as_a_label_keeps_the_old_bias(taught_by_decisions: list[Round]) -> None:
    gaps = [each.gap for each in taught_by_decisions]

    assert gaps[3] is not None
    assert gaps[3] <= -KEPT
    assert max(gap or 0 for gap in gaps) <= -KEPT


@pytest.mark.requirement("G-31")
def test_the_label_rules_let_it_go(taught_by_the_rules: list[Round]) -> None:
    gaps = [each.gap for each in taught_by_the_rules]

    assert (
        gaps[0] is None
    )  # after a change of practice there is nothing to learn from yet, and nothing is shown
    assert all(gap is not None and abs(gap) < GONE for gap in gaps[3:])


def test_with_the_rules_the_tool_is_never_worse_than_none(taught_by_the_rules: list[Round]) -> None:
    for each in taught_by_the_rules:
        for better, error in (each.better, each.better_for_group):
            assert better >= -1.96 * error


def test_agreement_and_the_mean_hide_what_the_old_bias_does_to_the_group(
    taught_by_decisions: list[Round],
) -> None:
    for each in taught_by_decisions:
        better, error = each.better_for_group
        assert each.agreement > 0.9
        assert each.better[0] > 0
        assert better < -1.96 * error
