"""Whether a model gives away whom it learned from: an attack on models of its kind and settings.

Cases are drawn into parts at random, so that members and others come from the same time and drift is not
mistaken for membership. Each model learns from half of the cases: fewer are remembered more, so the number
is rather too high than too low for the model of them all. Two attacks guess
who was learned from: by a case's loss alone, and by how much smaller it is than under a model that is known
not to have learned from the case (a calibrated attack in the manner of LiRA; Carlini et al. 2022).

It measures what the score tables give away. The reference cases lie in the version as they are, under random
keys, and are guarded by who may read its folder and by the coarsening of what is shown of them.
"""

from typing import Any

import numpy as np

from training.candidates import Candidate, Rows, coarser
from training.chance import Indexes, Numbers, stream
from training.kept import NOWHERE, Kept
from training.measures import Z95, losses
from training.settling import settled
from training.spread import Task, fit_all

PARTS = 4
MOST = 20_000
"""Of more cases so many are drawn. Fewer cases are remembered more, never less."""


def membership(
    candidate: Candidate, rows: Rows, seed: int, rare: int, kept: Kept = NOWHERE
) -> dict[str, Any]:
    """How well the stronger attack tells learned cases from others: `auc` with a 95 % `interval`.

    0.5 is a guess. `n` cases were drawn; each was outside of two models and learned from by the others.
    """
    rng = stream(seed, "membership")
    drawn = np.sort(rng.permutation(len(rows.level))[:MOST])
    some, part = rows.drawn(drawn), rng.permutation(np.arange(len(drawn)) % PARTS)
    loss = _losses(candidate, some, part, seed, rare, kept)
    attacks = {"loss": attack(-loss, part), "calibrated": attack(_beside_outsider(loss, part), part)}
    strongest = max(attacks, key=lambda name: attacks[name])
    return {
        "n": len(drawn),
        "models": PARTS,
        "attack": strongest,
        "auc": round(attacks[strongest], 4),
        "interval": _interval(attacks[strongest], len(drawn)),
        "attacks": {name: round(found, 4) for name, found in attacks.items()},
    }


def left_out(part: Indexes, model: int) -> Any:
    """Which cases a model did not learn from: those of its own part and of the next."""
    return (part == model) | (part == (model + 1) % PARTS)


def attack(sure: Numbers, part: Indexes) -> float:
    """The mean over models of the share of pairs in which the learned case looks the more learned from.

    `sure` (models, n) is the greater, the surer an attacker is that the model learned from the case.
    """
    outside = [left_out(part, model) for model in range(len(sure))]
    return float(np.mean([auc(own[~out], own[out]) for own, out in zip(sure, outside, strict=True)]))


def auc(inside: Numbers, outside: Numbers) -> float:
    """The share of pairs in which the one inside is the greater; equals count by half. Both not empty."""
    ordered = np.sort(outside)
    below, not_above = (np.searchsorted(ordered, inside, side) for side in ("left", "right"))
    return float((below + not_above).mean() / (2 * len(outside)))


def _losses(candidate: Candidate, rows: Rows, part: Indexes, seed: int, rare: int, kept: Kept) -> Numbers:
    """The loss of every case (models, n) under models that each leave two parts out."""
    name, settings = candidate.name, coarser(candidate)
    learned = [rows.drawn(np.flatnonzero(~left_out(part, model))) for model in range(PARTS)]
    tasks = [Task(f"member-{m}-{name}", name, own, settings, seed) for m, own in enumerate(learned)]
    fitted = [
        settled(tables, rows.book, own.codes, rare)
        for own, (tables, _) in zip(learned, fit_all(tasks, kept), strict=True)
    ]
    return np.array([losses(tables.probabilities(rows.codes), rows.level) for tables in fitted])


def _beside_outsider(loss: Numbers, part: Indexes) -> Numbers:
    """How much smaller a case's loss is than under another model that left it out."""
    places = np.arange(len(part))
    own, other = loss[part, places], loss[(part - 1) % PARTS, places]
    models = np.arange(len(loss))[:, None]
    return np.where(models == part, other, own) - loss


def _interval(found: float, n: int) -> list[float]:
    """The 95 % interval of Hanley and McNeil, with every case counted once on either side."""
    by_one, by_other = found / (2 - found), 2 * found**2 / (1 + found)
    spread = found * (1 - found) + (n - 1) * (by_one + by_other - 2 * found**2)
    reach = Z95 * float(np.sqrt(max(spread, 0.0))) / n
    return [round(max(found - reach, 0.0), 4), round(min(found + reach, 1.0), 4)]
