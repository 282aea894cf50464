"""Nearest cases against brute force, and the laws of a likeness."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.similarity import Similarity
from tests.models.workbench import random_codes, repair_codebook

BOOK = repair_codebook()
TABLES = [BOOK.distance_table(name) for name in BOOK.names]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[np.ndarray, list[float], np.ndarray]:
    """Reference codes (n, Q) with many ties, weights, and a query."""
    seed = draw(st.integers(0, 2**32 - 1))
    codes = random_codes(BOOK, draw(st.integers(1, 60)), seed)
    codes = np.concatenate([codes, codes[: draw(st.integers(0, len(codes)))]])
    weights = draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=7, max_size=7).filter(any))
    return codes, weights, random_codes(BOOK, 1, seed + 1)[0]


def likeness(one: np.ndarray, another: np.ndarray, weights: list[float]) -> float:
    """The definition, question by question."""
    apart = sum(w * t[a, b] for w, t, a, b in zip(weights, TABLES, one, another, strict=True))
    return 1 - apart / sum(weights)


@settings(deadline=None)
@given(worlds(), st.integers(1, 25), st.data())
def test_the_nearest_are_those_of_brute_force(
    world: tuple[np.ndarray, list[float], np.ndarray], k: int, data: st.DataObject
) -> None:
    codes, weights, query = world
    allowed = np.array(data.draw(st.lists(st.booleans(), min_size=len(codes), max_size=len(codes))))
    scan = Similarity(np.ascontiguousarray(codes.T), TABLES, weights).scan(query)
    found = scan.nearest(k, allowed).tolist()
    apart = [round(1 - likeness(query, row, weights), 12) for row in codes]
    by_hand = sorted(np.flatnonzero(allowed).tolist(), key=lambda row: (apart[row], row))[:k]
    assert found == by_hand
    for row in found:
        assert scan.similarity(row) == pytest.approx(likeness(query, codes[row], weights), abs=1e-12)
        assert 0 <= scan.similarity(row) <= 1
        assert scan.rank(row, allowed) == found.index(row) + 1


@given(worlds())
def test_a_case_is_wholly_like_itself_and_likeness_goes_both_ways(
    world: tuple[np.ndarray, list[float], np.ndarray],
) -> None:
    codes, weights, query = world
    columns = np.ascontiguousarray(np.stack([query, codes[0]]).T)
    similarity = Similarity(columns, TABLES, weights)
    assert similarity.scan(query).similarity(0) == 1.0
    there = similarity.scan(query).similarity(1)
    back = similarity.scan(codes[0]).similarity(0)
    assert there == back


@pytest.mark.requirement("F-04")
@settings(deadline=None)
@given(worlds(), st.data())
def test_leaving_cases_out_never_changes_the_order_of_the_others(
    world: tuple[np.ndarray, list[float], np.ndarray], data: st.DataObject
) -> None:
    codes, weights, query = world
    scan = Similarity(np.ascontiguousarray(codes.T), TABLES, weights).scan(query)
    everyone = scan.nearest(len(codes), np.ones(len(codes), dtype=bool)).tolist()
    out = data.draw(st.sets(st.integers(0, len(codes) - 1)))
    allowed = np.array([row not in out for row in range(len(codes))])
    assert scan.nearest(len(codes), allowed).tolist() == [row for row in everyone if row not in out]


def test_equal_cases_stand_in_the_order_of_the_reference() -> None:
    codes = np.repeat(random_codes(BOOK, 1, 1), 9, axis=0)
    scan = Similarity(np.ascontiguousarray(codes.T), TABLES, [1.0] * 7).scan(codes[0])
    assert scan.nearest(4, np.ones(9, dtype=bool)).tolist() == [0, 1, 2, 3]


def test_parts_tell_each_questions_distance() -> None:
    codes = random_codes(BOOK, 5, 2)
    similarity = Similarity(np.ascontiguousarray(codes.T), TABLES, [1.0] * 7)
    parts = similarity.parts(codes[0], 3)
    assert parts.tolist() == [table[a, b] for table, a, b in zip(TABLES, codes[0], codes[3], strict=True)]


@pytest.mark.parametrize(
    "weights", [[0.0] * 7, [1.0] * 6, [-1.0, *[1.0] * 6]], ids=["none", "few", "negative"]
)
def test_weights_that_weigh_nothing_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weight"):
        Similarity(random_codes(BOOK, 3, 1).T, TABLES, weights)


def test_sums_that_are_equal_on_paper_are_equal_here() -> None:
    table = np.array([[0.0, 1.0], [1.0, 0.0]])
    columns = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.uint8)  # 0.1 + 0.2 apart, and 0.3 apart
    scan = Similarity(columns, [table] * 3, [0.1, 0.2, 0.3]).scan(np.zeros(3, dtype=np.uint8))
    assert scan.distances[0] == scan.distances[1]
