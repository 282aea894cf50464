"""Counts behind a model's values: rounded, and none under twenty."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import artifact as artifacts
from models.artifact import Artifact, ArtifactRefused
from models.support import Counted, Support

SIZES = (3, 2)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=1, max_size=200))
def test_what_is_told_is_near_the_count_or_nothing(rows: list[tuple[int, int]]) -> None:
    codes = np.array(rows, dtype=np.uint8)
    exact = Counted.of(SIZES, codes, ((0, 1),))
    assert sum(exact.singles[0]) == exact.pairs[0, 1].sum() == len(rows)

    told = Support.of(exact)

    for counts, shown in zip(exact.singles, told.singles, strict=True):
        for count, number in zip(counts, shown, strict=True):
            assert number == 0 if count < 20 else number % 10 == 0 and abs(number - count) <= 5
    for q in range(3):
        for r in range(2):
            assert (told.pairs[0, 1][q][r] == 0) == (exact.pairs[0, 1][q, r] < 20)
    assert Support.from_json(told.to_json()) == told


@pytest.mark.parametrize("count", [1, 19, 10, 25, -20])
def test_a_small_or_exact_count_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match="count"):
        Support(((20, count),), {})


@pytest.mark.parametrize(
    "change",
    [
        lambda told: replace(told, singles=told.singles[1:]),
        lambda told: replace(told, pairs={}),
        lambda told: replace(told, pairs={pair: rows[1:] for pair, rows in told.pairs.items()}),
    ],
    ids=["questions", "pairs", "cells"],
)
def test_counts_of_other_tables_are_refused(version: Artifact, change) -> None:
    with pytest.raises(ArtifactRefused, match="counts"):
        artifacts._check_parts(replace(version, support=change(version.support)))
