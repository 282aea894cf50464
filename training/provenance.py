"""Where the labels come from, and how much each source weighs in what was learned."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from models.case_columns import Cases
from models.decided_case import LABEL_SOURCES
from models.record import DecidedCase
from training.labelled import Labelled

SOURCE_WORDS = {
    "own_judgement": "Egen vurdering, før grundlaget blev vist",
    "decision_without_evidence": "Beslutning uden et niveau i egen vurdering, grundlag ikke vist",
    "decision_after_evidence": "Beslutning, efter grundlaget blev vist",
    "control_arm": "Stikprøven uden grundlag",
    "legacy_human": "Ældre sag, skrevet af et menneske",
    "legacy_robot": "Ældre sag, skrevet af en robot",
    "unknown": "Ukendt",
}


def label_sources(cases: Sequence[DecidedCase]) -> Mapping[str, int]:
    """How many cases have their label from each source."""
    return dict(sorted(Cases.of(cases).about("label_source").counts().items()))


def phases_of(known: Labelled) -> dict[str, int]:
    """How many of the learned cases are from each phase; older records are from none."""
    counts = known.columns.about("phase").counts()
    return dict(sorted((phase, count) for phase, count in counts.items() if phase))


def label_weights(cases: Sequence[DecidedCase], known: Labelled) -> dict[str, Any]:
    """By source, how many cases there were, how many were learned from, and what these weigh together.

    `least` and `most` are the weights of one case; `after_evidence` is the share of all weight that stands on
    decisions made after evidence was shown.
    """
    column = known.columns.about("label_source")
    sources = np.array(column.values, dtype=object)[column.places]
    rows = []
    counts = label_sources(cases)
    for source, count in ((each, counts[each]) for each in LABEL_SOURCES if each in counts):
        weight = known.weight[sources == source]
        rows.append(
            {
                "source": source,
                "cases": count,
                "learned_from": len(weight),
                "weight": round(float(weight.sum()), 3),
                "least": round(float(weight.min()), 4) if len(weight) else 0.0,
                "most": round(float(weight.max()), 4) if len(weight) else 0.0,
            }
        )
    total = float(known.weight.sum())
    after = float(known.weight[sources == "decision_after_evidence"].sum())
    return {
        "sources": rows,
        "whole_cases": round(known.whole_cases(), 1),
        "after_evidence": round(after / total, 4) if total else 0.0,
    }
