"""Reading a fitted model into tables, by asking it and by nothing else.

A model in which at most two questions meet is told wholly by its scores on rows that differ from one fixed
row in one question or in two: single tables are first differences, pair tables second differences.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np

from models.coding import Codebook, Codes
from models.tables import Floats, Pair, ScoreTables
from training.chance import Numbers
from training.labelled import Levels, Weights

Score = Callable[[Codes], Numbers]
TOLERANCE = 1e-9
NOTHING = 1e-12
BATCH = 20_000


class TablesDiffer(ArithmeticError):
    """The tables do not give the scores of the model they were read from."""


def prior_tables(book: Codebook, level: Levels, weight: Weights | None = None) -> ScoreTables:
    """Tables that know the shares of the levels and nothing else; half a case is added to each level."""
    classes = book.area.level_codes
    counts = np.bincount(level, weight, minlength=len(classes)) + 0.5
    base = np.log(counts / counts[0])
    singles = tuple(np.zeros((len(classes), size)) for size in book.sizes)
    return ScoreTables(classes, base, singles, {})


def read_tables(book: Codebook, codes: Codes, score: Score, pairs: bool) -> ScoreTables:
    """The tables of a model whose score is a sum over single questions, and over pairs where `pairs`.

    Each table is centred on the codes it was fitted on, so that it can be read by itself.
    """
    classes, sizes = book.area.level_codes, book.sizes
    start = np.zeros(len(sizes), dtype=np.uint8)
    at_start = _classes(score(start[None, :]), len(classes))[:, 0]
    singles = [table - at_start[:, None] for table in _singles(score, start, sizes, len(classes))]
    found = _pairs(score, start, sizes, singles, at_start) if pairs else {}
    return _centred(classes, at_start, singles, found, codes)


def check_tables(tables: ScoreTables, codes: Codes, score: Score) -> None:
    """Raises TablesDiffer when the tables miss the model's score on any row by more than 1e-9."""
    theirs = _classes(score(codes), len(tables.classes)).T
    difference = float(np.abs(tables.scores(codes) - theirs).max())
    if not difference <= TOLERANCE:
        raise TablesDiffer(f"the tables miss the model's score by {difference:.3g}")


def _classes(scores: Numbers, n_classes: int) -> Floats:
    """Scores as (K, n); of two levels the first scores 0."""
    if scores.ndim == 1:
        return np.stack([np.zeros_like(scores), scores])
    if scores.shape[1] != n_classes:
        raise TablesDiffer(f"the model knows {scores.shape[1]} levels, the area {n_classes}")
    return np.ascontiguousarray(scores.T)


def _singles(score: Score, start: Codes, sizes: tuple[int, ...], n_classes: int) -> list[Floats]:
    """The scores of every code of every question alone, asked for all at once."""
    rows = np.repeat(start[None, :], sum(sizes), axis=0)
    questions = np.repeat(np.arange(len(sizes)), sizes)
    rows[np.arange(len(rows)), questions] = np.concatenate([np.arange(size) for size in sizes])
    return np.split(_in_batches(score, rows, n_classes), np.cumsum(sizes)[:-1], axis=1)


def _pairs(
    score: Score, start: Codes, sizes: tuple[int, ...], singles: list[Floats], at_start: Floats
) -> dict[Pair, Floats]:
    found = {}
    for q, r in combinations(range(len(sizes)), 2):
        rows = np.repeat(start[None, :], sizes[q] * sizes[r], axis=0)
        rows[:, q] = np.repeat(np.arange(sizes[q]), sizes[r])
        rows[:, r] = np.tile(np.arange(sizes[r]), sizes[q])
        together = _in_batches(score, rows, len(at_start)).reshape(len(at_start), sizes[q], sizes[r])
        table = together - at_start[:, None, None] - singles[q][:, :, None] - singles[r][:, None, :]
        if np.abs(table).max() > NOTHING:
            found[q, r] = table
    return found


def _in_batches(score: Score, rows: Codes, n_classes: int) -> Floats:
    parts = [_classes(score(rows[at : at + BATCH]), n_classes) for at in range(0, len(rows), BATCH)]
    return np.concatenate(parts, axis=1)


def _centred(
    classes: tuple[str, ...], base: Floats, singles: list[Floats], pairs: dict[Pair, Floats], codes: Codes
) -> ScoreTables:
    """The same score, with what a pair says about one question alone moved to that question's own table."""
    base = base.copy()
    shares = [
        np.bincount(codes[:, q], minlength=table.shape[1]) / len(codes) for q, table in enumerate(singles)
    ]
    singles = [table.copy() for table in singles]
    moved = {}
    for (q, r), table in pairs.items():
        of_q = table @ shares[r]
        of_r = np.einsum("kqr,q->kr", table, shares[q])
        mean = of_q @ shares[q]
        moved[q, r] = table - of_q[:, :, None] - of_r[:, None, :] + mean[:, None, None]
        singles[q] += of_q - mean[:, None]
        singles[r] += of_r - mean[:, None]
        base += mean
    for q, table in enumerate(singles):
        mean = table @ shares[q]
        singles[q] = table - mean[:, None]
        base += mean
    return ScoreTables(classes, base, tuple(singles), moved)
