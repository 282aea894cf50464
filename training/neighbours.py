"""Which similarity gives useful neighbours, and when a case lies too far from everything learned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.coding import Codebook, Codes
from models.manifest import Thresholds
from models.similarity import Similarity
from models.tables import ScoreTables, shapley
from training.chance import Numbers
from training.labelled import Levels
from training.measures import Mean, losses, mean_of

NEIGHBOURS = 20
AT_LEAST = 10
QUERIES = 600
FEWEST_FOR_THRESHOLDS = 50
Weights = Mapping[str, float]


@dataclass(frozen=True)
class Weighing:
    """One way to weigh the questions, and how well the neighbours it finds foretell a human's level."""

    name: str
    label: str
    weights: Weights
    loss: Mean
    agreement: Mean
    behind: Mean

    def to_json(self) -> dict[str, Any]:
        """The row of a table of weighings."""
        return {
            "name": self.name,
            "label": self.label,
            "log_loss": self.loss.to_json(),
            "agreement": self.agreement.to_json(),
            "behind_best": self.behind.to_json(),
        }


def weigh(
    book: Codebook,
    tables: ScoreTables,
    background: Codes,
    codes: Codes,
    level: Levels,
    later: Codes,
    truth: Levels,
) -> list[Weighing]:
    """The profession's weights, the model's and both, each tried on later cases (at most 600)."""
    profession = {coding.question.name: coding.question.weight for coding in book.codings}
    queries = later[_spread(len(later))], truth[_spread(len(later))]
    tried = {"profession": ("Fagets vægte", profession)}
    pull = np.abs(shapley(tables, background).contributions_many(background)).sum(axis=1).mean(axis=0)
    if pull.sum() > 0:
        model = dict(zip(book.names, (pull / pull.sum()).tolist(), strict=True))
        total = sum(profession.values())
        both = {name: 0.5 * profession[name] / total + 0.5 * model[name] for name in book.names}
        tried |= {"both": ("Halvt faget, halvt modellen", both), "model": ("Modellens vægte", model)}
    found = {name: _try(book, weights, codes, level, queries) for name, (_, weights) in tried.items()}
    best = min((loss for loss, _ in found.values()), key=lambda each: float(each.mean()))
    return [
        Weighing(name, label, weights, mean_of(found[name][0]), mean_of(found[name][1]),
                 mean_of(found[name][0] - best))
        for name, (label, weights) in tried.items()
    ]  # fmt: skip


def chosen_weighing(weighings: Sequence[Weighing]) -> Weighing:
    """The first within one standard error of the best; the profession's own weights come first."""
    return next(each for each in weighings if each.behind.value <= each.behind.error)


def thresholds_of(
    book: Codebook, weights: Weights, codes: Codes, values: Sequence[Mapping[str, Any]]
) -> Thresholds:
    """When to say nothing, from the learned cases themselves: what would be unusual among them.

    Cases count as alike when 19 in 20 learned cases have ten so alike; a case lies outside when its nearest
    is further off than for 99 in 100. The share of missing answers may be as in 98 of 100, and at least
    a third. Fewer than 50 cases say nothing about what is unusual: then the declared defaults hold.
    """
    if len(codes) < FEWEST_FOR_THRESHOLDS:
        return Thresholds()
    found = _similarity(book, weights, codes)
    tenth, nearest = [], []
    for row in _spread(len(codes)):
        distances = np.delete(found.scan(codes[row]).distances, row)
        near = np.sort(np.partition(distances, AT_LEAST)[:AT_LEAST])
        nearest.append(1 - near[0])
        tenth.append(1 - near[-1])
    alike = _floor(float(np.quantile(tenth, 0.05)))
    return Thresholds(
        min_similar=AT_LEAST,
        min_similarity=alike,
        min_nearest=max(alike, _floor(float(np.quantile(nearest, 0.01)))),
        max_missing_share=round(max(1 / 3, float(np.quantile(_missing(book, values), 0.98))), 3),
    )


def _missing(book: Codebook, values: Sequence[Mapping[str, Any]]) -> list[float]:
    asked = [question.name for question in book.area.learned if not question.computed]
    return [sum(row[name] is None for name in asked) / len(asked) for row in values]


def _try(
    book: Codebook, weights: Weights, codes: Codes, level: Levels, queries: tuple[Codes, Levels]
) -> tuple[Numbers, Numbers]:
    """For each query the loss of its neighbours' shares, and whether most of them got the same level."""
    found = _similarity(book, weights, codes)
    n_classes = len(book.area.level_codes)
    everyone = np.ones(len(codes), dtype=np.bool_)
    counts = np.array(
        [
            np.bincount(level[found.scan(query).nearest(NEIGHBOURS, everyone)], minlength=n_classes)
            for query in queries[0]
        ]
    )
    shares = (counts + 0.5) / (counts + 0.5).sum(axis=1, keepdims=True)
    return losses(shares, queries[1]), (counts.argmax(axis=1) == queries[1]).astype(np.float64)


def _similarity(book: Codebook, weights: Weights, codes: Codes) -> Similarity:
    distances = [book.distance_table(name) for name in book.names]
    return Similarity(np.ascontiguousarray(codes.T), distances, [weights[name] for name in book.names])


def _spread(n: int) -> list[int]:
    """At most 600 rows, evenly over all of them."""
    return sorted({int(row) for row in np.linspace(0, n - 1, min(n, QUERIES))})


def _floor(share: float) -> float:
    return float(np.floor(max(share, 0.0) * 1000) / 1000)
