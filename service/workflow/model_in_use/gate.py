"""The gate of promotion: reads what a candidate's evaluation says, and computes nothing.

The evaluation lies, hashed, in the candidate's own folder and was measured on one time-ordered split:
`chosen.better_than_prior` and `against.worse_than_active` are mean differences in log-loss, case by case,
with their standard errors. There is no way round the gate.
"""

from collections.abc import Mapping
from math import isfinite
from typing import Any

from service.errors import Refused

BY_CHANCE, MATTERS = 1.645, 0.005
"""Standard errors that chance gives of itself in 19 of 20 trainings, and the log-loss a case that matters:
what was decided is given half a percent less of its probability."""


def refuse_worse(evaluation: Mapping[str, Any], active_hash: str | None) -> None:
    """Raise Refused when the candidate is worse than the prior or the model in use, or when nobody knows.

    Worse than the prior means by more than one standard error; worse than the model in use, which may have
    learned from some of the same cases, by more than MATTERS beyond BY_CHANCE of them. `active_hash` is of
    the manifest in use, None without one.
    """
    better, error = _measured(evaluation, "chosen", "better_than_prior")
    if better < -error:
        raise Refused("Modellen er dårligere end blot at kende andelen af hvert niveau.")
    if active_hash is None:
        return
    if (evaluation.get("against") or {}).get("manifest_hash") != active_hash:
        raise Refused(
            "Modellen er ikke målt mod den, der er i brug. Træn den igen med --against og mappen for den."
        )
    worse, error = _measured(evaluation, "against", "worse_than_active")
    if worse - BY_CHANCE * error > MATTERS:
        raise Refused("Modellen er dårligere end den, der er i brug, på de samme sager.")


def _measured(evaluation: Mapping[str, Any], part: str, name: str) -> tuple[float, float]:
    """A mean and its standard error; an evaluation without them is refused, for nobody knows."""
    try:
        found = evaluation[part][name]
        value, error = float(found["value"]), float(found["standard_error"])
    except (KeyError, TypeError, ValueError) as missing:
        raise Refused("Modellens evaluering mangler tal. Træn den igen.") from missing
    if not (isfinite(value) and isfinite(error)) or error < 0:
        raise Refused("Modellens evaluering har tal, der ikke kan bruges. Træn den igen.")
    return value, error
