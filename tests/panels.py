"""Invented panels for the fairness suite: people judged alike, and a suggestion that is fair or is not."""

from dataclasses import replace
from typing import Any

import numpy as np

from models import areas
from models.declaration import Area, Code
from tests.parts.trained import GIVES_NOBODY_AWAY
from training.fairness.panel import NOTHING, Panel
from training.fairness.primary import Beside, tested
from training.measures import losses

STRATA = 6
HONEST: dict[str, Any] = {
    "chosen": {"name": "logistic", "better_than_prior": {"value": 0.2, "standard_error": 0.01}},
    "candidates": [{"name": "logistic", "behind_best": {"value": 0.0, "standard_error": 0.0}}],
    "label_sources": {"legacy_human": 600},
    "label_rules": {"history_decision": 600},
    "label_weights": {"sources": [{"source": "legacy_human", "learned_from": 600}], "whole_cases": 480.0},
    "privacy": GIVES_NOBODY_AWAY,
}
"""What the gate reads in the evaluation of a version against which nothing speaks."""

SHARES = {
    "koen": (0.5, 0.5),
    "aldersgruppe": (0.05, 0.13, 0.30, 0.17, 0.2, 0.15),
    "tolkebehov": (0.93, 0.07),
    "distrikt": (0.3, 0.3, 0.22, 0.18),
    "bor_alene": (0.6, 0.4),
}


def three_levels() -> Area:
    """The area with a level in between, for what holds of more than two."""
    area = areas.get("genoptraening")
    return replace(area, levels=(area.levels[0], Code("mellem", "Mellemniveau"), area.levels[1]))


def panel(
    seed: int,
    n: int = 600,
    area: Area | None = None,
    shift: float = 0.0,
    group: tuple[str, str] = ("koen", "mand"),
) -> Panel:
    """People judge by need alone; suggestions miss by chance, and lie `shift` levels lower for a group."""
    rng = np.random.default_rng([seed, 4021])
    area = area or areas.get("genoptraening")
    top = len(area.levels) - 1
    stratum = rng.integers(0, STRATA, n)
    need = (stratum + 0.5) / STRATA * 0.6 + 0.2
    judged = rng.binomial(top, need)
    missed = rng.random(n) < 0.16
    said = np.where(missed, np.clip(judged + rng.choice([-1, 1], n), 0, top), judged)
    attributes = {
        name: rng.choice([each.code for each in _codes(area, name)], n, p=shares)
        for name, shares in SHARES.items()
    }
    hit = attributes[group[0]] == group[1]
    can_fall = said > 0
    if shift:
        chance = min(1.0, shift / max(float(can_fall[hit].mean()), 1e-9))
        said = np.where(hit & can_fall & (rng.random(n) < chance), said - 1, said)
    shares = np.full((n, top + 1), 0.1 / top)
    shares[np.arange(n), said] = 0.9
    return Panel(
        area=area, cases=(None,) * n, suggested=said, judged=judged,  # type: ignore[arg-type]
        decided=np.full(n, NOTHING), shares=shares, stratum=stratum, attributes=attributes,
    )  # fmt: skip


def only(given: Panel, name: str, code: str, n: int) -> Panel:
    """The panel with so many cases of a group; its others are of no known group."""
    codes = given.attributes[name].copy()
    rows = np.flatnonzero(codes == code)
    codes[rows[n:]] = ""
    return replace(given, attributes={**given.attributes, name: codes})


def beside(given: Panel, seed: int) -> Beside:
    """A prior of the levels' shares, and a version in use that misses as often, on other cases by chance."""
    rng = np.random.default_rng([seed, 7703])
    top = given.shares.shape[1] - 1
    missed = rng.random(len(given)) < 0.16
    active = np.where(missed, np.clip(given.judged + rng.choice([-1, 1], len(given)), 0, top), given.judged)
    theirs = np.full(given.shares.shape, 0.1 / top)
    theirs[np.arange(len(given)), active] = 0.9
    mine, prior = losses(given.shares, given.judged), np.bincount(given.judged) / len(given)
    return Beside(-np.log(prior[given.judged]) - mine, mine - losses(theirs, given.judged), active)


def _codes(area: Area, name: str) -> Any:
    return next(question for question in area.kept_apart if question.name == name).codes


def record(given: Panel, *, draws: int = 199, seed: int = 0, of: Beside | None = None) -> dict[str, Any]:
    """A record of the primary family, and of each group's quality if it is held beside something."""
    axes = tested(given, of, {}, draws, np.random.default_rng([seed, 11]))
    return {
        "objects": [{"code": code} for code in "SEDO"],
        "axes": axes,
        "flips": {"direct": [], "through": [], "by_age": []},
        "overall": {
            "n": len(given), "calibration": {"gap": 0.0, "low": -0.01, "high": 0.01},
            "calibration_error": {"value": 0.01, "by_chance": 0.03},
        },
    }  # fmt: skip
