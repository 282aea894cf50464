"""Nearest cases against brute force in every engine, and the laws of a likeness."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.engines import Engine, NumpyEngine, engines
from models.masks import Mask
from models.packing import Packed
from models.similarity import Similarity
from tests.models.workbench import random_codes, repair_codebook

BOOK = repair_codebook()
TABLES = [BOOK.distance_table(name) for name in BOOK.names]
ENGINES = engines()


@st.composite
def worlds(draw: st.DrawFn, most: int = 60) -> tuple[np.ndarray, list[float], np.ndarray]:
    """Reference codes (n, Q) with many ties, weights, and a query."""
    seed = draw(st.integers(0, 2**32 - 1))
    codes = random_codes(BOOK, draw(st.integers(1, most)), seed)
    codes = np.concatenate([codes, codes[: draw(st.integers(0, len(codes)))]])
    weights = draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, 3.0]), min_size=7, max_size=7).filter(any))
    return codes, weights, random_codes(BOOK, 1, seed + 1)[0]


def asked(codes: np.ndarray, weights: list[float], engine: Engine | None = None) -> Similarity:
    """The similarity over reference codes (n, Q)."""
    return Similarity(Packed.of(codes.T, BOOK.sizes), TABLES, weights, engine)


def apart(one: np.ndarray, another: np.ndarray, weights: list[float]) -> float:
    """The definition, question by question, in float64."""
    total = sum(w * t[a, b] for w, t, a, b in zip(weights, TABLES, one, another, strict=True))
    return round(total / sum(weights), 12)


@settings(deadline=None, max_examples=50)
@given(worlds(most=700), st.integers(1, 25), st.sampled_from([1.0, 0.5, 0.02, 0.0]), st.integers(0, 2**32))
def test_every_engine_finds_the_nearest_of_brute_force_in_its_order(
    world: tuple[np.ndarray, list[float], np.ndarray], k: int, share: float, seed: int
) -> None:
    codes, weights, query = world
    chosen = np.random.default_rng(seed).random(len(codes)) < share
    distances = [apart(query, row, weights) for row in codes]
    by_hand = sorted(np.flatnonzero(chosen).tolist(), key=lambda row: (distances[row], row))
    for engine in ENGINES:
        scan = asked(codes, weights, engine).scan(query)
        rows, found = scan.nearest(k, Mask.of(chosen))
        assert rows.tolist() == by_hand[:k], engine.name
        assert found.tolist() == pytest.approx([distances[row] for row in rows], abs=1e-12)
        for place in {0, len(by_hand) // 2, len(by_hand) - 1} if by_hand else ():
            row, level = by_hand[place], asked(codes, weights, engine)
            at = float(level.distances(query, np.array([by_hand[place]]))[0])
            assert scan.rank(row, at, Mask.of(chosen)) == place + 1, engine.name


def test_an_engine_that_left_one_out_would_be_noticed() -> None:
    class Careless(NumpyEngine):
        def nearest(self, *asked_of: object) -> np.ndarray:
            return super().nearest(*asked_of)[1:]  # type: ignore[arg-type]

    codes, everyone = random_codes(BOOK, 40, 3), Mask.everyone(40)
    right = asked(codes, [1.0] * 7).scan(codes[0]).nearest(40, everyone)[0]
    assert (
        asked(codes, [1.0] * 7, Careless()).scan(codes[0]).nearest(40, everyone)[0].tolist() != right.tolist()
    )


@pytest.mark.parametrize("order", ["farthest first", "nearest first", "all alike"])
def test_no_order_of_the_reference_changes_what_is_found(order: str) -> None:
    """Beyond a block of the compiled scan and of NumPy, and beyond what the compiled scan keeps at first."""
    codes, weights = random_codes(BOOK, 70_000, 4), [2.0, 3.0, 1.0, 0.5, 1.0, 0.5, 1.0]
    query = random_codes(BOOK, 1, 5)[0]
    exact = asked(codes, weights).distances(query, np.arange(len(codes)))
    by_distance = np.argsort(exact, kind="stable")
    codes = {
        "farthest first": codes[by_distance[::-1]],
        "nearest first": codes[by_distance],
        "all alike": np.tile(codes[:1], (len(codes), 1)),
    }[order]
    exact = asked(codes, weights).distances(query, np.arange(len(codes)))
    allowed = np.random.default_rng(6).random(len(codes)) < 0.7
    expected = [row for row in np.lexsort((np.arange(len(codes)), exact)) if allowed[row]]
    for engine in ENGINES:
        scan = asked(codes, weights, engine).scan(query)
        rows, distances = scan.nearest(25, Mask.of(allowed))
        assert rows.tolist() == expected[:25], engine.name
        assert distances.tolist() == exact[expected[:25]].tolist()
        far = int(expected[40_000])
        assert scan.rank(far, float(exact[far]), Mask.of(allowed)) == 40_001


@given(worlds())
def test_a_case_is_wholly_like_itself_and_likeness_goes_both_ways(
    world: tuple[np.ndarray, list[float], np.ndarray],
) -> None:
    codes, weights, query = world
    similarity = asked(np.stack([query, codes[0]]), weights)
    assert similarity.distances(query, np.array([0])) == 0.0
    assert similarity.distances(query, np.array([1])) == similarity.distances(codes[0], np.array([0]))


@pytest.mark.requirement("F-04")
@settings(deadline=None, max_examples=30)
@given(worlds(), st.data())
def test_leaving_cases_out_never_changes_the_order_of_the_others(
    world: tuple[np.ndarray, list[float], np.ndarray], data: st.DataObject
) -> None:
    codes, weights, query = world
    scan, everyone = asked(codes, weights).scan(query), Mask.everyone(len(codes))
    before = scan.nearest(len(codes), everyone)[0].tolist()
    out = data.draw(st.sets(st.integers(0, len(codes) - 1)))
    after = scan.nearest(len(codes), everyone.without(out))[0].tolist()
    assert after == [row for row in before if row not in out]


def test_equal_cases_stand_in_the_order_of_the_reference() -> None:
    codes = np.repeat(random_codes(BOOK, 1, 1), 9, axis=0)
    assert asked(codes, [1.0] * 7).scan(codes[0]).nearest(4, Mask.everyone(9))[0].tolist() == [0, 1, 2, 3]


def test_parts_tell_each_questions_distance() -> None:
    codes = random_codes(BOOK, 5, 2)
    parts = asked(codes, [1.0] * 7).parts(codes[0], codes[2:4].T)
    for place, there in enumerate(codes[2:4]):
        by_hand = [table[a, b] for table, a, b in zip(TABLES, codes[0], there, strict=True)]
        assert parts[:, place].tolist() == by_hand


@pytest.mark.parametrize(
    "weights", [[0.0] * 7, [1.0] * 6, [-1.0, *[1.0] * 6]], ids=["none", "few", "negative"]
)
def test_weights_that_weigh_nothing_are_refused(weights: list[float]) -> None:
    with pytest.raises(ValueError, match="weight"):
        asked(random_codes(BOOK, 3, 1), weights)


def test_sums_that_are_equal_on_paper_are_equal_here() -> None:
    table = np.array([[0.0, 1.0], [1.0, 0.0]])
    columns = np.array([[1, 0], [1, 0], [0, 1]], dtype=np.uint8)  # 0.1 + 0.2 apart, and 0.3 apart
    similarity = Similarity(Packed.of(columns, (2, 2, 2)), [table] * 3, [0.1, 0.2, 0.3])
    one, other = similarity.distances(np.zeros(3, dtype=np.uint8), np.arange(2))
    assert one == other
