"""Settled tables: nothing of its own where few cases lie behind, and no declared order broken."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models import areas
from models.coding import Codebook
from models.declaration import Area, Code, Question
from models.support import RARE, Counted
from models.tables import ScoreTables
from tests.models.workbench import REPAIR, RepairFacts, random_codes, random_tables, repair_codebook
from training.candidates import KINDS, fit_candidate
from training.settling import emptied, falls, never_falling, rising

SIZES = (4, 3, 5)
TWO = ("basal", "avanceret")
LEVELS = (Code("basal", "Basal"), Code("avanceret", "Avanceret"))
PAIRS = ((0, 1), (1, 2))


def ordered_area() -> Area:
    """The tiny area with two levels, in which more weight and more years never lower the level."""
    hints = {
        name: Annotated[str, replace(REPAIR.by_name[name], name="", never_lowers="Tungt er tungt.")]
        for name in ("vaegt", "alder")
    }
    facts = type("Ordered", (RepairFacts,), {"__annotations__": hints})
    return replace(REPAIR, name="ordnet", levels=LEVELS, facts=facts)


@pytest.fixture(scope="module")
def book() -> Iterator[Codebook]:
    """A codebook of that area."""
    with areas.registered(ordered_area()) as area:
        yield repair_codebook(area)


def places(book: Codebook) -> tuple[int, ...]:
    """Where the ordered questions stand."""
    return book.names.index("vaegt"), book.names.index("alder")


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 400))
def test_a_cell_with_few_cases_says_nothing(seed: int, rows: int) -> None:
    tables = random_tables(("a", "b", "c"), SIZES, PAIRS, seed)
    chance = np.random.default_rng(seed)
    codes = (chance.random((rows, 3)) ** 3 * SIZES).astype(np.uint8)
    counted = Counted.of(SIZES, codes, PAIRS)

    found = emptied(tables, counted, RARE)

    for table, counts in zip(found.singles, counted.singles, strict=True):
        assert not table[:, counts < RARE].any()
    for pair, table in found.pairs.items():
        assert not table[:, counted.pairs[pair] < RARE].any()
        enough = counted.pairs[pair] >= RARE
        assert (table[:, enough] == tables.pairs[pair][:, enough]).all()
    resting = np.ones(rows, dtype=np.bool_)
    for q, counts in enumerate(counted.singles):
        resting &= counts[codes[:, q]] >= RARE
    for (q, r), counts in counted.pairs.items():
        resting &= counts[codes[:, q], codes[:, r]] >= RARE
    if resting.any():
        kept = found.scores(codes[resting]) - tables.scores(codes[resting])
        assert np.abs(kept).max() < 1e-9, "what rests on enough cases scores as before"


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_settled_tables_never_fall_whatever_else_is_known(seed: int, book: Codebook) -> None:
    first, second = places(book)
    drawn = random_tables(TWO, book.sizes, ((0, first), (first, second), (second, 4)), seed)
    codes = random_codes(book, 300, seed % 1000)
    counted = Counted.of(book.sizes, codes, drawn.pairs)

    found = rising(drawn, book, counted)

    for question in (first, second):
        assert falls(found, question) < 1e-9
        rows = np.repeat(codes[:40], book.sizes[question] - 1, axis=0)
        rows[:, question] = np.tile(np.arange(1, book.sizes[question]), 40)
        rises = np.diff(found.scores(rows)[:, 1].reshape(40, -1), axis=1)
        assert rises.min() > -1e-9
    assert np.array_equal(found.singles[0], drawn.singles[0]), "a question without an order is left alone"


def test_a_fall_is_found_where_a_pair_takes_more_than_the_table_gives(book: Codebook) -> None:
    question = places(book)[0]
    singles = [np.zeros((2, size)) for size in book.sizes]
    singles[question][1] = [0.0, 0.0, 0.5, 1.0]
    pair = np.zeros((2, book.sizes[0], 4))
    pair[1, 1, 3] = -0.75
    tables = ScoreTables(TWO, np.zeros(2), tuple(singles), {(0, question): pair})

    assert falls(tables, question) == pytest.approx(0.25)
    counted = Counted.of(book.sizes, random_codes(book, 50, 1), tables.pairs)
    assert rising(tables, book, counted).pairs[0, question][1, 1, 3] == pytest.approx(-0.5)


@given(st.lists(st.tuples(st.floats(-5, 5), st.integers(1, 50)), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_pooling_never_falls_and_keeps_the_mean(cells: list[tuple[float, int]]) -> None:
    values, weights = np.array([v for v, _ in cells]), np.array([w for _, w in cells])

    found = never_falling(values, weights)

    assert (np.diff(found) >= -1e-12).all()
    assert found @ weights == pytest.approx(values @ weights, abs=1e-9)
    assert never_falling(found, weights) == pytest.approx(found)
    if (np.diff(values) >= 0).all():
        assert (found == values).all()


@pytest.mark.slow
@pytest.mark.parametrize("kind", [name for name in KINDS if name != "prior"])
def test_every_fitted_kind_keeps_the_declared_order(kind: str, book: Codebook) -> None:
    codes = random_codes(book, 900, 4)
    question = places(book)[0]
    chance = np.random.default_rng(3)
    wrong_way = -0.8 * codes[:, question] + 0.9 * (codes[:, 0] == 1) + chance.logistic(size=900)
    tables = fit_candidate(kind, book, codes, (wrong_way > -1.5).astype(np.int64), 1).tables

    assert falls(tables, question) < 1e-9
    assert np.ptp(tables.singles[question][1, 1:]) < 1e-6, "what falls in the data is level in the tables"
    assert np.ptp(tables.singles[0][1, 1:]) > 0.3, "what has no order is learned as it is"


@pytest.mark.parametrize("kind", ["choice", "set", "date", "term"])
def test_an_answer_without_an_order_cannot_rise(kind: str) -> None:
    told: dict[str, Any] = {"never_lowers": "Fordi.", "name": ""}
    question: Question = next(each for each in REPAIR.questions if each.kind.value == kind)
    with pytest.raises(ValueError, match="no order"):
        replace(question, **told)


def test_the_profession_says_of_function_that_more_limitation_never_lowers() -> None:
    declared = [each for each in areas.get("genoptraening").questions if each.never_lowers]

    assert {"funk_mobilitet", "funk_egenomsorg", "funk_praktisk", "funk_mental", "funk_krop"} <= {
        each.name for each in declared
    }
    assert all("kriterium" in each.never_lowers and each.learned for each in declared)
