"""Fitting the kinds of model, and choosing the simplest that is no worse over several windows of time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.coding import Codes
from training import windows as in_time
from training.candidates import BOOSTED, KINDS, Candidate, Rows
from training.chance import Numbers
from training.kept import Kept
from training.measures import losses
from training.select import Scored, Split, score_all, simplest
from training.settling import settled
from training.spread import Task, fit_all

MOST_BOOSTED = 100_000
"""Boosting learns from so many cases at most, evenly over time, because its time grows with them. What the
rest would have added is not measured. The logistic model, and the counts behind values, rest on all."""


@dataclass(frozen=True)
class Choice:
    """What was tried, what was chosen, and how the kinds did in earlier windows."""

    scored: list[Scored]
    chosen: Scored
    windows: list[Any]


def choose(
    rows: Rows, later: Codes, split: Split, *, carried: str, seed: int, rare: int, kept: Kept,
    progress: Callable[[str], None],
) -> Choice:  # fmt: skip
    """Fit what the cases can carry, here and before every window, and choose. Raises TablesDiffer."""
    kinds = [name for name in KINDS if name == "prior" or carried == "model"]
    windows = in_time.windows_of(split.learned, rare) if len(kinds) > 1 else []
    own = [Task(name, name, _some(rows, name), KINDS[name][1], seed) for name in kinds]
    tasks = [*own, *in_time.tasks_of(windows, kinds, seed)]

    def done(task: str) -> None:
        name = task.rpartition("-")[2]
        progress(f"Fitted: {KINDS[name][0]}" + (", an earlier window" if name != task else ""))

    fitted = fit_all(tasks, kept, done)
    candidates = [
        Candidate(name, KINDS[name][0], settled(tables, rows.book, rows.codes, rare), _said(said, task, rows))
        for name, task, (tables, said) in zip(kinds, own, fitted, strict=False)
    ]
    before = _of_windows(windows, [tables for tables, _ in fitted[len(kinds) :]], len(kinds), rare)
    found = [losses(each.tables.probabilities(later), split.tested.level) for each in candidates]
    scored = score_all(
        candidates, found, [[window[place] for window in before] for place in range(len(kinds))]
    )
    return Choice(scored, simplest(scored), in_time.told(windows, kinds, before))


def _of_windows(
    windows: list[in_time.Window], fitted: list[Any], kinds: int, rare: int
) -> list[list[Numbers]]:
    """The losses, window by window and kind by kind."""
    return [
        [window.losses_of(tables, rare) for tables in fitted[number * kinds : (number + 1) * kinds]]
        for number, window in enumerate(windows)
    ]


def _some(rows: Rows, kind: str) -> Rows:
    if kind not in BOOSTED or len(rows.codes) <= MOST_BOOSTED:
        return rows
    return rows.drawn(np.unique(np.linspace(0, len(rows.codes) - 1, MOST_BOOSTED).astype(np.int64)))


def _said(said: dict[str, Any], task: Task, rows: Rows) -> dict[str, Any]:
    """The settings of a fit, and of how many cases it is where that is not all of them."""
    some = len(task.rows.codes)
    return said if some == len(rows.codes) else said | {"fitted_on": some}
