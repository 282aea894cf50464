"""Choosing between candidates: on later cases, and the simplest that is no worse than the best.

What is measured is what is kept: the chosen model is not fitted again on the cases it was measured on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from models.instants import instant_text
from training.candidates import Candidate
from training.chance import Numbers
from training.labelled import Labelled
from training.measures import Mean, mean_of

TEST_SHARE = 0.2


@dataclass(frozen=True)
class Split:
    """Learned from before `at`, measured from `at` on; no case of one instant falls on both sides."""

    at: datetime
    learned: Labelled
    tested: Labelled

    def to_json(self) -> dict[str, Any]:
        """The split as an evaluation keeps it."""
        return {
            "tested_from": instant_text(self.at),
            "tested_to": instant_text(self.tested.cases[-1].decided_at),
            "n_learned": len(self.learned),
            "n_tested": len(self.tested),
        }


@dataclass(frozen=True)
class Scored:
    """A candidate with its mean loss on the later cases, and how far it lies behind the best.

    `behind` is over the later cases and those of every earlier window together.
    """

    candidate: Candidate
    loss: Mean
    behind: Mean

    @property
    def no_worse(self) -> bool:
        """Whether it lies within one standard error of the best; the difference is taken case by case."""
        return self.behind.value <= self.behind.error

    def to_json(self) -> dict[str, Any]:
        """The row of a table of candidates."""
        return {
            "name": self.candidate.name,
            "label": self.candidate.label,
            "log_loss": self.loss.to_json(),
            "behind_best": self.behind.to_json(),
            "within_one_standard_error": self.no_worse,
            "pairs": len(self.candidate.tables.pairs),
            "settings": self.candidate.settings,
        }


def split_in_time(known: Labelled, test_share: float = TEST_SHARE) -> Split:
    """The last `test_share` of the cases by instant of decision are measured on, the others learned from."""
    at = known.cases[int(len(known) * (1 - test_share))].decided_at
    return Split(at, known.between(None, at), known.between(at, None))


def score_all(
    candidates: Sequence[Candidate], losses: Sequence[Numbers], before: Sequence[Sequence[Numbers]] = ()
) -> list[Scored]:
    """Every candidate beside the best, in the given order; `losses` are case by case on the same cases.

    `before` are each candidate's losses in earlier windows; which is best, they all decide together.
    """
    earlier = before or [[] for _ in candidates]
    every = [np.concatenate([*own, loss]) for own, loss in zip(earlier, losses, strict=True)]
    best = min(every, key=lambda each: float(each.mean()))
    return [
        Scored(candidate, mean_of(loss), mean_of(own - best))
        for candidate, loss, own in zip(candidates, losses, every, strict=True)
    ]


def simplest(scored: Sequence[Scored]) -> Scored:
    """The first, and so the simplest, within one standard error of the best."""
    return next(each for each in scored if each.no_worse)
