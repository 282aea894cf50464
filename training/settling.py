"""Settling tables: no value of its own where few cases lie behind, no fall where the profession sees none.

What is settled is what is scored, explained and served; the tables are held against the model before.
"""

from collections.abc import Iterable

import numpy as np

from models.coding import Codebook, Codes
from models.support import Counted, Counts
from models.tables import Floats, Pair, ScoreTables

NOTHING = 1e-12
ROUNDING = 1e-9


def settled(tables: ScoreTables, book: Codebook, codes: Codes, rare: int) -> ScoreTables:
    """Tables in which nothing rests on fewer than `rare` rows of codes and no declared order is broken."""
    return settled_by(tables, book, Counted.of(tables.sizes, codes, tables.pairs), rare)


def settled_all(fitted: Iterable[ScoreTables], book: Codebook, codes: Codes, rare: int) -> list[ScoreTables]:
    """Several models' tables settled by the same cases, which are counted once."""
    every = list(fitted)
    counted = Counted.of(book.sizes, codes, sorted({pair for tables in every for pair in tables.pairs}))
    return [settled_by(tables, book, counted, rare) for tables in every]


def settled_by(tables: ScoreTables, book: Codebook, counted: Counted, rare: int) -> ScoreTables:
    """Tables settled by counts of at least their own pairs."""
    return rising(emptied(tables, counted, rare), book, counted)


def emptied(tables: ScoreTables, counted: Counted, rare: int) -> ScoreTables:
    """The tables with nothing to say where fewer than `rare` cases lie behind.

    A code gets the mean of the others, which is 0; two codes together add nothing to what each says alone.
    """
    base, singles = tables.base.copy(), []
    for table, counts in zip(tables.singles, counted.singles, strict=True):
        enough = counts >= rare
        mean = table[:, enough] @ counts[enough] / max(counts[enough].sum(), 1)
        singles.append(np.where(enough, table - mean[:, None], 0.0))
        base += mean
    pairs = {pair: np.where(counted.pairs[pair] >= rare, table, 0.0) for pair, table in tables.pairs.items()}
    kept = {pair: table for pair, table in pairs.items() if np.abs(table).max() > NOTHING}
    return ScoreTables(tables.classes, base, tuple(singles), kept)


def rising(tables: ScoreTables, book: Codebook, counted: Counted) -> ScoreTables:
    """The tables of two levels with every declared order kept: more never lowers, whatever else is known.

    A question's own table is replaced by the nearest one that never falls; its pairs are shrunk until they
    cannot take more than that table gives. Several levels have no one direction: their tables stay.
    """
    ordered = rising_questions(book)
    if len(tables.classes) != 2 or not ordered:
        return tables
    singles = list(tables.singles)
    for q in ordered:
        table = singles[q].copy()
        table[1, 1:] = never_falling(table[1, 1:], counted.singles[q][1:])
        singles[q] = table
    pairs = dict(tables.pairs)
    for q in ordered:
        share = _share_that_fits(q, singles[q], pairs)
        pairs = {pair: share * table if q in pair else table for pair, table in pairs.items()}
    kept = {pair: table for pair, table in pairs.items() if np.abs(table).max() > NOTHING}
    return ScoreTables(tables.classes, tables.base, tuple(singles), kept)


def rising_questions(book: Codebook) -> tuple[int, ...]:
    """The questions of which more can never lower the level, by their declaration."""
    return tuple(place for place, each in enumerate(book.codings) if each.question.never_lowers)


def falls(tables: ScoreTables, question: int) -> float:
    """How far the score of two levels can fall at most when a question's answer rises by one step.

    The other answers may be anything: each pair takes what it can at worst. Missing lies outside the order.
    """
    steps = _least_steps(question, tables.singles[question], dict(tables.pairs))
    return float(max(0.0, *-steps))


def never_falling(values: Floats, weights: Counts) -> Floats:
    """The never falling values nearest to the given ones by weighted squares (pool adjacent violators)."""
    pooled: list[tuple[float, float, int]] = []
    for value, weight in zip(values.tolist(), np.maximum(weights, NOTHING).tolist(), strict=True):
        pooled.append((value, weight, 1))
        while len(pooled) > 1 and pooled[-2][0] > pooled[-1][0]:
            (one, w_one, n_one), (two, w_two, n_two) = pooled[-2:]
            pooled[-2:] = [((one * w_one + two * w_two) / (w_one + w_two), w_one + w_two, n_one + n_two)]
    return np.repeat([value for value, _, _ in pooled], [count for _, _, count in pooled])


def _share_that_fits(question: int, single: Floats, pairs: dict[Pair, Floats]) -> float:
    """The largest share of a question's pairs with which its score never falls.

    What a pair gives for certain is not counted, so that shrinking it for another question breaks nothing.
    """
    own = np.diff(single[1, 1:])
    taken = own - _least_steps(question, single, pairs, most=0.0)
    too_much = taken > own + ROUNDING
    return float((own[too_much] / taken[too_much]).min()) if too_much.any() else 1.0


def _least_steps(question: int, single: Floats, pairs: dict[Pair, Floats], most: float = np.inf) -> Floats:
    """The least that each step of a question adds over all answers to the others, a pair `most` at most."""
    least = np.diff(single[1, 1:])
    for pair, table in pairs.items():
        if question in pair:
            turned = table[1] if pair[0] == question else table[1].T
            least = least + np.minimum(np.diff(turned[1:], axis=0).min(axis=1), most)
    return np.asarray(least)
