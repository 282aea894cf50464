"""One case explained twice: shap's values beside our own."""

from typing import Any

import numpy as np

from models.artifact import Artifact
from models.facts import values
from models.messages import say
from models.record import DecidedCase
from models.stability import Stability
from models.tables import shapley
from training.dataset import Dataset
from training.golden import shap_values


class NoSuchCase(LookupError):
    """The data hold no case of that name."""


def case_named(data: Dataset, name: str) -> DecidedCase:
    """The case of a request id; raises NoSuchCase."""
    for case in data.cases:
        if case.request_id == name:
            return case
    raise NoSuchCase(f"no case {name} in the data")


def explain(artifact: Artifact, case: DecidedCase) -> dict[str, Any]:
    """Contributions in log-odds to the highest level against the lowest, per question, by shap and by us.

    `reach` is how far ours may lie from what it is (90 %), by the refitted models.
    """
    book = artifact.codebook
    known = values(case.facts)
    codes = book.encode(known, case.received_on)
    ours, base = shapley(artifact.tables, artifact.background).contributions(codes)
    theirs, their_base = shap_values(artifact.tables, artifact.background, codes[None, :])
    score = artifact.tables.scores(codes)[0]
    stability = Stability(artifact.refitted, artifact.tables.classes, artifact.background)
    reach = stability.reach(codes, 0, len(artifact.tables.classes) - 1)
    pulls = [(ours[-1, q] - ours[0, q], theirs[0, -1, q] - theirs[0, 0, q]) for q in range(len(book.names))]
    rows: list[dict[str, Any]] = [
        {
            "question": name,
            "label": coding.question.label,
            "value": say(coding.question, known[name]),
            "ours": float(mine),
            "shap": float(other),
            "reach": float(far),
        }
        for name, coding, (mine, other), far in zip(book.names, book.codings, pulls, reach, strict=True)
    ]
    rows.sort(key=lambda row: (-abs(row["ours"]), row["question"]))
    return {
        "case": case.request_id,
        "version": artifact.manifest.version,
        "toward": book.area.level_codes[-1],
        "base": float(base[-1] - base[0]),
        "shap_base": float(their_base[-1] - their_base[0]),
        "score": float(score[-1] - score[0]),
        "largest_difference": float(np.abs(ours - theirs[0]).max()),
        "contributions": rows,
    }
