"""What a municipality's own history can carry: a model, similar cases only, or nothing yet."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np

from models.declaration import Area
from training.dataset import Dataset
from training.labelled import Labelled, labelled

MODEL_CASES = 300
MODEL_PER_LEVEL = 40
SIMILAR_CASES = 100
SIMILAR_PER_LEVEL = 10
KNOWN_SHARE = 0.5
KNOWN_FACTS = 0.6
"""A fact is carried when half the cases know it; a model needs three in five of the learned facts carried."""


@dataclass(frozen=True)
class Minima:
    """The least that a model, or similar cases alone, may rest on."""

    cases: int
    per_level: int


MINIMA = {
    "model": Minima(MODEL_CASES, MODEL_PER_LEVEL),
    "similar_only": Minima(SIMILAR_CASES, SIMILAR_PER_LEVEL),
}
CARRIES = {"model": "model and similar cases", "similar_only": "similar cases only", "nothing": "nothing yet"}


def carries(area: Area, known: Labelled) -> str:
    """ "model", "similar_only" or "nothing": what the human-labelled cases can carry.

    Weighted cases count as the whole ones they tell as much as, so that old records alone carry less.
    """
    fewest = min(_of_level(known, k).whole_cases() for k in range(len(area.levels)))
    enough = share_of_facts(area, known) >= KNOWN_FACTS
    for name, minima in MINIMA.items():
        if enough and known.whole_cases() >= minima.cases and fewest >= minima.per_level:
            return name
    return "nothing"


def _of_level(known: Labelled, level: int) -> Labelled:
    return known.rows(np.flatnonzero(known.level == level).tolist())


def share_of_facts(area: Area, known: Labelled) -> float:
    """The share of learned facts that at least half the cases know."""
    shares = known_shares(area, known)
    return sum(share >= KNOWN_SHARE for share in shares.values()) / len(shares)


def known_shares(area: Area, known: Labelled) -> dict[str, float]:
    """For each learned fact the share of cases in which it is known."""
    rows = known.values()
    total = max(len(rows), 1)
    return {
        question.name: sum(row[question.name] is not None for row in rows) / total
        for question in area.learned
    }


def readiness(data: Dataset) -> dict[str, Any]:
    """Fact by fact and level by level, with what the cases can carry against the stated minima."""
    area = data.area
    known, rules = labelled(area, data.cases)
    shares = known_shares(area, known)
    by_source: dict[str, Counter[str]] = defaultdict(Counter)
    for case in data.cases:
        by_source[str(case.final_level or "–")][case.label_source] += 1
    outcomes = sum(case.outcome.status is not None for case in known.cases)
    return {
        "area": area.name,
        "cases": len(data.cases),
        "human_labelled": len(known),
        "with_outcome": outcomes,
        "facts": [
            {
                "name": question.name,
                "label": question.label,
                "known": round(shares[question.name], 4),
                "enough": shares[question.name] >= KNOWN_SHARE,
            }
            for question in area.learned
        ],
        "levels": [
            {"level": code, "label": area.level_label(code), **_sources(by_source[code]),
             "learned_from": int((known.level == k).sum())}
            for k, code in enumerate(area.level_codes)
        ],
        "label_rules": dict(rules),
        "minima": {
            name: {"cases": each.cases, "per_level": each.per_level, "facts": KNOWN_FACTS}
            for name, each in MINIMA.items()
        },
        "carries": carries(area, known),
    }  # fmt: skip


def _sources(counts: Counter[str]) -> dict[str, int]:
    robot, unknown = counts["legacy_robot"], counts["unknown"]
    return {"human": counts.total() - robot - unknown, "robot": robot, "unknown": unknown}
