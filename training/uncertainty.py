"""Holding a model against cases decided after those it learned from: calibration, plausible levels, silence.

The later cases are cut in two by time. On the earlier part curves and reach are fitted and the margin is
chosen; on the later part all of it is checked, and the intervals that are shown are counted there.
"""

from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from models.uncertainty import (
    EVERYONE,
    ISOTONIC,
    NONE,
    PLATT,
    Curve,
    Isotonic,
    Platt,
    Seen,
    Uncertainty,
    log_odds,
    raw_shares,
)
from training.chance import Numbers
from training.labelled import Levels
from training.measures import losses, mean_of, wilson

Rows = NDArray[np.bool_]
NOMINAL = 0.95
"""Lower than what the model hits by itself, the likeliest level alone would cover more than is said."""
FEWEST_FOR_CURVES = 200
"""Later cases in the fitted part below which no curve is tried: it would learn chance."""
FEWEST_IN_BIN = 30
HEIGHTS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)
"""Cases whose shares lie between two of these are counted together: they were told much the same."""
MARGINS = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
LEAST_MARGIN = 0.1
"""Shares from 45 to 55 in 100: by its own word the calculation is right in no more than 11 of 20 of those."""
NO_BETTER_THAN = 11 / 20
"""Levels are too close where the likeliest is the human's in no more than 11 of 20 such cases."""
MOST_WITHHELD = 0.1
FEWEST_TO_WIDEN = 30
"""So many cases must lie under a margin before what they say of it is more than chance."""


@dataclass(frozen=True)
class Held:
    """The later cases in two parts by time: scores (n, K) and levels to fit on, and others to check on."""

    scores: Numbers
    level: Levels
    checked_scores: Numbers
    checked_level: Levels

    @property
    def checked_from(self) -> int:
        """The place of the first case of the checked part among the later cases."""
        return len(self.level)


def held_out(scores: Numbers, level: Levels) -> Held:
    """The later cases, in order of decision, cut in the middle."""
    half = len(level) // 2
    return Held(scores[:half], level[:half], scores[half:], level[half:])


def fit_uncertainty(held: Held) -> tuple[Uncertainty, list[dict[str, Any]]]:
    """The tables of a version's uncertainty, and how each way to calibrate did."""
    method, tried = _chosen_method(held.scores, held.level)
    curves = _curves(method, held.scores, held.level) or ()
    fitted = Uncertainty(method if curves else NONE, curves)
    shares = fitted.shares(held.checked_scores)
    known = Uncertainty(
        method=fitted.method,
        curves=curves,
        seen=_seen(shares, held.checked_level),
        reach=reach_of(raw_shares(held.scores), held.level, NOMINAL),
        nominal=NOMINAL,
    )
    return known, tried


def reach_of(shares: Numbers, level: Levels, nominal: float) -> tuple[float, ...]:
    """Per level, how far from certain a share (n, K) may lie with the level still plausible.

    The ceil((n + 1) * nominal)-th smallest distance 1 - share among a level's own n cases, so that a new case
    of that level lies within it with at least the nominal probability (split conformal prediction, Vovk;
    level by level, so that the rarer level is not paid for by the commoner). Too few cases reach everywhere.
    """
    reach = []
    for k in range(shares.shape[1]):
        apart = np.sort(1.0 - shares[level == k, k])
        place = ceil(round((len(apart) + 1) * nominal, 9))
        reach.append(float(apart[place - 1]) if place <= len(apart) else EVERYONE)
    return tuple(reach)


def margin_of(known: Uncertainty, held: Held) -> tuple[float, list[dict[str, Any]]]:
    """The margin under which levels are too close to call, and what every margin tried would cost.

    The widest at which the cases withheld are no better called than 11 in 20 and are at most a tenth of all,
    and at least the margin within which the shares themselves promise no more.
    """
    shares = known.shares(held.scores)
    found, costs = LEAST_MARGIN, []
    for margin in MARGINS:
        cost = cost_of(margins(shares) < margin, shares, held.level)
        costs.append({"margin": margin, **cost})
        if _is_no_loss(cost):
            found = max(found, margin)
    return found, costs


def _is_no_loss(cost: dict[str, Any]) -> bool:
    """Whether so few are withheld, and those so badly called, that silence takes nothing away."""
    withheld = cost["withheld"]
    if cost["share_withheld"] > MOST_WITHHELD or withheld["n"] < FEWEST_TO_WIDEN:
        return False
    return bool(withheld["agreement"] <= NO_BETTER_THAN)


def margins(shares: Numbers) -> Numbers:
    """How far the likeliest level's share lies above the next one's, case by case."""
    ranked = np.sort(shares, axis=1)
    return np.asarray(ranked[:, -1] - ranked[:, -2])


def cost_of(withheld: Rows, shares: Numbers, level: Levels) -> dict[str, Any]:
    """The share withheld, and loss and agreement with the human among those withheld and those shown."""
    loss, right = losses(shares, level), shares.argmax(axis=1) == level

    def part(rows: Rows) -> dict[str, Any]:
        if not rows.any():
            return {"n": 0, "log_loss": None, "agreement": None}
        return {
            "n": int(rows.sum()),
            "log_loss": mean_of(loss[rows]).to_json(),
            "agreement": round(float(right[rows].mean()), 4),
        }

    return {
        "share_withheld": round(float(withheld.mean()), 4) if len(withheld) else 0.0,
        "withheld": part(withheld),
        "shown": part(~withheld),
    }


def coverage(known: Uncertainty, scores: Numbers, level: Levels) -> dict[str, Any]:
    """How often the human's level was among the plausible, and how often several levels were."""
    held = known.plausible(scores)
    inside = held[np.arange(len(level)), level]

    def share(rows: Rows) -> dict[str, Any]:
        count, n = int(inside[rows].sum()), int(rows.sum())
        return {"n": n, "covered": round(count / n, 4) if n else None, "interval": list(wilson(count, n))}

    return {
        "nominal": known.nominal,
        **share(np.ones(len(level), dtype=np.bool_)),
        "levels": [share(level == k) for k in range(scores.shape[1])],
        "several_plausible": round(float((held.sum(axis=1) > 1).mean()), 4) if len(level) else None,
    }


def _chosen_method(scores: Numbers, level: Levels) -> tuple[str, list[dict[str, Any]]]:
    """The simplest way within one standard error of the best, fitted on one half and tried on the other."""
    half = len(level) // 2
    if len(level) < FEWEST_FOR_CURVES:
        return NONE, []
    found = {NONE: losses(raw_shares(scores[half:]), level[half:])}
    for method in (PLATT, ISOTONIC):
        curves = _curves(method, scores[:half], level[:half])
        if curves is not None:
            found[method] = losses(Uncertainty(method, curves).shares(scores[half:]), level[half:])
    best = min(found.values(), key=lambda loss: float(loss.mean()))
    behind = {method: mean_of(loss - best) for method, loss in found.items()}
    chosen = next(method for method, mean in behind.items() if mean.value <= mean.error)
    rows = [
        {"name": method, "log_loss": mean_of(found[method]).to_json(), "behind_best": mean.to_json()}
        for method, mean in behind.items()
    ]
    return chosen, rows


def _curves(method: str, scores: Numbers, level: Levels) -> tuple[Curve, ...] | None:
    """A curve for each level, or None when one cannot be had."""
    if method == NONE:
        return None
    odds = log_odds(scores)
    make = _platt if method == PLATT else _isotonic
    curves = [make(odds[:, k], level == k) for k in range(scores.shape[1])]
    return tuple(curve for curve in curves if curve) if all(curves) else None


def _platt(odds: Numbers, was: Rows) -> Platt | None:
    if was.all() or not was.any():
        return None
    fitted = LogisticRegression(C=1e6, tol=1e-8, max_iter=1000).fit(odds[:, None], was)
    slope = float(fitted.coef_[0, 0])
    return Platt(slope, float(fitted.intercept_[0])) if slope > 0 else None


def _isotonic(odds: Numbers, was: Rows) -> Isotonic | None:
    """Steps pooled until none falls; nothing is held for certain after so few cases."""
    if was.all() or not was.any():
        return None
    least = 1 / (len(was) + 2)
    fitted = IsotonicRegression(y_min=least, y_max=1 - least).fit(odds, was.astype(np.float64))
    return Isotonic(
        tuple(float(each) for each in fitted.X_thresholds_),
        tuple(float(each) for each in fitted.y_thresholds_),
    )


def _seen(shares: Numbers, level: Levels) -> tuple[tuple[Seen, ...], ...]:
    """Per level, what was decided at each height of share, counted in the checked part.

    Of two levels the first is the mirror of the second, so that what is said of both adds up.
    """
    if len(level) < FEWEST_IN_BIN:
        return ()
    count = shares.shape[1]
    if count == 2:
        bins = _bins_of(shares[:, 1], level == 1)
        return (_mirrored(bins), bins)
    return tuple(_bins_of(shares[:, k], level == k) for k in range(count))


def _bins_of(said: Numbers, was: Rows) -> tuple[Seen, ...]:
    """Bins between HEIGHTS, joined until each holds enough cases; a last rest joins the one before."""
    place = np.searchsorted(HEIGHTS, said, side="left")
    ends, held = [], 0
    for height in range(len(HEIGHTS)):
        held += int((place == height).sum())
        if held >= FEWEST_IN_BIN:
            ends.append(height)
            held = 0
    ends[-1] = len(HEIGHTS) - 1
    starts = [0, *(end + 1 for end in ends[:-1])]
    found = []
    for start, end in zip(starts, ends, strict=True):
        rows = (place >= start) & (place <= end)
        low, high = wilson(int(was[rows].sum()), int(rows.sum()))
        found.append(Seen(HEIGHTS[end], low, high, int(rows.sum())))
    return tuple(found)


def _mirrored(bins: tuple[Seen, ...]) -> tuple[Seen, ...]:
    below = [0.0, *(each.upto for each in bins[:-1])]
    return tuple(
        Seen(round(1 - lower, 9), round(1 - each.high, 9), round(1 - each.low, 9), each.n)
        for lower, each in reversed(list(zip(below, bins, strict=True)))
    )
