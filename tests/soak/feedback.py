"""The biased town of tests/training again and again: how its gap moves under several habits of following."""

import os

import numpy as np

from models import areas
from tests.soak.figures import Figure, share_of
from tests.training.biased_town import TOWN, Round, by_the_rules, naive, played, undeclared

ROUNDS, OF_EACH_NEED, TOWNS = 8, 120, 20
FOLLOWS = (0.5, 0.7, 0.9)
KEPT, GONE = 0.05, 0.01


def measure(share: float) -> list[Figure]:
    """A gap in levels at round 4 and 8, for each share of staff who follow, with and without the rules."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    towns = share_of(TOWNS, share, 2)
    with areas.registered(TOWN):
        return [figure for follow in FOLLOWS for figure in _figures(follow, towns)]


def _figures(follow: float, towns: int) -> list[Figure]:
    size = f"{towns} towns, {ROUNDS} rounds of {25 * OF_EACH_NEED} cases, {follow:.0%} follow"
    without = [played(naive, ROUNDS, OF_EACH_NEED, follow, seed) for seed in range(towns)]
    ruled = [played(by_the_rules, ROUNDS, OF_EACH_NEED, follow, seed) for seed in range(towns)]
    unsaid = [played(undeclared, ROUNDS, OF_EACH_NEED, follow, seed) for seed in range(towns)]
    kept, gone, slow = _gaps(without, 3), _gaps(ruled, 3), _gaps(unsaid, 7)
    worst = min(_over_error(each) for rounds in ruled for each in rounds)
    return [
        Figure("gap when every decision is a label", "–", size, f"{_told(kept)} at round 4",
               f"at least {KEPT}, everywhere", bool((kept <= -KEPT).all())),
        Figure("gap by the label rules", "–", size,
               f"{_told(gone)} at round 4, {_told(_gaps(ruled, 7))} at 8",
               f"under {GONE} in the mean, and in nine towns of ten",
               bool(abs(gone.mean()) < GONE and (np.abs(gone) < GONE).mean() >= 0.9)),
        Figure("gap by the label rules, the change of practice not declared", "–", size,
               f"{_told(_gaps(unsaid, 3))} at round 4, {_told(slow)} at 8", f"under {KEPT} at round 8",
               bool((np.abs(slow) < KEPT).all())),
        Figure("decisions with the tool, by the label rules", "–", size,
               f"the worst round lies {worst:+.1f} standard errors from without", "no worse than -1.96",
               bool(worst >= -1.96)),
    ]  # fmt: skip


def _gaps(towns: list[list[Round]], number: int) -> np.ndarray:
    return np.array([rounds[number].gap for rounds in towns], dtype=np.float64)


def _over_error(each: Round) -> float:
    return min(better / error if error else 0.0 for better, error in (each.better, each.better_for_group))


def _told(gaps: np.ndarray) -> str:
    return f"{gaps.mean():+.3f} ({gaps.min():+.3f} to {gaps.max():+.3f})"
