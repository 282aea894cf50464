"""How much better a model gets with more cases: the same later cases, more and more of the earlier ones."""

from typing import Any

from training.candidates import fit_candidate
from training.chance import Numbers
from training.codebook import fit_codebook
from training.evaluate import shares_of
from training.labelled import Labelled
from training.measures import losses, mean_of
from training.select import split_in_time
from training.table_reading import prior_tables

PARTS = (8, 4, 2, 1)
FEWEST, MOST = 60, 20_000
SEED = 140


def learning_curve(known: Labelled) -> dict[str, Any]:
    """The loss of a logistic model of the newest eighth, quarter, half and all of the earlier cases.

    `more_helps` is whether the last doubling made it better by more than a standard error. At most the newest
    20 000 cases are used; a part too small for a model gives no point.
    """
    split = split_in_time(known.rows(range(max(0, len(known) - MOST), len(known))))
    count, every = len(split.learned), len(known.area.levels)
    parts = [split.learned.rows(range(count - count // part, count)) for part in PARTS]
    found = [
        _losses(part, split.tested)
        for part in parts
        if len(part) >= FEWEST and len(set(part.level.tolist())) == every
    ]
    gained = mean_of(found[-2][1] - found[-1][1]) if len(found) > 1 else None
    return {
        "tested": len(split.tested),
        "points": [
            {
                "cases": cases,
                "log_loss": mean_of(loss).to_json(),
                "better_than_prior": mean_of(prior - loss).to_json(),
            }
            for cases, loss, prior in found
        ],
        "gained": None if gained is None else gained.to_json(),
        "more_helps": gained is not None and gained.value > gained.error,
    }


def _losses(earlier: Labelled, later: Labelled) -> tuple[int, Numbers, Numbers]:
    """How many cases there were, and the losses on later ones: of the model, and of the shares alone."""
    book = fit_codebook(earlier)
    codes = earlier.codes(book)
    model = fit_candidate("logistic", book, codes, earlier.level, SEED, earlier.weight).tables
    prior = prior_tables(book, earlier.level, earlier.weight)
    of_model, of_prior = (losses(shares_of(each, book, later), later.level) for each in (model, prior))
    return len(earlier), of_model, of_prior
