"""The score of tables, and its Shapley values against their definition."""

from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.tables import ScoreTables, from_arrays, shapley, to_arrays
from tests.models.workbench import random_tables

CLASSES = ("lav", "hoej", "hoejest")


@st.composite
def models(draw: st.DrawFn, most_questions: int) -> tuple[ScoreTables, np.ndarray, np.ndarray]:
    """Random tables with some pairs, a background and a case."""
    sizes = tuple(draw(st.lists(st.integers(1, 5), min_size=2, max_size=most_questions)))
    possible = list(combinations(range(len(sizes)), 2))
    pairs = tuple(sorted(draw(st.sets(st.sampled_from(possible), max_size=8))))
    seed = draw(st.integers(0, 2**32 - 1))
    tables = random_tables(CLASSES[: draw(st.integers(2, 3))], sizes, pairs, seed)
    chance = np.random.default_rng(seed + 1)
    background = chance.integers(0, sizes, size=(draw(st.integers(1, 9)), len(sizes))).astype(np.uint8)
    return tables, background, chance.integers(0, sizes).astype(np.uint8)


def by_definition(tables: ScoreTables, background: np.ndarray, case: np.ndarray) -> np.ndarray:
    """Shapley values (K, Q) of the game v(S) = mean over the background of f(x_S, b_rest)."""
    count = len(case)

    def worth(members: tuple[int, ...]) -> np.ndarray:
        mixed = background.copy()
        mixed[:, list(members)] = case[list(members)]
        return tables.scores(mixed).mean(axis=0)

    phi = np.zeros((len(tables.classes), count))
    for question in range(count):
        others = [each for each in range(count) if each != question]
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for members in combinations(others, size):
                phi[:, question] += weight * (worth((*members, question)) - worth(members))
    return phi


@settings(max_examples=40, deadline=None)
@given(models(most_questions=5))
def test_contributions_are_the_shapley_values_of_the_definition(
    model: tuple[ScoreTables, np.ndarray, np.ndarray],
) -> None:
    tables, background, case = model
    phi, base = shapley(tables, background).contributions(case)
    assert np.abs(phi - by_definition(tables, background, case)).max() < 1e-9
    assert np.abs(base - tables.scores(background).mean(axis=0)).max() < 1e-9


@pytest.mark.requirement("G-27")
@settings(max_examples=60, deadline=None)
@given(models(most_questions=30))
def test_contributions_and_base_make_the_score(model: tuple[ScoreTables, np.ndarray, np.ndarray]) -> None:
    tables, background, case = model
    phi, base = shapley(tables, background).contributions(case)
    assert np.abs(phi.sum(axis=1) + base - tables.scores(case)[0]).max() < 1e-9


@settings(max_examples=25, deadline=None)
@given(models(most_questions=5))
def test_what_two_questions_give_together_is_shapleys_interaction_of_them(
    model: tuple[ScoreTables, np.ndarray, np.ndarray],
) -> None:
    tables, background, case = model
    together = shapley(tables, background).together(case)

    def worth(*members: int) -> np.ndarray:
        mixed = background.copy()
        mixed[:, list(members)] = case[list(members)]
        return tables.scores(mixed).mean(axis=0)

    for q, r in combinations(range(len(case)), 2):
        beyond = worth(q, r) - worth(q) - worth(r) + worth()
        assert (together[:, q, r] == together[:, r, q]).all()
        assert np.abs(together[:, q, r] - beyond).max() < 1e-9


def test_few_and_many_cases_have_the_same_scores() -> None:
    tables = random_tables(CLASSES, (3, 4, 2), ((0, 1), (1, 2)), seed=1)
    rows = np.random.default_rng(2).integers(0, (3, 4, 2), size=(200, 3)).astype(np.uint8)
    one_by_one = np.stack([tables.scores(row)[0] for row in rows])
    assert np.abs(tables.scores(rows) - one_by_one).max() < 1e-12


def test_many_cases_are_explained_as_one_by_one() -> None:
    tables = random_tables(CLASSES, (3, 4, 2), ((0, 1), (1, 2)), seed=1)
    rows = np.random.default_rng(2).integers(0, (3, 4, 2), size=(20, 3)).astype(np.uint8)
    explainer = shapley(tables, rows)
    one_by_one = np.stack([explainer.contributions(row)[0] for row in rows])
    assert (explainer.contributions_many(rows) == one_by_one).all()


def test_of_two_levels_the_first_one_scores_nothing() -> None:
    tables = random_tables(("a", "b"), (3, 4), ((0, 1),), seed=3)
    rows = np.array([[0, 0], [2, 3]], dtype=np.uint8)
    assert (tables.scores(rows)[:, 0] == 0).all()
    assert (shapley(tables, rows).contributions_many(rows)[:, 0] == 0).all()
    shares = tables.probabilities(rows)
    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert shares[:, 1] == pytest.approx(1 / (1 + np.exp(-tables.scores(rows)[:, 1])))


def test_shares_stay_numbers_for_large_scores() -> None:
    tables = ScoreTables(("a", "b"), np.array([0.0, 4000.0]), (np.zeros((2, 1)),), {})
    assert tables.probabilities(np.zeros((1, 1), dtype=np.uint8))[0].tolist() == [0.0, 1.0]


@pytest.mark.parametrize(
    ("base", "single", "pair"),
    [
        (np.zeros(3), np.zeros((2, 3)), np.zeros((2, 3, 3))),
        (np.zeros(2), np.zeros((3, 3)), np.zeros((2, 3, 3))),
        (np.zeros(2), np.zeros((2, 3)), np.zeros((2, 3, 2))),
        (np.array([0.0, np.nan]), np.zeros((2, 3)), np.zeros((2, 3, 3))),
        (np.ones(2), np.zeros((2, 3)), np.zeros((2, 3, 3))),
        (np.zeros(2), np.zeros((2, 3), dtype=np.float32), np.zeros((2, 3, 3))),
    ],
    ids=["base", "single", "pair", "nan", "first class", "float32"],
)
def test_tables_that_do_not_fit_are_refused(base: np.ndarray, single: np.ndarray, pair: np.ndarray) -> None:
    with pytest.raises(ValueError, match=r"base|table|finite|first"):
        ScoreTables(("a", "b"), base, (single, single), {(0, 1): pair})


def test_a_pair_is_named_in_the_order_of_its_questions() -> None:
    single = np.zeros((2, 3))
    with pytest.raises(ValueError, match="pair"):
        ScoreTables(("a", "b"), np.zeros(2), (single, single), {(1, 0): np.zeros((2, 3, 3))})


def test_a_background_that_does_not_fit_is_refused() -> None:
    tables = random_tables(("a", "b"), (3, 4), (), seed=3)
    for shape in ((0, 2), (3, 1), (2,)):
        with pytest.raises(ValueError, match="background"):
            shapley(tables, np.zeros(shape, dtype=np.uint8))


def test_a_code_beyond_a_table_is_an_error() -> None:
    tables = random_tables(("a", "b"), (3, 4), (), seed=3)
    for rows in (np.array([[3, 0]], dtype=np.uint8), np.array([[-1, 0]]), np.array([[3, 0]] * 100)):
        with pytest.raises(IndexError):
            tables.scores(rows)
        with pytest.raises(IndexError):
            shapley(tables, np.zeros((1, 2), dtype=np.uint8)).contributions_many(rows)


def test_tables_read_back_as_they_were_written() -> None:
    tables = random_tables(CLASSES, (3, 4, 2), ((0, 1), (1, 2)), seed=4)
    again = from_arrays(CLASSES, to_arrays(tables))
    rows = np.array([[2, 3, 1]], dtype=np.uint8)
    assert (again.scores(rows) == tables.scores(rows)).all()
    with pytest.raises(ValueError, match="neither"):
        from_arrays(CLASSES, {**to_arrays(tables), "code": np.zeros(3)})
