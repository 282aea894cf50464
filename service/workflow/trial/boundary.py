"""The boundary at which a look stops a trial: alpha spent as by O'Brien and Fleming (after Lan and DeMets).

Sources: Lan and DeMets 1983, Biometrika 70, 659 (spending); Armitage, McPherson and Rowe 1969, JRSS A 132,
235 (the recursion). Looks may come when they come: only how much information there is counts. Early
looks need far more than late ones, so a trial is not stopped by the noise of its first weeks.
"""

from collections.abc import Sequence
from math import pi, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

LEAST_STEP = 0.05
"""Looks must be this much information apart: nearer ones tell nothing new, and the grid is too coarse."""
FURTHEST = 8.0
"""A boundary beyond this many standard errors is put here."""
_GRID = np.linspace(-6.0, 6.0, 801)
_STEP = float(_GRID[1] - _GRID[0])


def spent(information: float, alpha: float) -> float:
    """How much of alpha may be spent by a time between 0 and 1: each direction spends its half by itself."""
    normal = NormalDist()
    return 4 * normal.cdf(normal.inv_cdf(alpha / 4) / sqrt(information))


def boundaries(times: Sequence[float], alpha: float) -> tuple[float, ...]:
    """How many standard errors a difference must reach at each look to stop the trial, in either direction.

    `times` are the information at each look so far, as a share of what is planned (over 0, at most 1).
    Raises ValueError when they do not grow by at least LEAST_STEP, or the first is less than that.
    """
    before, found = 0.0, []
    alive: NDArray[np.float64] | None = None
    for time in times:
        if not before + LEAST_STEP <= time + 1e-9 <= 1 + 1e-9:
            raise ValueError("looks must be apart, and within what is planned")
        now_spent = spent(time, alpha) - (spent(before, alpha) if before else 0.0)
        density = _moved(alive, before, time)
        found.append(_limit(density, now_spent, time))
        alive = np.where(np.abs(_GRID) < found[-1] * sqrt(time), density, 0.0)
        before = time
    return tuple(found)


def _moved(alive: NDArray[np.float64] | None, before: float, time: float) -> NDArray[np.float64]:
    """Where the sum stands at a time, of all that were not stopped before."""
    if alive is None:
        return np.exp(-(_GRID**2) / (2 * time)) / sqrt(2 * pi * time)
    moved_by = time - before
    kernel = np.exp(-((_GRID[:, None] - _GRID[None, :]) ** 2) / (2 * moved_by)) / sqrt(2 * pi * moved_by)
    reached: NDArray[np.float64] = kernel @ alive * _STEP
    return reached


def _limit(density: NDArray[np.float64], to_spend: float, time: float) -> float:
    """The standard errors beyond which just so much of the density lies, both ends together."""
    half = len(_GRID) // 2
    # From the far end inwards; both ends are alike.
    beyond = np.cumsum(density[:half:-1]) * _STEP * 2
    at = _GRID[:half:-1] - _STEP / 2
    return min(FURTHEST, float(np.interp(to_spend, beyond, at)) / sqrt(time))
