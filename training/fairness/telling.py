"""How well something tells which group a case is of: the inputs, the explanation, what a suggestion misses.

A linear discriminant by least squares, learned on four fifths of the cases and tried on the last. Groups
differ in need, and what follows need tells them too: the same is done with the groups shuffled within strata
of need, and only what lies above that is more than need and chance. Looked at, never a test of the gate.
"""

from typing import Any

import numpy as np

from models.audit import FEWEST
from models.coding import Codes
from training.chance import Indexes, Numbers
from training.fairness.primary import Axis
from training.fairness.stratified import Members, within
from training.labelled import Levels
from training.measures import evenly

DRAWS = 99
MOST = 4000
"""Of more cases so many are taken, evenly: they tell an area to a hundredth."""
FOLDS = 5
BY_CHANCE = 0.95
FLAT = 1e-12


def told_by(
    values: Numbers | Members,
    axes: list[Axis],
    stratum: Indexes,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> list[dict[str, Any]]:
    """By attribute, how well `values` (n, d) tell its best-told group from all others, as an AUC.

    At least 0.5, a guess: below it, what was learned of some cases was wrong of the others. `by_chance` is
    what one in twenty shuffles within strata exceeds; `p` how often a shuffle tells as much. An attribute
    with fewer than two groups of 20 is left out.
    """
    some = evenly(len(values), MOST)
    pairs = [(axis, axis.members[some][:, axis.large]) for axis in axes if len(axis.large) > 1]
    if not pairs:
        return []
    members = np.hstack([each for _, each in pairs])
    edges = np.cumsum([0, *(each.shape[1] for _, each in pairs)])
    part = rng.permutation(len(some)) % FOLDS
    points = _spread(values[some].astype(np.float64))
    parts = [(part == fold, _directions(points, part != fold)) for fold in range(FOLDS)]
    place = stratum[some]

    def areas(groups: Members) -> Numbers:
        scores = np.zeros(groups.shape)
        for tried, solved in parts:
            found = points[tried] @ (solved @ groups[~tried])
            scores[tried] = found - found.mean(axis=0)
        of_each = [area_under(scores[:, column], groups[:, column]) for column in range(groups.shape[1])]
        return np.maximum(np.maximum.reduceat(of_each, edges[:-1]), 0.5)

    seen = areas(members)
    chance = np.stack([areas(members[within(place, rng)]) for _ in range(draws)])
    return [
        {
            "axis": axis.question.name, "label": axis.question.label, "auc": round(float(seen[at]), 3),
            "by_chance": round(float(np.quantile(chance[:, at], BY_CHANCE)), 3),
            "p": round(float((1 + (chance[:, at] >= seen[at]).sum()) / (draws + 1)), 3),
        }
        for at, (axis, _) in enumerate(pairs)
    ]  # fmt: skip


def of_inputs(codes: Codes) -> Members:
    """Codes (n, Q) as one column for each code that occurs."""
    return np.hstack([codes[:, [q]] == np.unique(codes[:, q]) for q in range(codes.shape[1])])


def of_residuals(judged: Levels, shares: Numbers) -> Numbers:
    """What the own judgement was, less what the calibrated shares said, level by level (n, K)."""
    return np.asarray(np.eye(shares.shape[1])[judged] - shares)


def area_under(scores: Numbers, is_one: Any) -> float:
    """The share of pairs in the right order, half for a tie; 0.5 where either side is under 20."""
    ones, others = int(is_one.sum()), int((~is_one).sum())
    if min(ones, others) < FEWEST:
        return 0.5
    order = np.sort(scores)
    mine = scores[is_one]
    middle = (np.searchsorted(order, mine) + np.searchsorted(order, mine, side="right") + 1) / 2
    return float((middle.sum() - ones * (ones + 1) / 2) / (ones * others))


def _spread(values: Numbers) -> Numbers:
    """Columns about their mean in units of their spread; one that never varies is left out."""
    spread = values.std(axis=0)
    return np.asarray((values - values.mean(axis=0))[:, spread > FLAT] / spread[spread > FLAT])


def _directions(spread: Numbers, learned: Any) -> Numbers:
    """What makes directions (d, g) of group indicators (n, g) of the cases learned from.

    A penalty as large as the number of columns keeps many columns of few cases from telling chance.
    """
    points = spread[learned]
    centred = points - points.mean(axis=0)
    weight = centred.T @ centred + max(points.shape[1], 1) * np.eye(points.shape[1])
    return np.asarray(np.linalg.solve(weight, centred.T))
