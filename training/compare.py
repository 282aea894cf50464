"""Two model versions on the same later cases, with a tuned unrestricted model as yardstick."""

from typing import Any

from models.artifact import Artifact
from models.instants import instant_text, read_instant
from training.dataset import Dataset
from training.evaluate import NothingToTest, losses_of, rules_in, shares_of
from training.labelled import Labelled, labelled
from training.measures import accuracy, losses, mean_of
from training.pulls import Pulls, alike, shares_of_pull
from training.table_reading import prior_tables
from training.yardstick import LABEL, yardstick

FEWEST = 30
TOLD_FROM = 0.02
"""A fact's share of all pull must have moved by two percentage points to be told of."""


class CannotCompare(ValueError):
    """Two versions that speak of different things."""


def compare(a: Artifact, b: Artifact, data: Dataset, seed: int) -> dict[str, Any]:
    """Both versions on the cases decided after both had stopped learning. `better` is the loss of A less B's.

    `alike` says how alike they answer and explain, beside A fitted again.

    The prior and the yardstick learn from the cases before that, so the data must hold them too. Raises
    CannotCompare for different areas, NothingToTest when fewer than 30 cases of either kind are in the data.
    """
    if a.area.name != b.area.name:
        raise CannotCompare(f"{a.manifest.version} and {b.manifest.version} are of different areas")
    known, _ = labelled(data.area, data.cases, rules_in(b))
    start = max(read_instant(each.manifest.config["split"]["tested_from"]) for each in (a, b))
    earlier, later = known.between(None, start), known.between(start, None)
    if len(later) < FEWEST:
        raise NothingToTest(
            f"only {len(later)} labelled cases were decided from {start.date()} on, when both versions had "
            f"stopped learning; at least {FEWEST} are needed"
        )
    if len(earlier) < FEWEST:
        raise NothingToTest(
            f"only {len(earlier)} labelled cases were decided before {start.date()}; the yardstick learns "
            f"from them, and at least {FEWEST} are needed: give the history as well"
        )
    loss_a, loss_b = losses_of(a, later), losses_of(b, later)
    return {
        "a": a.manifest.version,
        "b": b.manifest.version,
        "tested_from": instant_text(start),
        "n": len(later),
        "models": [
            _row(a.manifest.version, loss_a, shares_of(a.tables, a.codebook, later), later),
            _row(b.manifest.version, loss_b, shares_of(b.tables, b.codebook, later), later),
            *_others(a, earlier, later, seed),
        ],
        "better": mean_of(loss_a - loss_b).to_json(),
        "verdict": _verdict(loss_a - loss_b),
        "alike": alike(Pulls(a, later), Pulls(b, later)),
        "facts": facts_moved(a, b, later),
    }


def _row(name: str, loss: Any, shares: Any, later: Labelled) -> dict[str, Any]:
    return {
        "name": name,
        "log_loss": mean_of(loss).to_json(),
        "accuracy": accuracy(shares, later.level).to_json(),
    }


def _others(a: Artifact, earlier: Labelled, later: Labelled, seed: int) -> list[dict[str, Any]]:
    """The shares of levels alone, and the yardstick; both learn from the earlier cases."""
    book = a.codebook
    prior = shares_of(prior_tables(book, earlier.level, earlier.weight), book, later)
    loss, settings = yardstick(book, earlier, later, seed)
    return [
        _row("Kun andelene", losses(prior, later.level), prior, later),
        {"name": LABEL, "log_loss": mean_of(loss).to_json(), "accuracy": None, "settings": settings},
    ]


def _verdict(difference: Any) -> str:
    better = mean_of(difference)
    if abs(better.value) <= better.error:
        return "no_clear_difference"
    return "b_is_better" if better.value > 0 else "a_is_better"


def facts_moved(a: Artifact, b: Artifact, later: Labelled) -> list[dict[str, Any]]:
    """Each used fact's share of all pull in either version, most moved first, with a Danish sentence."""
    pull_a, pull_b = (shares_of_pull(each, later.codes(each.codebook)) for each in (a, b))
    label = a.area.by_name
    moved = [(name, pull_a.get(name), pull_b.get(name)) for name in dict.fromkeys((*pull_a, *pull_b))]
    moved.sort(key=lambda each: (-abs((each[2] or 0.0) - (each[1] or 0.0)), each[0]))
    return [
        {
            "name": name,
            "a": round(old or 0.0, 4),
            "b": round(new or 0.0, 4),
            "sentence": _sentence(label[name].label, old, new),
        }
        for name, old, new in moved
    ]


def _sentence(label: str, old: float | None, new: float | None) -> str:
    if old is None or new is None:
        return f"{label} bruges {'ikke i den nye version' if new is None else 'kun i den nye version'}."
    moved = new - old
    if abs(moved) < TOLD_FROM:
        return f"{label} vejer omtrent det samme."
    return f"{label} vejer {'mere' if moved > 0 else 'mindre'} i den nye version."
