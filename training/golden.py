"""Golden rows: shap's own values, kept with a model so that whoever opens it can compare."""

import os
import warnings
from typing import Any

import numpy as np

from models.coding import Codes
from models.golden import Golden, largest_difference
from models.tables import Floats, ScoreTables, shapley
from training.chance import stream

ROWS = 20
MOST_BACKGROUND = 200
TOLERANCE = 1e-9


def shap_itself() -> Any:
    """The library shap, imported where it is used: it takes a second, and warns of other libraries' plans.

    Its masker is compiled anew in every process, which takes longer than a few hundred explanations do.
    """
    os.environ.setdefault("NUMBA_DISABLE_JIT", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap
    return shap


class ShapDiffers(ArithmeticError):
    """Our contributions are not shap's; no explanation of this model may be shown."""


def background_of(codes: Codes, seed: int) -> Codes:
    """At most 200 of the rows that were learned from, drawn without putting back, in their own order."""
    if len(codes) <= MOST_BACKGROUND:
        return codes.copy()
    chosen = stream(seed, "background").permutation(len(codes))[:MOST_BACKGROUND]
    return codes[np.sort(chosen)].copy()


def golden_rows(tables: ScoreTables, background: Codes, codes: Codes, seed: int) -> Golden:
    """Scores and shap's values for some rows. Raises ShapDiffers when ours are not shap's to 1e-9."""
    chosen = np.sort(stream(seed, "golden rows").permutation(len(codes))[:ROWS])
    rows = codes[chosen].copy()
    contributions, base = shap_values(tables, background, rows)
    golden = Golden(rows, tables.scores(rows), contributions, base)
    difference = largest_difference(golden, tables, shapley(tables, background))
    if not difference <= TOLERANCE:
        raise ShapDiffers(f"our contributions differ from shap's by {difference:.3g}")
    return golden


def shap_values(tables: ScoreTables, background: Codes, rows: Codes) -> tuple[Floats, Floats]:
    """shap's contributions (n, K, Q) and base values (K,) of a score, by permutations over the background.

    One permutation there and back is exact where at most two questions meet, which holds for every table.
    """
    shap = shap_itself()

    def score(some: Floats) -> Floats:
        return tables.scores(some.astype(np.uint8))

    masker = shap.maskers.Independent(background.astype(np.float64), max_samples=len(background))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        explainer = shap.PermutationExplainer(score, masker, seed=0)
        found = explainer(rows.astype(np.float64), max_evals=2 * rows.shape[1] + 1, silent=True)
    contributions = np.ascontiguousarray(np.swapaxes(found.values, 1, 2))
    return contributions, np.atleast_2d(found.base_values)[0].astype(np.float64)
