"""The kinds of model that are tried, simplest first; all of them can be written as tables.

Defaults mislead: restricted boosting needs many rounds with small trees, so it gets them, and stops early.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.coding import Codebook, Codes
from models.tables import ScoreTables
from training.chance import Numbers
from training.labelled import Levels
from training.table_reading import check_tables, prior_tables, read_tables

THREADS = 2
WORTH_TWO_THREADS = 50_000
"""Below so many rows a second thread mostly waits for the first, and for whatever else the machine does."""

ROUNDS = {
    "learning_rate": 0.05, "max_iter": 1500, "early_stopping": True, "n_iter_no_change": 40,
    "max_leaf_nodes": 3, "validation_fraction": 0.15, "min_samples_leaf": 20, "l2_regularization": 1.0,
    "max_features": 0.3, "max_bins": 255,
}  # fmt: skip
ADDITIVE = ROUNDS | {"interaction_cst": "no_interactions"}
PAIRWISE = ROUNDS | {"interaction_cst": "pairwise"}
LOGISTIC = {"C": 0.5, "max_iter": 2000, "tol": 1e-8}


@dataclass(frozen=True)
class Candidate:
    """A fitted model as tables, with the settings that made it and the rounds it took."""

    name: str
    label: str
    tables: ScoreTables
    settings: dict[str, Any]


Fitted = tuple[ScoreTables, dict[str, Any]]
Fitter = Callable[[Codebook, Codes, Levels, int], Fitted]


def few_threads(rows: int) -> Any:
    """A context in which numerical libraries use one thread, or two where that pays."""
    return threadpool_limits(THREADS if rows >= WORTH_TWO_THREADS else 1)


def fit_candidate(name: str, book: Codebook, codes: Codes, level: Levels, seed: int) -> Candidate:
    """One kind of model, fitted on codes (n, Q) and levels, its tables checked on every row.

    Raises `table_reading.TablesDiffer` when the tables do not say what the model says.
    """
    label, fitter = KINDS[name]
    with few_threads(len(codes)):
        tables, settings = fitter(book, codes, level, seed)
    return Candidate(name, label, tables, settings)


def _prior(book: Codebook, codes: Codes, level: Levels, seed: int) -> Fitted:
    return prior_tables(book, level), {}


def _logistic(book: Codebook, codes: Codes, level: Levels, seed: int) -> Fitted:
    every = [np.arange(size) for size in book.sizes]
    model = make_pipeline(OneHotEncoder(categories=every), LogisticRegression(**LOGISTIC))
    return _as_tables(model, book, codes, level, pairs=False), dict(LOGISTIC)


def _additive(book: Codebook, codes: Codes, level: Levels, seed: int) -> Fitted:
    return _boosted(ADDITIVE, book, codes, level, seed, pairs=False)


def _pairwise(book: Codebook, codes: Codes, level: Levels, seed: int) -> Fitted:
    return _boosted(PAIRWISE, book, codes, level, seed, pairs=True)


def _boosted(
    settings: dict[str, Any], book: Codebook, codes: Codes, level: Levels, seed: int, pairs: bool
) -> Fitted:
    model = HistGradientBoostingClassifier(**settings, random_state=seed)
    tables = _as_tables(model, book, codes, level, pairs)
    return tables, settings | {"rounds": int(model.n_iter_)}


def _as_tables(model: Any, book: Codebook, codes: Codes, level: Levels, pairs: bool) -> ScoreTables:
    model.fit(codes.astype(np.float64), level)

    def score(rows: Codes) -> Numbers:
        return np.asarray(model.decision_function(rows.astype(np.float64)), dtype=np.float64)

    tables = read_tables(book, codes, score, pairs)
    check_tables(tables, codes, score)
    return tables


KINDS: dict[str, tuple[str, Fitter]] = {
    "prior": ("Kun andelene", _prior),
    "logistic": ("Logistisk på koderne", _logistic),
    "additive": ("Additiv boosting", _additive),
    "pairwise": ("Parvis boosting", _pairwise),
}
"""Simplest first: the order in which one is preferred to another that is no better."""
