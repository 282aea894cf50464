"""Cross-validation in time: every kind of model on several windows, each after the cases it learned from.

One stretch of later cases may favour a kind by chance, or by what happened just then. So each kind is also
fitted on the first three fifths of what is learned from, and on the first four, and measured on the next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from models.coding import Codes
from models.tables import ScoreTables
from training.candidates import KINDS, Rows
from training.chance import Numbers
from training.codebook import fit_codebook
from training.labelled import Labelled
from training.measures import evenly, losses, mean_of
from training.select import Split
from training.settling import settled
from training.spread import Task

CUTS = (0.6, 0.8)
FEWEST_LEARNED, FEWEST_MEASURED = 1000, 200
"""A window with fewer cases tells chance; then the later cases alone decide between the kinds."""
MOST = 40_000
"""Of so many cases at most, evenly over time, each window is made: kinds differ by more than that hides."""


@dataclass(frozen=True)
class Window:
    """One split in time, coded by what is known before it."""

    split: Split
    rows: Rows
    later: Codes

    def losses_of(self, tables: ScoreTables, rare: int) -> Numbers:
        """The losses of a fitted model, once settled, on the cases of the window."""
        tables = settled(tables, self.rows.book, self.rows.codes, rare)
        return losses(tables.probabilities(self.later), self.split.tested.level)


def windows_of(learned: Labelled, rare: int) -> list[Window]:
    """The windows that have enough cases, oldest first; the last fifth of the learned cases is the last."""
    found = []
    for start, end in zip(CUTS, (*CUTS[1:], 1.0), strict=True):
        at = learned.cases[int(len(learned) * start)].decided_at
        until = None if end == 1.0 else learned.cases[int(len(learned) * end)].decided_at
        earlier, later = _some(learned.between(None, at)), _some(learned.between(at, until))
        every = len(set(earlier.level.tolist())) == len(learned.area.levels)
        if len(earlier) >= FEWEST_LEARNED and len(later) >= FEWEST_MEASURED and every:
            book = fit_codebook(earlier, rare)
            rows = Rows(book, earlier.codes(book), earlier.level, earlier.weight)
            found.append(Window(Split(at, earlier, later), rows, later.codes(book)))
    return found


def tasks_of(windows: Sequence[Window], kinds: Sequence[str], seed: int) -> list[Task]:
    """A fit of every kind before every window, window by window."""
    return [
        Task(f"window-{number}-{kind}", kind, window.rows, KINDS[kind][1], seed)
        for number, window in enumerate(windows)
        for kind in kinds
    ]


def told(windows: Sequence[Window], kinds: Sequence[str], found: Sequence[Sequence[Numbers]]) -> list[Any]:
    """Each window as an evaluation keeps it; `found` are the losses, window by window and kind by kind."""
    return [
        {
            **window.split.to_json(),
            "log_loss": {kind: mean_of(loss).to_json() for kind, loss in zip(kinds, of_kinds, strict=True)},
        }
        for window, of_kinds in zip(windows, found, strict=True)
    ]


def _some(cases: Labelled) -> Labelled:
    return cases if len(cases) <= MOST else cases.rows(evenly(len(cases), MOST).tolist())
