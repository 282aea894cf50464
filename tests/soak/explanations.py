"""Contributions against what they should be: the definition on random tables, shap's own on fitted models.

The definition is the mean over the background of the score with some answers given and the others the
background's, for every set of answers. shap's PermutationExplainer reckons in float64; its TreeExplainer in
float32, and only without native splits on categories, of which no model here has any.
"""

import warnings
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from models.coding import Codebook
from models.tables import Floats, ScoreTables, shapley
from tests.models.workbench import random_tables
from tests.soak.figures import Figure, share_of
from training.candidates import one_thread
from training.golden import shap_itself, shap_values
from training.table_reading import check_tables, read_tables

TABLES, MODELS = 10_000, 100
EXACT, FLOAT32 = 1e-9, 1e-6
MOST_QUESTIONS, MOST_CODES = 5, 5
BACKGROUND, EXPLAINED = 25, 3


@dataclass(frozen=True)
class Apart:
    """How far ours lie from shap's for one fitted model, in log-odds."""

    permutation: float
    tree: float


def by_definition(tables: ScoreTables, background: np.ndarray, case: np.ndarray) -> Floats:
    """Shapley values (K, Q) of the game v(S) = mean over the background of f(x_S, b_rest), by all sets S."""
    count = len(case)
    worth = {}
    for size in range(count + 1):
        for members in combinations(range(count), size):
            mixed = background.copy()
            mixed[:, list(members)] = case[list(members)]
            worth[frozenset(members)] = tables.scores(mixed).mean(axis=0)
    phi = np.zeros((len(tables.classes), count))
    for members, value in worth.items():
        for question in set(range(count)) - members:
            weight = factorial(len(members)) * factorial(count - len(members) - 1) / factorial(count)
            phi[:, question] += weight * (worth[members | {question}] - value)
    return phi


def random_table_apart(seed: int) -> float:
    """How far ours lie from the definition, for tables, a background and a case drawn by a seed."""
    chance = np.random.default_rng(seed)
    sizes = tuple(chance.integers(1, MOST_CODES + 1, chance.integers(2, MOST_QUESTIONS + 1)).tolist())
    pairs = [pair for pair in combinations(range(len(sizes)), 2) if chance.random() < 0.5]
    classes = ("lav", "hoej", "hoejest")[: chance.integers(2, 4)]
    tables = random_tables(classes, sizes, tuple(pairs), seed)
    background = chance.integers(0, sizes, size=(chance.integers(1, 10), len(sizes))).astype(np.uint8)
    case = chance.integers(0, sizes).astype(np.uint8)
    phi, _ = shapley(tables, background).contributions(case)
    return float(np.abs(phi - by_definition(tables, background, case)).max())


def fitted_apart(seed: int) -> Apart:
    """How far ours lie from shap's for boosting fitted on drawn cases: additive and pairwise in turn."""
    chance = np.random.default_rng(seed)
    sizes = tuple(chance.integers(2, 9, chance.integers(4, 9)).tolist())
    classes = 2 + seed // 2 % 2
    codes = chance.integers(0, sizes, size=(500, len(sizes))).astype(np.uint8)
    said = random_tables(tuple("abc"[:classes]), sizes, ((0, 1), (1, 2)), seed).scores(codes)
    level = (said + chance.gumbel(size=said.shape)).argmax(axis=1)
    kind = ("no_interactions", "pairwise")[seed % 2]
    model = HistGradientBoostingClassifier(
        max_iter=40, max_leaf_nodes=4, learning_rate=0.2, interaction_cst=kind, random_state=seed
    )
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(codes.astype(float), level)
        tables = tables_of(model, sizes, codes, pairs=kind == "pairwise")
        background, rows = codes[:BACKGROUND], codes[BACKGROUND : BACKGROUND + EXPLAINED]
        ours = shapley(tables, background).contributions_many(rows)
        theirs, _ = shap_values(tables, background, rows)
        explainer = shap_itself().TreeExplainer(
            model, data=background.astype(float), feature_perturbation="interventional", model_output="raw"
        )
        by_tree = np.asarray(explainer.shap_values(rows.astype(float), check_additivity=False))
    by_tree = by_tree[:, None, :] if by_tree.ndim == 2 else np.swapaxes(by_tree, 1, 2)
    return Apart(
        permutation=float(np.abs(ours - theirs).max()),
        tree=float(np.abs(ours[:, -by_tree.shape[1] :] - by_tree).max()),
    )


def tables_of(model: Any, sizes: tuple[int, ...], codes: np.ndarray, pairs: bool) -> ScoreTables:
    """The tables of a fitted model without an area, held against it on every row."""
    area = SimpleNamespace(level_codes=tuple(str(each) for each in model.classes_))
    book = cast(Codebook, SimpleNamespace(sizes=sizes, area=area))

    def score(rows: np.ndarray) -> Floats:
        return np.asarray(model.decision_function(rows.astype(float)))

    tables = read_tables(book, codes, score, pairs)
    check_tables(tables, codes, score)
    return tables


def measure(share: float = 1.0) -> list[Figure]:
    """Every proof in its size, and how far the furthest value lay."""
    tables, models = share_of(TABLES, share, 25), share_of(MODELS, share, 4)
    definition = max(random_table_apart(seed) for seed in range(tables))
    fitted = [fitted_apart(seed) for seed in range(models)]
    permutation, tree = max(each.permutation for each in fitted), max(each.tree for each in fitted)
    return [
        _figure("contributions against the definition", f"{tables:,} random tables", definition, EXACT),
        _figure("contributions against shap's permutations", f"{models} fitted models", permutation, EXACT),
        _figure("contributions against shap's trees", f"{models} fitted models", tree, FLOAT32),
    ]


def _figure(what: str, size: str, found: float, goal: float) -> Figure:
    return Figure(what, "", size, f"{found:.1e} log-odds at most", f"under {goal:.0e}", found < goal)
