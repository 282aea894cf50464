"""Each way to find neighbours finds the nearest by its own measure, and a yardstick is never chosen."""

from dataclasses import replace

import numpy as np
import pytest

from tests.models.workbench import random_codes, repair_codebook
from training.labelled import Labelled
from training.measures import Mean
from training.neighbours import (
    NEIGHBOURS,
    Alike,
    Trial,
    Weighing,
    alike_among,
    chosen_weighing,
    thresholds_of,
)

BOOK = repair_codebook()
CODES = random_codes(BOOK, 120, seed=1)
LATER = random_codes(BOOK, 15, seed=2)
LEVEL = np.arange(120) % 3
PROFESSION = {coding.question.name: coding.question.weight for coding in BOOK.codings}


def apart(one: np.ndarray, other: np.ndarray) -> float:
    """The definition: distances question by question, weighed by the profession."""
    tables = (BOOK.distance_table(name) for name in BOOK.names)
    parts = (w * t[a, b] for w, t, a, b in zip(PROFESSION.values(), tables, one, other, strict=True))
    return round(sum(parts) / sum(PROFESSION.values()), 12)


@pytest.fixture(scope="module")
def trial() -> Trial:
    """A few earlier and later things in need of repair."""
    return Trial(BOOK, CODES, LEVEL, LATER, np.zeros(15, dtype=np.intp))


def test_neighbours_are_the_nearest_of_each_measure(trial: Trial) -> None:
    numbers = np.random.default_rng(3).normal(size=(135, 4)).round(1)
    for query in range(15):
        by_likeness = [apart(LATER[query], row) for row in CODES]
        by_numbers = np.abs(numbers[:120] - numbers[120 + query]).sum(axis=1).round(12).tolist()
        for finder, distances in (
            (trial.by(PROFESSION), by_likeness),
            (trial.near_in(numbers[:120], numbers[120:]), by_numbers),
        ):
            rows = sorted(range(120), key=lambda row: (distances[row], row))[:NEIGHBOURS]
            assert finder(query).tolist() == rows


def test_neighbours_that_know_the_answer_lose_less_than_those_that_do_not(trial: Trial) -> None:
    right = replace(trial, truth=np.full(15, 1))
    knowing, agreed = right.outcome(lambda query: np.flatnonzero(LEVEL == 1)[:NEIGHBOURS])
    ignorant, differed = right.outcome(lambda query: np.flatnonzero(LEVEL == 2)[:NEIGHBOURS])
    assert agreed.all()
    assert not differed.any()
    assert knowing.max() < 0.2 < 1 < ignorant.min()


def weighing(name: str, behind: float, error: float, chosen: bool = True) -> Weighing:
    """A row of the table."""
    nothing = Mean(0.5, 0.0)
    return Weighing(name, name, {} if chosen else None, nothing, nothing, Mean(behind, error))


def test_a_yardstick_is_never_chosen_however_good() -> None:
    rows = [weighing("a", 0.3, 0.1), weighing("b", 0.05, 0.1), weighing("c", 0.0, 0.0)]
    yardstick = weighing("d", -1.0, 0.0, chosen=False)
    assert chosen_weighing([*rows, yardstick]).name == "b"
    assert chosen_weighing([yardstick, rows[2]]).name == "c"


def test_how_alike_is_asked_about_the_others_and_never_about_oneself() -> None:
    alike = alike_among(BOOK, PROFESSION, CODES)
    others = sorted(apart(CODES[7], other) for row, other in enumerate(CODES) if row != 7)
    assert alike.nearest[7] == pytest.approx(1 - others[0], abs=1e-9)
    assert alike.tenth[7] == pytest.approx(1 - others[9], abs=1e-9)
    quantiles = alike.quantiles()
    assert list(quantiles) == sorted(quantiles)
    assert quantiles[0] == pytest.approx(alike.nearest.min(), abs=1e-8)
    assert quantiles[-1] == pytest.approx(alike.nearest.max(), abs=1e-8)


def test_too_few_cases_say_nothing_about_what_is_usual() -> None:
    few = alike_among(BOOK, PROFESSION, CODES[:9])
    assert few.quantiles() == ()
    assert (
        thresholds_of(few, Labelled(BOOK.area, (), np.zeros(0, dtype=np.int64)), BOOK).min_similarity == 0.5
    )
    assert Alike(np.full(50, 0.5), np.full(50, 0.4)).quantiles() == (0.5,) * 101
