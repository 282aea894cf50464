"""How much help a case truly calls for, and how visitators who see it differently judge it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.declaration import Area, Kind
from training.assumptions import Assumptions
from training.chance import Indexes, Numbers, logistic, standard_logistic, stream
from training.population import Answers, Population

CALIBRATED_ON = 1500
STEPS = 40


@dataclass(frozen=True)
class Need:
    """The true need of each case, in log-odds between the lowest level and the next.

    A visitator gives level k when need, her own threshold and her doubt together exceed `cuts[k - 1]`.
    `strictness` is each visitator's own threshold, `municipal` that of the case's municipality.
    """

    log_odds: Numbers
    cuts: tuple[float, ...]
    strictness: Numbers
    municipal: Numbers

    def fitting_level(self) -> Indexes:
        """The level that the need itself points at."""
        return _levels(self.log_odds, self.cuts)

    def judged(self, seed: int) -> Indexes:
        """The level that one visitator, drawn for each case, gave it."""
        rng = stream(seed, "judgements")
        n = len(self.log_odds)
        who = np.floor(rng.random(n) * len(self.strictness)).astype(np.int64)
        felt = self.log_odds + self.municipal + self.strictness[who] + standard_logistic(rng, n)
        return _levels(felt, self.cuts)

    def disagreement(self) -> float:
        """How often two visitators drawn at random judge the same case differently."""
        return _disagreement(_shares(self.log_odds + self.municipal, self.cuts, self.strictness))


def _levels(felt: Numbers, cuts: tuple[float, ...]) -> Indexes:
    return np.asarray((felt[:, None] > np.asarray(cuts)[None, :]).sum(axis=1), dtype=np.int64)


def need_of(assumed: Assumptions, people: Population, seed: int) -> Need:
    """The need of everybody, scaled so that level shares and disagreement come out as assumed."""
    settings = assumed["people"]
    rng = stream(seed, "need")
    recorded = np.array([recorded_need(assumed, answers) for answers in people.true])
    unseen = settings["unseen_share"]
    score = np.sqrt(1 - unseen) * _standardised(recorded) + np.sqrt(unseen) * rng.standard_normal(
        len(recorded)
    )
    strictness = settings["visitator_threshold_spread"] * rng.standard_normal(settings["visitators"])
    strictness = strictness - strictness.mean()
    municipal = np.asarray(assumed["municipalities"]["threshold"], dtype=np.float64)[people.municipality]
    scale, cuts = _calibrated(score[:CALIBRATED_ON], municipal[:CALIBRATED_ON], strictness, settings)
    log_odds = scale * score - cuts[0]
    return Need(log_odds, tuple(cut - cuts[0] for cut in cuts), strictness, municipal)


def recorded_need(assumed: Assumptions, answers: Answers) -> float:
    """The part of the need that lies in the facts, in relative weight."""
    weights, area = assumed["need"], assumed.area
    total = 0.0
    for name, weight in weights["per_step"].items():
        if name in area.by_name:
            total += weight * _steps(area, name, answers.get(name))
    for name, by_code in weights["codes"].items():
        if name in area.by_name:
            total += _of_codes(by_code, answers.get(name))
    for rule in weights.get("together", ()):
        if all(_holds(answers.get(name), codes) for name, codes in rule["when"].items()):
            total += rule["weight"]
    return total


def _steps(area: Area, name: str, answer: Any) -> float:
    if answer is None:
        return 0.0
    question = area.by_name[name]
    return float(question.code_values.index(answer)) if question.kind is Kind.SCALE else float(answer)


def _of_codes(by_code: Mapping[str, float], answer: Any) -> float:
    if isinstance(answer, frozenset):
        return sum(weight for code, weight in by_code.items() if code in answer)
    return by_code.get(answer, 0.0) if answer is not None else 0.0


def _holds(answer: Any, codes: list[str]) -> bool:
    return bool(answer & set(codes)) if isinstance(answer, frozenset) else answer in codes


def _standardised(score: Numbers) -> Numbers:
    spread = float(score.std())
    return (score - score.mean()) / (spread if spread > 0 else 1.0)


def _calibrated(
    score: Numbers, municipal: Numbers, strictness: Numbers, settings: Mapping[str, Any]
) -> tuple[float, tuple[float, ...]]:
    """The scale and the cuts under which the assumed shares and the assumed disagreement hold."""
    wanted = np.cumsum(settings["level_shares"])[:-1] / np.sum(settings["level_shares"])
    low, high = 0.05, 30.0
    for _ in range(STEPS):
        scale = (low + high) / 2
        cuts = tuple(_cut(scale * score + municipal, strictness, share) for share in wanted)
        shares = _shares(scale * score + municipal, cuts, strictness)
        low, high = (scale, high) if _disagreement(shares) > settings["disagreement"] else (low, scale)
    return scale, cuts


def _cut(felt: Numbers, strictness: Numbers, share_below: float) -> float:
    low, high = -80.0, 80.0
    for _ in range(STEPS):
        cut = (low + high) / 2
        below = 1 - float(logistic(felt[:, None] + strictness[None, :] - cut).mean())
        low, high = (cut, high) if below < share_below else (low, cut)
    return cut


def _shares(felt: Numbers, cuts: tuple[float, ...], strictness: Numbers) -> Numbers:
    """The share of visitators at each level (n, K), averaged over their thresholds."""
    above = [logistic(felt[:, None] + strictness[None, :] - cut).mean(axis=1) for cut in cuts]
    edges = np.column_stack([np.ones(len(felt)), *above, np.zeros(len(felt))])
    return edges[:, :-1] - edges[:, 1:]


def _disagreement(shares: Numbers) -> float:
    return float((1 - (shares**2).sum(axis=1)).mean())
