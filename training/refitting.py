"""The chosen kind of model fitted again on cases drawn anew, so that it shows how far its values move.

Logistic models are quick and are fitted 20 times. Boosting is fitted fewer times, in a quarter of the rounds
and each of them four times as long, which moves the values rather more than the model's own rounds would.
"""

from typing import Any

import numpy as np

from models.coding import Codes
from models.stability import Stability, ranks_of, side_by_side
from models.tables import Floats, ScoreTables, shapley
from training.candidates import Candidate, Rows, coarser
from training.chance import Indexes, stream
from training.kept import NOWHERE, Kept
from training.measures import evenly
from training.pulls import same_order, strongest_of
from training.settling import settled_all
from training.spread import Task, fit_all

TIMES = {"prior": 20, "logistic": 20, "additive": 16, "pairwise": 12}
MEASURED_ON = 200
MOST = 50_000
"""Of more cases so many are drawn for each model. Fewer cases move a value more, never less: beyond this the
reach that is told is wider than it needs to be."""


def refit(candidate: Candidate, rows: Rows, seed: int, rare: int, kept: Kept = NOWHERE) -> ScoreTables:
    """Models of the candidate's kind, each of as many cases drawn with putting back, side by side.

    At most MOST cases are drawn. Each level keeps its share of them, so that none is lost by chance. Tables
    are settled by the cases there are, not by how often one was drawn: few citizens drawn often are few all
    the same.
    """
    name, settings = candidate.name, coarser(candidate)
    tasks = [
        Task(f"again-{number}-{name}", name, rows.drawn(_drawn(rows, seed, number)), settings, seed)
        for number in range(TIMES[name])
    ]
    again = (tables for tables, _ in fit_all(tasks, kept))
    return side_by_side(settled_all(again, rows.book, rows.codes, rare))


def _drawn(rows: Rows, seed: int, number: int) -> Indexes:
    rng = stream(seed, f"refit {number}")
    levels = [np.flatnonzero(rows.level == level) for level in np.unique(rows.level)]
    share = min(1.0, MOST / len(rows.level))
    return np.concatenate([rng.choice(places, max(1, round(share * len(places)))) for places in levels])


def steadiness(tables: ScoreTables, refitted: ScoreTables, background: Codes, codes: Codes) -> dict[str, Any]:
    """How steady the facts shown are, of at most 200 cases: the pull to the highest level from the lowest.

    `order` is the mean of Kendall's tau between the order of the five strongest facts in the model and in
    each refitted one, `told` the same over any two of which the page says that one is stronger; `unsure` is
    the share of shown facts whose direction is not certain.
    """
    some = codes[evenly(len(codes), MEASURED_ON)]
    found = shapley(tables, background).contributions_many(some)
    pulls = found[:, -1] - found[:, 0]
    stability = Stability(refitted, tables.classes, background)
    again = stability.contributions_many(some)
    others = again[:, :, -1] - again[:, :, 0]
    orders: list[float] = []
    told: list[Floats] = []
    shown = unsure = 0
    for row, pull in enumerate(pulls):
        strongest = strongest_of(pull)
        reach = stability.reach(some[row], 0, len(tables.classes) - 1)[strongest]
        shown += len(strongest)
        unsure += int((np.abs(pull[strongest]) <= reach).sum())
        if len(strongest) > 1:
            agree = same_order(pull[strongest], others[row][:, strongest])
            ranks = np.array(ranks_of(pull[strongest], others[row][:, strongest]))
            orders.append(float(agree.mean()))
            told.append(agree[:, np.less(*ranks[np.array(np.triu_indices(len(ranks), 1))])].ravel())
    return {
        "refitted": stability.count,
        "cases": len(some),
        "order": round(float(np.mean(orders)), 4) if orders else None,
        "told": _mean(np.concatenate(told)) if told else None,
        "unsure": round(unsure / shown, 4) if shown else None,
    }


def _mean(of: Floats) -> float | None:
    return round(float(of.mean()), 4) if len(of) else None
