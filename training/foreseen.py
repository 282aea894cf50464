"""What the gate and the report will ask of a version of some cases, foreseen before anything is trained.

Few cases fail late: a model of them remembers whom it learned from, what is shown of one citizen is shared by
too few, and what each fact adds cannot be told from chance. Each is told here with what would do.
"""

from math import ceil
from typing import Any

import numpy as np

from models.given_away import MOST_TOLD, given_away
from models.recognisable import FEWEST
from models.support import RARE
from training.candidates import Rows, fit_candidate
from training.codebook import fit_codebook
from training.labelled import Labelled
from training.membership import membership
from training.proportion import FEWEST_LEARNED, FEWEST_MEASURED
from training.select import TEST_SHARE, Split, split_in_time
from training.windows import CUTS

KIND, SEED = "logistic", 140
"""A logistic model remembers as much as the boosted ones here, and is fitted in a fraction of a second."""
GUESS = 0.5


def foreseen(known: Labelled, carried: str) -> dict[str, Any]:
    """What cases that carry so much will meet. Without a model nobody can be told from it: `membership` None.

    `cases_needed` is a rough number, None where these will do.
    """
    split = split_in_time(known)
    return {
        "membership": _membership(split) if carried == "model" else None,
        "shared": _shared(split.learned),
        "proportion": _proportion(split, len(known)),
    }


def _membership(split: Split) -> dict[str, Any]:
    """The gate's own attack, on a logistic model of the cases that a version would learn from."""
    known = split.learned
    book = fit_codebook(known)
    rows = Rows(book, known.codes(book), known.level, known.weight)
    found = membership(fit_candidate(KIND, book, rows.codes, rows.level, SEED, rows.weight), rows, SEED, RARE)
    shown = {"fewest": FEWEST}  # counted apart
    refused = any(given_away({"membership": found, "shown": shown}))
    return {
        "kind": KIND, "auc": found["auc"], "interval": found["interval"], "n": found["n"], "most": MOST_TOLD,
        "refused": refused,
        "cases_needed": _fewer_remembered(found["auc"], len(known)) if refused else None,
    }  # fmt: skip


def _fewer_remembered(auc: float, learned: int) -> int:
    """In about how many cases, the later ones with them, the attack would find no more than may be told.

    What the attack finds beyond a guess falls with the root of the number of cases: as far as what one case
    moves a model beside what chance does.
    """
    times = ((auc - GUESS) / (MOST_TOLD - GUESS)) ** 2
    return _rounded(learned * times / (1 - TEST_SHARE))


def _shared(known: Labelled) -> dict[str, Any]:
    """Of how many cases all recognisable facts may be told, and of how many less; `refused` if of none."""
    area = known.area
    if not area.recognisable:
        return {"facts": [], "cases": len(known), "by_enough": len(known), "least": FEWEST, "refused": False}
    book = fit_codebook(known)
    codes = known.codes(book)[:, [book.names.index(name) for name in area.recognisable]]
    _, place, count = np.unique(codes, axis=0, return_inverse=True, return_counts=True)
    by_enough = int((count[place.reshape(-1)] >= FEWEST).sum())
    label = {question.name: question.label for question in area.learned}
    return {
        "facts": [label[name] for name in area.recognisable], "cases": len(known), "by_enough": by_enough,
        "least": FEWEST, "refused": by_enough == 0,
    }  # fmt: skip


def _proportion(split: Split, cases: int) -> dict[str, Any]:
    """Facts are told apart within what is learned from, which is split in time once more."""
    before, measured = len(split.learned) * CUTS[-1], len(split.learned) * (1 - CUTS[0])
    enough = before >= FEWEST_LEARNED and measured >= FEWEST_MEASURED
    learned = max(FEWEST_LEARNED / CUTS[-1], FEWEST_MEASURED / (1 - CUTS[0]))
    needed = ceil(learned / (1 - TEST_SHARE))
    return {"cases": cases, "measured": enough, "cases_needed": None if enough else needed}


def _rounded(cases: float) -> int:
    """Up to two digits that count: nobody knows it better."""
    step: int = 10 ** max(len(str(int(cases))) - 2, 0)
    return ceil(cases / step) * step
