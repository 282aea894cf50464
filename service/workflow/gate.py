"""The gate of promotion: reads what a candidate's evaluation says, and computes nothing.

The evaluation lies, hashed, in the candidate's own folder. It holds `comparisons`: mean differences in
log-loss on the same time-ordered split, candidate less other (so below zero is better), each with its
standard error. One is with the prior, one with the model in use when the candidate was evaluated.
There is no way round the gate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from service.errors import Refused

PRIOR = "prior"


@dataclass(frozen=True)
class Comparison:
    """The candidate's mean log-loss less another's on the same cases, and its standard error."""

    difference: float
    standard_error: float

    @property
    def worse(self) -> bool:
        """Worse by more than one standard error."""
        return self.difference > self.standard_error


def refuse_worse(evaluation: Mapping[str, Any], active_hash: str | None) -> None:
    """Raise Refused when the candidate is worse than the prior or the model in use, or when nobody knows."""
    with_prior = comparison(evaluation, PRIOR)
    if with_prior is None:
        raise Refused("Evalueringen sammenligner ikke med den simple andel. Evaluér modellen igen.")
    if with_prior.worse:
        raise Refused("Modellen er dårligere end blot at bruge andelen af hvert niveau.")
    if active_hash is None:
        return
    with_active = comparison(evaluation, active_hash)
    if with_active is None:
        raise Refused("Evalueringen sammenligner ikke med den model, der er i brug. Evaluér modellen igen.")
    if with_active.worse:
        raise Refused("Modellen er dårligere end den, der er i brug, på de samme sager.")


def comparison(evaluation: Mapping[str, Any], other: str) -> Comparison | None:
    """The comparison with the prior, or with the model of a manifest hash; None when there is none.

    Raises Refused for numbers that are none.
    """
    for entry in evaluation.get("comparisons", ()):
        if other in (entry.get("name"), entry.get("manifest_hash")):
            found = Comparison(float(entry["difference"]), float(entry["standard_error"]))
            if not (isfinite(found.difference) and isfinite(found.standard_error)):
                raise Refused("Evalueringens tal kan ikke læses.")
            return found
    return None
