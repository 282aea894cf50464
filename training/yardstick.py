"""The yardstick: what a tuned model that nobody can read would have said; the price of being readable."""

from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from models.coding import Codebook
from training.candidates import ROUNDS, one_thread
from training.chance import Numbers
from training.labelled import Labelled
from training.measures import losses

GRID = (
    {"max_leaf_nodes": 8, "learning_rate": 0.05},
    {"max_leaf_nodes": 16, "learning_rate": 0.05},
    {"max_leaf_nodes": 8, "learning_rate": 0.03, "l2_regularization": 10.0},
)
LABEL = "Målestok: ubegrænset boosting"
TUNED_ON = 0.2


def yardstick(
    book: Codebook, earlier: Labelled, later: Labelled, seed: int
) -> tuple[Numbers, dict[str, Any]]:
    """The losses on later cases of unrestricted boosting, tuned on the last fifth of the earlier ones."""
    cut = earlier.cases[int(len(earlier) * (1 - TUNED_ON))].decided_at
    first, second = earlier.between(None, cut), earlier.between(cut, None)
    tried = [float(_losses(book, first, second, settings, seed).mean()) for settings in GRID]
    best = GRID[int(np.argmin(tried))]
    return _losses(book, earlier, later, best, seed), dict(best)


def _losses(
    book: Codebook, earlier: Labelled, later: Labelled, settings: dict[str, Any], seed: int
) -> Numbers:
    codes = earlier.codes(book)
    model = HistGradientBoostingClassifier(**(ROUNDS | settings), random_state=seed)
    with one_thread():
        model.fit(codes.astype(np.float64), earlier.level, earlier.weight)
        said = model.predict_proba(later.codes(book).astype(np.float64))
    shares = np.zeros((len(later), len(book.area.levels)))
    shares[:, model.classes_] = said
    return losses(shares, later.level)
