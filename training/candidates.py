"""The kinds of model that are tried, simplest first; all of them can be written as tables.

Defaults mislead: restricted boosting needs many rounds with small trees, so it gets them, and stops early.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from models.coding import Codebook, Codes
from models.question_codes import MISSING
from models.support import RARE
from models.tables import ScoreTables
from training.chance import Numbers
from training.labelled import Levels, Weights
from training.settling import rising_questions, settled
from training.table_reading import check_tables, prior_tables, read_tables

ROUNDS = {
    "learning_rate": 0.05, "max_iter": 1500, "early_stopping": True, "n_iter_no_change": 40,
    "max_leaf_nodes": 3, "validation_fraction": 0.15, "min_samples_leaf": 20, "l2_regularization": 1.0,
    "max_features": 0.3, "max_bins": 255,
}  # fmt: skip
ADDITIVE = ROUNDS | {"interaction_cst": "no_interactions"}
PAIRWISE = ROUNDS | {"interaction_cst": "pairwise"}
LOGISTIC = {"C": 0.5, "max_iter": 2000, "tol": 1e-8}

COARSER = 4
"""A model is fitted again in so many times fewer rounds, each as many times longer."""


@dataclass(frozen=True)
class Candidate:
    """A fitted model as tables, with the settings that made it and the rounds it took."""

    name: str
    label: str
    tables: ScoreTables
    settings: dict[str, Any]


@dataclass(frozen=True)
class Rows:
    """What is fitted on: codes (n, Q), the place of each label, and how much of a case each row is."""

    book: Codebook
    codes: Codes
    level: Levels
    weight: Weights

    def drawn(self, places: NDArray[np.int64]) -> "Rows":
        """Some of the rows, some perhaps many times."""
        return Rows(self.book, self.codes[places], self.level[places], self.weight[places])


Fitted = tuple[ScoreTables, dict[str, Any]]
Fitter = Callable[[Rows, Mapping[str, Any], int], Fitted]


def one_thread() -> Any:
    """A context in which numerical libraries use one thread, so that sums come out the same on any machine.

    Several fits run beside each other in processes of their own. Threads inside a fit wait for each other by
    spinning: on two cores that others used too, two of them took 4 to 15 times the CPU time of one.
    """
    return threadpool_limits(1)


def fit_candidate(
    name: str,
    book: Codebook,
    codes: Codes,
    level: Levels,
    seed: int,
    weight: Weights | None = None,
    rare: int = RARE,
) -> Candidate:
    """One kind of model, fitted on codes (n, Q) and levels, its tables checked on every row, then settled.

    `weight` says how much of a case each row is; without it every row is a whole one. A value that rests on
    fewer than `rare` rows is emptied.
    Raises `table_reading.TablesDiffer` when the tables do not say what the model says.
    """
    rows = Rows(book, codes, level, np.ones(len(level)) if weight is None else weight)
    label, settings, _ = KINDS[name]
    tables, said = fit(name, rows, settings, seed)
    return Candidate(name, label, settled(tables, book, codes, rare), said)


def fit(name: str, rows: Rows, settings: Mapping[str, Any], seed: int) -> Fitted:
    """A kind of model with settings of its own, as tables that are not settled yet. Raises TablesDiffer."""
    with one_thread():
        return KINDS[name][2](rows, settings, seed)


def coarser(candidate: Candidate) -> dict[str, Any]:
    """Settings that fit the same kind again in a fraction of the time, for telling how far values move."""
    if "rounds" not in candidate.settings:
        return candidate.settings | ({"solver": "newton-cholesky"} if "tol" in candidate.settings else {})
    own = {name: candidate.settings[name] for name in KINDS[candidate.name][1]}
    rate, rounds = own["learning_rate"] * COARSER, -(-candidate.settings["rounds"] // COARSER)
    return own | {"learning_rate": rate, "max_iter": rounds, "early_stopping": False}


def _prior(rows: Rows, settings: Mapping[str, Any], seed: int) -> Fitted:
    return prior_tables(rows.book, rows.level, rows.weight), {}


def _logistic(rows: Rows, settings: Mapping[str, Any], seed: int) -> Fitted:
    every = [np.arange(size) for size in rows.book.sizes]
    model = make_pipeline(OneHotEncoder(categories=every), LogisticRegression(**settings))
    return _as_tables(model, rows, _as_they_are, pairs=False), dict(settings)


def _boosted(rows: Rows, settings: Mapping[str, Any], seed: int) -> Fitted:
    """Boosting in which declared orders are kept where there are two levels; several have none."""
    ordered = rising_questions(rows.book) if len(rows.book.area.levels) == 2 else ()
    order = [int(place in ordered) for place in range(len(rows.book.names))] if ordered else None
    model = HistGradientBoostingClassifier(**settings, monotonic_cst=order, random_state=seed)
    never = (rows.codes == MISSING).all(axis=0)  # a column of nothing but gaps cannot be cut into bins

    def missing_apart(codes: Codes) -> Numbers:
        return np.where((codes == MISSING) & ~never, np.nan, codes.astype(np.float64))

    tables = _as_tables(model, rows, missing_apart, pairs=settings["interaction_cst"] == "pairwise")
    names = [rows.book.names[place] for place in ordered]
    return tables, dict(settings) | {"rounds": int(model.n_iter_), "never_falls": names}


def _as_they_are(codes: Codes) -> Numbers:
    return codes.astype(np.float64)


def _as_tables(model: Any, rows: Rows, read: Callable[[Codes], Numbers], pairs: bool) -> ScoreTables:
    last = f"{model.steps[-1][0]}__" if isinstance(model, Pipeline) else ""
    model.fit(read(rows.codes), rows.level, **{f"{last}sample_weight": rows.weight})

    def score(codes: Codes) -> Numbers:
        return np.asarray(model.decision_function(read(codes)), dtype=np.float64)

    tables = read_tables(rows.book, rows.codes, score, pairs)
    check_tables(tables, rows.codes, score)
    return tables


KINDS: dict[str, tuple[str, dict[str, Any], Fitter]] = {
    "prior": ("Kun andelene", {}, _prior),
    "logistic": ("Logistisk på koderne", LOGISTIC, _logistic),
    "additive": ("Additiv boosting", ADDITIVE, _boosted),
    "pairwise": ("Parvis boosting", PAIRWISE, _boosted),
}
"""Simplest first: the order in which one is preferred to another that is no better."""
