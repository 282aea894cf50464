"""What a version's evaluation tells of its uncertainty: calibration, plausible levels, what silence costs.

Everything here is counted on the last part of the later cases, which nothing was fitted or chosen on.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from models.artifact import Artifact
from models.coding import Codes
from models.evidence import Suggester
from models.tables import ScoreTables
from models.uncertainty import Uncertainty, raw_shares
from training.chance import Numbers
from training.labelled import Labelled, Levels
from training.measures import calibration, calibration_error, losses, mean_of
from training.uncertainty import cost_of, coverage, fit_uncertainty, held_out, margin_of, margins

MOST_ASKED = 200
"""So many of the checked cases are put to the version as a case would be; more would tell little more."""


@dataclass(frozen=True)
class Doubted:
    """A version's uncertainty, the margin under which it is silent, and what the evaluation tells of both."""

    uncertainty: Uncertainty = field(default_factory=Uncertainty)
    min_margin: float = 0.0
    told: dict[str, Any] | None = None


def held_against(tables: ScoreTables, later: Codes, tested: Labelled) -> Doubted:
    """Fit and check a version's uncertainty on later cases; a score that tells no case apart has none."""
    if not any(table.any() for table in (*tables.singles, *tables.pairs.values())):
        return Doubted()
    held = held_out(tables.scores(later), tested.level)
    known, tried = fit_uncertainty(held)
    margin, costs = margin_of(known, held)
    before, after = raw_shares(held.checked_scores), known.shares(held.checked_scores)
    told = {
        "n_fitted": len(held.level),
        "n_checked": len(held.checked_level),
        "method": known.method,
        "methods": tried,
        "before": _calibrated(before, held.checked_level),
        "after": _calibrated(after, held.checked_level),
        "coverage": coverage(known, held.checked_scores, held.checked_level),
        "min_margin": margin,
        "margins": costs,
        "too_close": cost_of(margins(after) < margin, after, held.checked_level),
    }
    return Doubted(known, margin, told)


def silence_of(draft: Artifact, tested: Labelled) -> dict[str, Any]:
    """What silence costs: the share of the checked cases that get no evidence, by reason, and their loss.

    `draft` must hold only the learned cases as reference: a case is never its own neighbour. Each case is
    asked about as a caseworker would; one silence may have several reasons.
    """
    first = len(tested) // 2
    asked = tested.rows(sorted({int(row) for row in np.linspace(first, len(tested) - 1, MOST_ASKED)}))
    suggester = Suggester(draft)
    answers = [
        suggester.suggest(facts, own_level=draft.area.level_codes[level], received_on=day)
        for facts, level, day in zip(asked.values(), asked.level, asked.received_on(), strict=True)
    ]
    codes = asked.codes(draft.codebook)
    shares = draft.uncertainty.shares(draft.tables.scores(codes))
    return {
        "n": len(asked),
        **cost_of(np.array([bool(each.abstained) for each in answers]), shares, asked.level),
        "reasons": _shares_of((reason for each in answers for reason in each.abstained), len(asked)),
        "flags": _shares_of((flag for each in answers for flag in each.flags), len(asked)),
    }


def _shares_of(names: Iterable[str], n: int) -> dict[str, float]:
    return {name: round(count / n, 4) for name, count in sorted(Counter(names).items())}


def _calibrated(shares: Numbers, level: Levels) -> dict[str, Any]:
    bins = calibration(shares, level)
    return {
        "log_loss": mean_of(losses(shares, level)).to_json(),
        "calibration_error": calibration_error(bins),
        "bins": [{**each, "was_interval": list(each["was_interval"])} for each in bins],
    }
