"""Fitting the kinds of model, and choosing the simplest that is no worse over several windows of time."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from models.coding import Codes
from training import windows as in_time
from training.candidates import KINDS, Candidate, Rows
from training.chance import Numbers
from training.kept import Kept
from training.measures import evenly, losses, mean_of
from training.select import Scored, Split, score_all, simplest
from training.settling import settled, settled_all
from training.spread import Task, fit_all

COMPARED_ON = 100_000
"""The kinds are compared as they come out of so many cases at most, evenly over time. What they differ by
there is larger than what more cases add to one of them. The one that is chosen is fitted on every case."""


@dataclass(frozen=True)
class Choice:
    """What was tried, what was chosen and fitted on every case, and how the kinds did in earlier windows."""

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
    some = _some(rows)
    own = [Task(name, name, some, KINDS[name][1], seed) for name in kinds]
    tasks = [*own, *in_time.tasks_of(windows, kinds, seed)]

    def done(task: str) -> None:
        name = task.rpartition("-")[2]
        progress(f"Fitted: {KINDS[name][0]}" + (", an earlier window" if name != task else ""))

    fitted = fit_all(tasks, kept, done)
    tables = settled_all((tables for tables, _ in fitted[: len(kinds)]), rows.book, rows.codes, rare)
    candidates = [
        Candidate(name, KINDS[name][0], own_tables, _said(said, some, rows))
        for name, own_tables, (_, said) in zip(kinds, tables, fitted, strict=False)
    ]
    before = _of_windows(windows, [tables for tables, _ in fitted[len(kinds) :]], len(kinds), rare)
    found = [losses(each.tables.probabilities(later), split.tested.level) for each in candidates]
    scored = score_all(
        candidates, found, [[window[place] for window in before] for place in range(len(kinds))]
    )
    chosen = simplest(scored)
    if len(some.codes) < len(rows.codes):
        progress("Fitting on every case")
        chosen = _on_every_case(chosen, rows, later, split, seed, rare, kept)
    return Choice(scored, chosen, in_time.told(windows, kinds, before))


def _on_every_case(
    chosen: Scored, rows: Rows, later: Codes, split: Split, seed: int, rare: int, kept: Kept
) -> Scored:
    """The chosen kind fitted on all cases; how far it lay behind the best was seen on fewer."""
    name = chosen.candidate.name
    ((tables, said),) = fit_all([Task(f"every-{name}", name, rows, KINDS[name][1], seed)], kept)
    candidate = replace(chosen.candidate, tables=settled(tables, rows.book, rows.codes, rare), settings=said)
    loss = losses(candidate.tables.probabilities(later), split.tested.level)
    return replace(chosen, candidate=candidate, loss=mean_of(loss))


def _of_windows(
    windows: list[in_time.Window], fitted: list[Any], kinds: int, rare: int
) -> list[list[Numbers]]:
    """The losses, window by window and kind by kind."""
    return [
        [window.losses_of(tables, rare) for tables in fitted[number * kinds : (number + 1) * kinds]]
        for number, window in enumerate(windows)
    ]


def _some(rows: Rows) -> Rows:
    return rows if len(rows.codes) <= COMPARED_ON else rows.drawn(evenly(len(rows.codes), COMPARED_ON))


def _said(said: dict[str, Any], some: Rows, rows: Rows) -> dict[str, Any]:
    """The settings of a fit, and of how many cases it is where that is not all of them."""
    return said if len(some.codes) == len(rows.codes) else said | {"fitted_on": len(some.codes)}
