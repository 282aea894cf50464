"""What each fact adds, and how few would do: the same kind of model without some, on the same later cases.

A fact is left out by answering it with nothing in every case, so that the codes stay what they are. What it
adds is the mean of how much greater each later case's loss is without it. What other facts tell as well adds
little beside them: one that adds nothing here may add something once another is gone.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.coding import Codes
from models.question_codes import MISSING
from training.candidates import Candidate, Rows, coarser
from training.chance import Numbers
from training.kept import NOWHERE, Kept
from training.labelled import Levels
from training.measures import Z95, losses, mean_of
from training.settling import settled
from training.spread import Task, fit_all

MOST = 10_000
"""Of more cases so many, evenly over time, are learned from and as many measured on: there are many fits."""
FEWEST_LEARNED, FEWEST_MEASURED = 2000, 400
"""With fewer cases than either, no fact can be told from chance."""
STEPS = (1, 2, 3, 4, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50)
"""How many facts are tried together, the most useful first."""


@dataclass(frozen=True)
class _Fits:
    """One kind of model, to be fitted with some of the facts at a time."""

    rows: Rows
    later: Codes
    level: Levels
    kind: str
    settings: dict[str, Any]
    seed: int
    rare: int
    kept: Kept

    def losses(self, sets: Sequence[Collection[int]]) -> list[Numbers]:
        """The loss of every later case (n,) with each set of columns alone."""
        own = [_only(self.rows.codes, columns) for columns in sets]
        named = ["-".join(map(str, sorted(columns))) for columns in sets]
        tasks = [
            Task(f"with-{name}-{self.kind}", self.kind, self._rows(codes), self.settings, self.seed)
            for name, codes in zip(named, own, strict=True)
        ]
        found = []
        for columns, codes, (tables, _) in zip(sets, own, fit_all(tasks, self.kept), strict=True):
            tables = settled(tables, self.rows.book, codes, self.rare)
            found.append(losses(tables.probabilities(_only(self.later, columns)), self.level))
        return found

    def _rows(self, codes: Codes) -> Rows:
        return Rows(self.rows.book, codes, self.rows.level, self.rows.weight)


def proportion(
    candidate: Candidate,
    rows: Rows,
    later: Codes,
    level: Levels,
    *,
    seed: int,
    rare: int,
    kept: Kept = NOWHERE,
) -> dict[str, Any] | None:
    """Every fact with what it `adds` in nats and its 95 % `interval`, and the smallest set that is no worse.

    A fact whose interval reaches 0 `may_go`. `smallest` are the fewest of the tried facts that lie within one
    standard error of all. None with too few cases, and where the chosen model uses no facts. A pairwise model
    is measured without its pairs.
    """
    if candidate.name == "prior" or len(rows.level) < FEWEST_LEARNED or len(level) < FEWEST_MEASURED:
        return None
    names, every = rows.book.names, range(len(rows.book.names))
    fits = _fits(candidate, rows, later, level, seed, rare, kept)
    whole, *without = fits.losses([every, *([q for q in every if q != left_out] for left_out in every)])
    adds = [mean_of(loss - whole) for loss in without]
    order = sorted(every, key=lambda q: -adds[q].value)
    counts = [count for count in STEPS if count < len(names)]
    sets = [
        (count, mean_of(loss - whole))
        for count, loss in zip(counts, fits.losses([order[:count] for count in counts]), strict=True)
    ]
    enough = next((count for count, behind in sets if behind.value <= behind.error), len(names))
    return {
        "kind": fits.kind,
        "learned_from": len(fits.rows.level),
        "measured_on": len(fits.level),
        "facts": [
            {
                "name": names[q],
                "adds": adds[q].to_json(),
                "interval": [round(adds[q].value + sign * Z95 * adds[q].error, 6) for sign in (-1, 1)],
                "may_go": bool(adds[q].value - Z95 * adds[q].error <= 0),
            }
            for q in order
        ],
        "sets": [{"facts": count, "behind_all": behind.to_json()} for count, behind in sets],
        "smallest": [names[q] for q in order[:enough]],
    }


def _fits(
    candidate: Candidate, rows: Rows, later: Codes, level: Levels, seed: int, rare: int, kept: Kept
) -> _Fits:
    kind, settings = candidate.name, coarser(candidate)
    if kind == "pairwise":
        kind, settings = "additive", settings | {"interaction_cst": "no_interactions"}
    learned, measured = _evenly(len(rows.level)), _evenly(len(level))
    return _Fits(rows.drawn(learned), later[measured], level[measured], kind, settings, seed, rare, kept)


def _evenly(count: int) -> Any:
    return np.unique(np.linspace(0, count - 1, min(count, MOST)).astype(np.int64))


def _only(codes: Codes, columns: Collection[int]) -> Codes:
    """Codes (n, Q) in which every other column is not answered."""
    found = np.full_like(codes, MISSING)
    chosen = list(columns)
    found[:, chosen] = codes[:, chosen]
    return found
