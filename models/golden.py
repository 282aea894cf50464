"""Golden rows: codes with the score and contributions that the learning library and shap gave in training."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from models.coding import Codes
from models.tables import Explainer, Floats, ScoreTables


@dataclass(frozen=True)
class Golden:
    """`codes` (g, Q), `scores` (g, K), `contributions` (g, K, Q) and `base` (K,), in log-odds.

    With two levels the first one's numbers are 0, as in the tables.
    """

    codes: Codes
    scores: Floats
    contributions: Floats
    base: Floats

    def to_json(self) -> dict[str, Any]:
        """The rows as plain JSON; Python writes a float64 so that it reads back the same."""
        return {
            "codes": self.codes.tolist(),
            "scores": self.scores.tolist(),
            "contributions": self.contributions.tolist(),
            "base": self.base.tolist(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Rows from `to_json`; raises KeyError or ValueError when they are not."""
        return cls(
            np.array(data["codes"], dtype=np.uint8),
            np.array(data["scores"], dtype=np.float64),
            np.array(data["contributions"], dtype=np.float64),
            np.array(data["base"], dtype=np.float64),
        )


def largest_difference(golden: Golden, tables: ScoreTables, explainer: Explainer) -> float:
    """How far the tables are from the golden rows at most, in log-odds; infinite when shapes differ."""
    pairs = (
        (golden.scores, tables.scores(golden.codes)),
        (golden.contributions, explainer.contributions_many(golden.codes)),
        (golden.base, explainer.base),
    )
    if any(stored.shape != ours.shape or not stored.size for stored, ours in pairs):
        return float("inf")
    return max(float(np.abs(stored - ours).max()) for stored, ours in pairs)
