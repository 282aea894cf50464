"""Which similarity gives useful neighbours, and when a case lies too far from everything learned."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.coding import Codebook, Codes
from models.manifest import Thresholds
from models.masks import Mask
from models.packing import Packed, Rows
from models.similarity import Similarity
from models.tables import ScoreTables, shapley
from training.chance import Numbers
from training.labelled import Labelled, Levels
from training.measures import Mean, evenly, losses, mean_of

NEIGHBOURS = 20
AT_LEAST = 10
QUERIES = 600
TRIED_AMONG = 40_000
"""Earlier cases among which the ways to weigh are compared, evenly over all of them."""
FEWEST_FOR_THRESHOLDS = 50
QUANTILES = 101
Weights = Mapping[str, float]
Finder = Callable[[int], Rows]
"""From the number of a query to its nearest cases."""


@dataclass(frozen=True)
class Weighing:
    """One way to find neighbours, and how well the levels of those it finds foretell a human's own.

    `weights` are of the questions; None is a yardstick that is measured and never chosen, because nobody
    could see in it why two cases are alike. `behind` is the loss beyond the best that can be chosen.
    """

    name: str
    label: str
    weights: Weights | None
    loss: Mean
    agreement: Mean
    behind: Mean

    def to_json(self) -> dict[str, Any]:
        """The row of a table of weighings."""
        return {
            "name": self.name,
            "label": self.label,
            "yardstick": self.weights is None,
            "log_loss": self.loss.to_json(),
            "agreement": self.agreement.to_json(),
            "behind_best": self.behind.to_json(),
        }


@dataclass(frozen=True)
class Trial:
    """Earlier cases with their levels, and later ones asked about them."""

    book: Codebook
    codes: Codes
    level: Levels
    later: Codes
    truth: Levels

    def by(self, weights: Weights) -> Finder:
        """Neighbours by likeness question by question."""
        found, everyone = _similarity(self.book, weights, self.codes), Mask.everyone(len(self.codes))
        return lambda query: found.scan(self.later[query]).nearest(NEIGHBOURS, everyone)[0]

    def near_in(self, here: Numbers, there: Numbers) -> Finder:
        """Neighbours by the sum of differences: `here` are the earlier cases' numbers, `there` the later."""
        return lambda query: _first(np.abs(here - there[query]).sum(axis=1).round(12))

    def outcome(self, finder: Finder) -> tuple[Numbers, Numbers]:
        """For each query the loss of its neighbours' shares, and whether most of them got the same level."""
        classes = len(self.book.area.level_codes)
        counts = np.array(
            [np.bincount(self.level[finder(query)], minlength=classes) for query in range(len(self.later))]
        )
        shares = (counts + 0.5) / (counts + 0.5).sum(axis=1, keepdims=True)
        return losses(shares, self.truth), (counts.argmax(axis=1) == self.truth).astype(np.float64)


def weigh(
    book: Codebook,
    tables: ScoreTables,
    background: Codes,
    codes: Codes,
    level: Levels,
    later: Codes,
    truth: Levels,
) -> list[Weighing]:
    """Every way to find neighbours, tried on later cases (at most 600, among at most 40,000 earlier ones).

    First those that can be chosen: the profession's weights, half and half, the model's. Then the yardsticks:
    equal weights, nearness in what pulled (SHAP), nearness in the model's scores.
    """
    among, asked = evenly(len(codes), TRIED_AMONG).tolist(), evenly(len(later), QUERIES).tolist()
    trial = Trial(book, codes[among], level[among], later[asked], truth[asked])
    ways = list(_ways(trial, tables, background))
    found = [trial.outcome(finder) for _, _, _, finder in ways]
    choosable = [loss for (loss, _), way in zip(found, ways, strict=True) if way[2] is not None]
    best = min(choosable, key=lambda each: float(each.mean()))
    return [
        Weighing(name, label, weights, mean_of(loss), mean_of(agreed), mean_of(loss - best))
        for (name, label, weights, _), (loss, agreed) in zip(ways, found, strict=True)
    ]


def _ways(
    trial: Trial, tables: ScoreTables, background: Codes
) -> Iterator[tuple[str, str, Weights | None, Finder]]:
    book, explainer = trial.book, shapley(tables, background)
    profession = {coding.question.name: coding.question.weight for coding in book.codings}
    yield "profession", "Fagets vægte", profession, trial.by(profession)
    pull = np.abs(explainer.contributions_many(background)).sum(axis=1).mean(axis=0)
    if pull.sum() > 0:
        model = dict(zip(book.names, (pull / pull.sum()).tolist(), strict=True))
        total = sum(profession.values())
        both = {name: 0.5 * profession[name] / total + 0.5 * model[name] for name in book.names}
        yield "both", "Halvt faget, halvt modellen", both, trial.by(both)
        yield "model", "Modellens vægte", model, trial.by(model)
    yield "equal", "Lige vægte (målestok)", None, trial.by(dict.fromkeys(book.names, 1.0))
    if pull.sum() > 0:
        here, there = (_flat(explainer.contributions_many(each)) for each in (trial.codes, trial.later))
        yield "shap_space", "Nærhed i træk, SHAP (målestok)", None, trial.near_in(here, there)
        scores = (_flat(tables.scores(each)) for each in (trial.codes, trial.later))
        yield "score_space", "Nærhed i modellens score (målestok)", None, trial.near_in(*scores)


def _flat(numbers: Numbers) -> Numbers:
    return numbers.reshape(len(numbers), -1)


def _first(distances: Numbers) -> Rows:
    """The nearest rows, equals by row."""
    limit = np.partition(distances, min(NEIGHBOURS, len(distances)) - 1)[min(NEIGHBOURS, len(distances)) - 1]
    rows = np.flatnonzero(distances <= limit)
    return rows[np.argsort(distances[rows], kind="stable")][:NEIGHBOURS]


def chosen_weighing(weighings: Sequence[Weighing]) -> Weighing:
    """The first within one standard error of the best; the profession's own weights come first."""
    choosable = (each for each in weighings if each.weights is not None)
    return next(each for each in choosable if each.behind.value <= each.behind.error)


@dataclass(frozen=True)
class Alike:
    """How alike the nearest other learned case is, and the tenth, for some of the learned cases."""

    nearest: Numbers
    tenth: Numbers

    def quantiles(self) -> tuple[float, ...]:
        """How alike the nearest is, at 101 steps from the least alike to the most; none of fewer than 50."""
        if len(self.nearest) < FEWEST_FOR_THRESHOLDS:
            return ()
        at = np.quantile(self.nearest, np.linspace(0, 1, QUANTILES), method="lower")
        return tuple(np.round(at, 9).tolist())


def alike_among(book: Codebook, weights: Weights, codes: Codes) -> Alike:
    """How alike learned cases are (at most 600 of them, asked about all the others)."""
    found, everyone = _similarity(book, weights, codes), Mask.everyone(len(codes))
    tenth, nearest = [], []
    for row in evenly(len(codes), QUERIES).tolist() if len(codes) > AT_LEAST else []:
        _, apart = found.scan(codes[row]).nearest(AT_LEAST, everyone.without([row]))
        nearest.append(max(0.0, 1 - apart[0]))
        tenth.append(max(0.0, 1 - apart[-1]))
    return Alike(np.array(nearest), np.array(tenth))


def thresholds_of(alike: Alike, learned: Labelled, book: Codebook) -> Thresholds:
    """When to say nothing, from the learned cases themselves: what would be unusual among them.

    Cases count as alike when 19 in 20 learned cases have ten so alike; a case lies outside when its nearest
    is further off than for 99 in 100. The share of missing answers may be as in 98 of 100, and at least
    a third. Fewer than 50 cases say nothing about what is unusual: then the declared defaults hold.
    """
    if len(learned) < FEWEST_FOR_THRESHOLDS:
        return Thresholds()
    reach = _floor(float(np.quantile(alike.tenth, 0.05)))
    return Thresholds(
        min_similar=AT_LEAST,
        min_similarity=reach,
        min_nearest=max(reach, _floor(float(np.quantile(alike.nearest, 0.01)))),
        max_missing_share=round(max(1 / 3, float(np.quantile(_missing(learned, book), 0.98))), 3),
    )


def _missing(learned: Labelled, book: Codebook) -> Numbers:
    """The share of the questions used and asked that each case has no answer to."""
    counts = np.zeros(len(learned))
    for question in book.asked:
        counts += learned.columns.answers(question.name).numbers(_is_missing)
    return counts / max(len(book.asked), 1)


def _is_missing(answer: object) -> int:
    return int(answer is None)


def _similarity(book: Codebook, weights: Weights, codes: Codes) -> Similarity:
    distances = [book.distance_table(name) for name in book.names]
    return Similarity(Packed.of(codes.T, book.sizes), distances, [weights[name] for name in book.names])


def _floor(share: float) -> float:
    return float(np.floor(max(share, 0.0) * 1000) / 1000)
