"""How far a contribution moves when the model is fitted again on cases drawn anew from those it learned from.

The refitted models lie side by side as one set of tables, whose classes are "0:low", "0:high",
"1:low" and so on: one look-up answers for all of them.
"""

from collections.abc import Sequence

import numpy as np

from models.coding import Codes
from models.tables import Floats, ScoreTables, shapley

FEWEST, MOST = 2, 31
STUDENT_90 = (
    6.314, 2.920, 2.353, 2.132, 2.015, 1.943, 1.895, 1.860, 1.833, 1.812, 1.796, 1.782, 1.771, 1.761, 1.753,
    1.746, 1.740, 1.734, 1.729, 1.725, 1.721, 1.717, 1.714, 1.711, 1.708, 1.706, 1.703, 1.701, 1.699, 1.697,
)  # fmt: skip
"""Student's t that leaves a twentieth on either side, for 1 to 30 degrees of freedom."""


def side_by_side(models: Sequence[ScoreTables]) -> ScoreTables:
    """Refitted models of the same levels and questions as one set of tables.

    ValueError for fewer than 2 or more than 31.
    """
    if not FEWEST <= len(models) <= MOST:
        raise ValueError(f"{len(models)} refitted models; {FEWEST} to {MOST} tell how far a value moves")
    pairs = sorted({pair for each in models for pair in each.pairs})
    sizes, levels = models[0].sizes, models[0].classes

    def pair_of(model: ScoreTables, q: int, r: int) -> Floats:
        return model.pairs.get((q, r), np.zeros((len(levels), sizes[q], sizes[r])))

    return ScoreTables(
        classes_of(len(models), levels),
        np.concatenate([each.base for each in models]),
        tuple(np.concatenate([each.singles[q] for each in models]) for q in range(len(sizes))),
        {(q, r): np.concatenate([pair_of(each, q, r) for each in models]) for q, r in pairs},
    )


def classes_of(count: int, levels: Sequence[str]) -> tuple[str, ...]:
    """The names under which the levels of so many refitted models stand side by side."""
    return tuple(f"{number}:{level}" for number in range(count) for level in levels)


def reach_of(values: Floats) -> Floats:
    """How far a value may lie from the model's own, with 90 % certainty; refitted models on the first axis.

    Student's t times the standard deviation over the models.
    """
    count = len(values)
    from_mean = values - values.sum(axis=0) / count
    return np.asarray(STUDENT_90[count - 2] * np.sqrt((from_mean * from_mean).sum(axis=0) / (count - 1)))


def check_refitted(refitted: ScoreTables, tables: ScoreTables) -> None:
    """Raises ValueError when these are not 2 to 31 models of the same levels and questions as the tables."""
    count = len(refitted.classes) // len(tables.classes)
    if refitted.classes != classes_of(count, tables.classes) or not FEWEST <= count <= MOST:
        raise ValueError("the refitted models are not of these levels, or too few or too many")
    if refitted.sizes != tables.sizes:
        raise ValueError("the refitted models do not fit the tables")


class Stability:
    """How far each contribution of a case may move, by refitted models that fit (`check_refitted`)."""

    def __init__(self, refitted: ScoreTables, levels: Sequence[str], background: Codes) -> None:
        self._levels = len(levels)
        self.count = len(refitted.classes) // self._levels
        self._explainer = shapley(refitted, background)

    def contributions_many(self, codes: Codes) -> Floats:
        """The contributions (n, models, K, Q) of codes (n, Q) under each of the refitted models."""
        found = self._explainer.contributions_many(codes)
        return found.reshape(len(codes), self.count, self._levels, -1)

    def pulls(self, codes: Codes, low: int, high: int) -> Floats:
        """Each question's pull from one level to another (models, Q), in log-odds."""
        found = self.contributions_many(codes[None, :])[0]
        return np.asarray(found[:, high] - found[:, low])

    def reach(self, codes: Codes, low: int, high: int) -> Floats:
        """How far the pull (Q,) from one level to another may lie from the model's own (`reach_of`)."""
        return reach_of(self.pulls(codes, low, high))


def ranks_of(own: Floats, again: Floats) -> list[int]:
    """The rank of each of some pulls (n,), strongest first: 1 for all that may as well be the strongest.

    `again` (models, n) are the same pulls in refitted models. One has a later rank than another only when all
    before it are stronger with 90 % certainty than it and all after it.
    """
    sizes, others = np.abs(own), np.abs(again)
    surely = sizes[:, None] - sizes > reach_of(others[:, :, None] - others[:, None, :])
    ranks = [1] * len(own)
    for place in range(1, len(own)):
        ranks[place] = place + 1 if surely[:place, place:].all() else ranks[place - 1]
    return ranks
