"""What a municipality's own history can carry: a model, similar cases only, or nothing yet."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from math import ceil
from typing import Any

from models.declaration import Area
from models.label_sanity import findings_of
from training.dataset import Dataset
from training.labelled import Labelled, labelled, rules_of, whole_cases
from training.minima import MINIMA
from training.provenance import label_weights

COUNTED = ("cases", "level")
KNOWN_SHARE = 0.5
"""A fact is carried when half the cases know it."""


def carries(area: Area, known: Labelled) -> str:
    """ "model", "similar_only" or "nothing": what the human-labelled cases can carry.

    Weighted cases count as the whole ones they tell as much as, so that old records alone carry less.
    """
    shares = known_shares(area, known)
    return next((tier for tier in MINIMA if not _missing_for(tier, area, known, shares)), "nothing")


def missing_for(tier: str, area: Area, known: Labelled) -> list[dict[str, Any]]:
    """What a tier asks for and the cases do not have: what it is about, what there is, what is needed.

    Of cases also how many `more`; None of facts, which no number of the same cases would do for.
    """
    return _missing_for(tier, area, known, known_shares(area, known))


def _missing_for(tier: str, area: Area, known: Labelled, shares: Mapping[str, float]) -> list[dict[str, Any]]:
    minima = MINIMA[tier]
    carried = sum(share >= KNOWN_SHARE for share in shares.values()) / len(shares)
    asked = [
        ("cases", "", known.whole_cases(), minima.cases),
        *(
            ("level", code, whole_cases(known.weight[known.level == k]), minima.per_level)
            for k, code in enumerate(area.level_codes)
        ),
        ("facts", "", carried, minima.facts),
        *(("fact", name, shares[name], KNOWN_SHARE) for name in area.need if name in shares),
    ]
    return [
        {
            "what": what,
            "name": name,
            "there_is": round(float(there), 4),
            "needed": needed,
            "more": ceil(needed - there) if what in COUNTED else None,
        }
        for what, name, there, needed in asked
        if there < needed
    ]


def known_shares(area: Area, known: Labelled) -> dict[str, float]:
    """For each learned fact the share of cases in which it is known."""
    total = max(len(known), 1)
    return {
        question.name: int(known.columns.answers(question.name).numbers(_is_known).sum()) / total
        for question in area.learned
    }


def _is_known(answer: object) -> int:
    return int(answer is not None)


def readiness(data: Dataset) -> dict[str, Any]:
    """Fact by fact and level by level, with what the cases can carry, and what they will meet at the gate."""
    from training.foreseen import foreseen  # two seconds of imports, which training needs not
    from training.learning_curve import learning_curve

    area = data.area
    known, rules = labelled(area, data.cases, rules_of(area, data.cases, told=data.changed_on))
    carried = carries(area, known)
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
        "label_weights": label_weights(data.cases, known),
        "minima": {name: asdict(each) for name, each in MINIMA.items()},
        "missing": {tier: missing_for(tier, area, known) for tier in MINIMA},
        "findings": [each.to_json() for each in findings_of(area, data.cases)],
        "carries": carried,
        "learning_curve": learning_curve(known) if carried == "model" else None,
        "foreseen": foreseen(known, carried) if carried != "nothing" else None,
    }  # fmt: skip


def _sources(counts: Counter[str]) -> dict[str, int]:
    robot, unknown = counts["legacy_robot"], counts["unknown"]
    return {"human": counts.total() - robot - unknown, "robot": robot, "unknown": unknown}
