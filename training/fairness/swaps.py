"""Would the suggestion be another if a citizen belonged to another group? Through the input, and its proxies.

A protected attribute is never an input, so to swap it changes nothing; that is checked by name. A proxy is an
input that tells the attribute. It is swapped as it would plausibly be: within the same need each case takes
the value that stands at its own rank among the others' values. What shuffled groups flip is taken off, for
two groups of the same citizens differ by chance too.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from models.artifact import Artifact
from models.coding import Codes
from training.chance import Indexes, Numbers
from training.fairness.panel import Panel
from training.fairness.primary import Axis
from training.fairness.stratified import within
from training.fairness.telling import area_under
from training.labelled import Levels

TOP = 5
BY_CHANCE = 3
FOLDS = 2

Suggest = Callable[[Codes], Levels]


def flips(
    artifact: Artifact, codes: Codes, panel: Panel, axes: list[Axis], rng: np.random.Generator
) -> dict[str, Any]:
    """Protected attributes among the inputs, and what changes through the five best proxies of each."""
    book, area = artifact.codebook, panel.area
    apart = {question.name for question in area.kept_apart}

    def suggest(changed: Codes) -> Levels:
        return np.asarray(artifact.tables.scores(changed).argmax(axis=1), dtype=np.int64)

    through = []
    for axis in axes:
        if len(axis.large) < 2:
            continue
        group = panel.attributes[axis.question.name]
        aucs = [_auc(codes[:, [q]], group, axis, rng) for q in range(codes.shape[1])]
        for q in sorted(range(len(aucs)), key=lambda each: -aucs[each])[:TOP]:
            name = book.names[q]
            through.append({
                "axis": axis.question.name, "axis_label": axis.question.label, "name": name,
                "label": area.by_name[name].label, "auc": round(aucs[q], 3),
                "clinical": name in {*area.need, *area.clinical},
                **_flipped(suggest, codes, q, axis.members[:, axis.large], panel.stratum, rng),
            })  # fmt: skip
    return {"direct": sorted(apart & set(book.names)), "through": through}


def _flipped(
    suggest: Suggest, codes: Codes, q: int, members: Any, stratum: Indexes, rng: np.random.Generator
) -> dict[str, float]:
    """The share of suggestions that change, and the share beyond what shuffled groups change."""
    before = suggest(codes)

    def share(groups: Any) -> float:
        changed = codes.copy()
        changed[:, q] = swapped(codes[:, q], groups, stratum, rng)
        return float((suggest(changed) != before).mean())

    seen = share(members)
    chance = [share(members[within(stratum, rng)]) for _ in range(BY_CHANCE)]
    return {"flips": round(seen, 4), "excess": round(seen - float(np.mean(chance)), 4)}


def swapped(codes: Codes, members: Any, stratum: Indexes, rng: np.random.Generator) -> Codes:
    """Each member's code becomes the one at the same rank among those of its stratum outside its group."""
    found = codes.copy()
    for s in range(int(stratum.max(initial=-1)) + 1):
        here = stratum == s
        for column in range(members.shape[1]):
            mine, others = (
                np.flatnonzero(here & members[:, column]),
                np.flatnonzero(here & ~members[:, column]),
            )
            if not len(mine) or not len(others):
                continue
            ranks = np.argsort(np.argsort(codes[mine] + rng.random(len(mine)), kind="stable"))
            place = ((ranks + 0.5) / len(mine) * len(others)).astype(np.int64)
            found[mine] = np.sort(codes[others])[np.minimum(place, len(others) - 1)]
    return found


def _auc(codes: Codes, group: Any, axis: Axis, rng: np.random.Generator) -> float:
    """How well the codes tell a group from all others (naive Bayes on halves): the best-told group's AUC."""
    half = rng.permutation(len(codes)) % FOLDS
    best = 0.5
    for column in axis.large:
        is_one = group == axis.codes[column]
        scores = np.zeros(len(codes))
        for fold in range(FOLDS):
            scores[half == fold] = _log_odds(codes, is_one, half != fold)[half == fold]
        best = max(best, area_under(scores, is_one))
    return best


def _log_odds(codes: Codes, is_one: Any, learned: Any) -> Numbers:
    scores = np.zeros(len(codes))
    for q in range(codes.shape[1]):
        size = int(codes[:, q].max()) + 1
        counts = [np.bincount(codes[learned & each, q], minlength=size) + 0.5 for each in (is_one, ~is_one)]
        table = np.log(counts[0] / counts[0].sum()) - np.log(counts[1] / counts[1].sum())
        scores += table[codes[:, q]]
    return scores
