"""The one family of tests that was laid down beforehand: under-suggestion by each protected attribute.

What is tested is the shortfall of a suggestion against the own judgement: one level too low counts 2, one
too high counts -1, for too little help is the harm. Within strata of need, groups of at least 20.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.audit import (
    FEWEST,
    FEWEST_FOR_CALIBRATION,
    MARGIN,
    TESTED,
    UNAVAILABLE,
)
from models.declaration import Question
from training.chance import Indexes, Numbers
from training.fairness import quality
from training.fairness.panel import NOTHING, Panel
from training.fairness.stratified import Gaps, Members, adjusted, gaps, permutation, shrunk
from training.labelled import Levels
from training.measures import wilson

TOO_LOW, TOO_HIGH = 2.0, 1.0
QUALITY = (
    "calibration", "calibration_error", "better_than_prior", "kappa", "worse_than_active", "kappa_behind",
)  # fmt: skip
LARGE = ("koen", "aldersgruppe")
"""Attributes everybody has: for these it must be shown that groups are treated alike."""


@dataclass(frozen=True)
class Axis:
    """One attribute as it is tested: its groups of at least 20 as columns, and all groups by code."""

    question: Question
    codes: tuple[str, ...]
    members: Members
    unknown: int

    @property
    def large(self) -> tuple[int, ...]:
        """The columns of the groups that are large enough to be tested."""
        return tuple(place for place, n in enumerate(self.members.sum(axis=0)) if n >= FEWEST)


@dataclass(frozen=True)
class Beside:
    """Case by case: how much better than the prior, and worse than the version in use where there is one.

    `active` is what the version in use suggests.
    """

    better_than_prior: Numbers
    worse_than_active: Numbers | None = None
    active: Levels | None = None


def axis_of(panel: Panel, question: Question) -> Axis:
    """The groups of an attribute that occur, in declared order."""
    codes = panel.attributes[question.name]
    found = tuple(code for code in question.code_values if (codes == code).any())
    members = (
        np.stack([codes == code for code in found], axis=1) if found else np.zeros((len(panel), 0), bool)
    )
    return Axis(question, found, members, int((codes == "").sum()))


def shortfall(suggested: Levels, judged: Levels) -> Numbers:
    """How far a suggestion falls short, weighted two to one."""
    below = np.maximum(judged - suggested, 0)
    above = np.maximum(suggested - judged, 0)
    return np.asarray(TOO_LOW * below - TOO_HIGH * above, dtype=np.float64)


def tested(
    panel: Panel,
    beside: Beside | None,
    reasons: dict[str, str],
    draws: int,
    rng: np.random.Generator,
) -> list[dict[str, Any]]:
    """Every declared attribute: tested with its groups, or not available and why (`reasons`, by name)."""
    axes = [axis_of(panel, question) for question in panel.area.kept_apart]
    family = [axis for axis in axes if len(axis.large) > 1]
    p_values = permutation(
        shortfall(panel.suggested, panel.judged),
        [axis.members[:, axis.large] for axis in family],
        panel.stratum,
        draws,
        rng,
    )
    names = (axis.question.name for axis in family)
    both = dict(zip(names, zip(p_values, adjusted(p_values), strict=True), strict=True))
    pooled = _pooled(panel, family)
    rows = [_row(panel, axis, both, pooled, beside, reasons, rng) for axis in axes]
    return rows + [_never_there(panel, name, why) for name, why in panel.area.not_audited.items()]


@dataclass(frozen=True)
class _Pair:
    """The two gaps of every tested group, as they are and pooled over all groups of all attributes."""

    under: Gaps
    under_shrunk: Gaps
    lower: Gaps
    lower_shrunk: Gaps
    place: dict[tuple[str, str], int]


def _pooled(panel: Panel, family: list[Axis]) -> _Pair:
    """Each attribute is compared within itself; the groups of all of them tell how much gaps vary."""
    place: dict[tuple[str, str], int] = {}
    columns: list[Members] = []
    for axis in family:
        for column in axis.large:
            place[axis.question.name, axis.codes[column]] = len(columns)
            columns.append(axis.members[:, column])
    members = np.stack(columns, axis=1) if columns else np.zeros((len(panel), 0), dtype=bool)
    under = gaps((panel.suggested < panel.judged).astype(np.float64), members, panel.stratum)
    lower = gaps((panel.judged - panel.suggested).astype(np.float64), members, panel.stratum)
    return _Pair(under, shrunk(under), lower, shrunk(lower), place)


def _row(
    panel: Panel,
    axis: Axis,
    p_values: dict[str, tuple[float, float]],
    pooled: _Pair,
    beside: Beside | None,
    reasons: dict[str, str],
    rng: np.random.Generator,
) -> dict[str, Any]:
    name = axis.question.name
    about = {"name": name, "label": axis.question.label, "large": name in LARGE, "n_unknown": axis.unknown}
    if not axis.codes:
        return {**about, "status": UNAVAILABLE, "reason": reasons.get(name, ""), "groups": []}
    p, p_adjusted = p_values.get(name, (1.0, 1.0))
    groups = [_group(panel, axis, column, pooled, beside, rng) for column in range(len(axis.codes))]
    return {
        **about, "status": TESTED, "reason": "", "p": round(p, 5), "p_adjusted": round(p_adjusted, 5),
        "groups": groups,
    }  # fmt: skip


def _never_there(panel: Panel, name: str, why: str) -> dict[str, Any]:
    """An attribute that the area says why nobody may have."""
    label = name[:1].upper() + name[1:]
    return {
        "name": name, "label": label, "large": False, "n_unknown": len(panel), "status": UNAVAILABLE,
        "reason": why, "groups": [],
    }  # fmt: skip


def _group(
    panel: Panel, axis: Axis, column: int, pooled: _Pair, beside: Beside | None, rng: np.random.Generator
) -> dict[str, Any]:
    rows = np.flatnonzero(axis.members[:, column])
    code, n = axis.codes[column], len(rows)
    about = {"code": code, "label": axis.question.code_label(code), "n": n}
    if n < FEWEST:
        return about | _unsaid()
    at = pooled.place.get((axis.question.name, code))
    suggested, judged = panel.suggested[rows], panel.judged[rows]
    count = len(panel.area.levels)
    return about | {
        "under": _share(suggested < judged),
        "over": _share(suggested > judged),
        "under_gap": None if at is None else _gap(pooled.under, pooled.under_shrunk, at),
        "lower_gap": None if at is None else _gap(pooled.lower, pooled.lower_shrunk, at),
        "equivalent": at is not None and bool(pooled.under.within(MARGIN)[at]),
        **_quality(panel, beside, rows, rng),
        "levels": {
            "S": rates(suggested, count),
            "E": rates(judged, count),
            "D": _decided_rates(panel.decided[rows], count),
        },
    }


def _quality(
    panel: Panel, beside: Beside | None, rows: Indexes, rng: np.random.Generator
) -> dict[str, dict[str, float] | None]:
    """How well the model does in a group; nothing of it where there is no model to judge."""
    if beside is None:
        return dict.fromkeys(QUALITY)
    suggested, judged, shares = panel.suggested[rows], panel.judged[rows], panel.shares[rows]
    worse, active, enough = beside.worse_than_active, beside.active, len(rows) >= FEWEST_FOR_CALIBRATION
    count = shares.shape[1]
    return {
        "calibration": quality.calibration_in_the_large(shares, judged) if enough else None,
        "calibration_error": quality.calibration_beyond_chance(shares, judged, rng) if enough else None,
        "better_than_prior": quality.mean_interval(beside.better_than_prior[rows], rng),
        "kappa": quality.kappa(suggested, judged, count, rng),
        "worse_than_active": None if worse is None else quality.mean_interval(worse[rows], rng),
        "kappa_behind": (
            None if active is None else quality.kappa_behind(suggested, active[rows], judged, count, rng)
        ),
    }


def _unsaid() -> dict[str, Any]:
    """Of a group too small nothing is said at all."""
    return {
        **dict.fromkeys(("under", "over", "under_gap", "lower_gap", *QUALITY, "levels")),
        "equivalent": False,
    }


def _gap(raw: Gaps, pulled: Gaps, at: int) -> dict[str, float] | None:
    if not np.isfinite([raw.gap[at], raw.error[at], pulled.gap[at], pulled.error[at]]).all():
        return None
    return quality.rounded(
        {
            "gap": float(raw.gap[at]), "low": float(raw.low[at]), "high": float(raw.high[at]),
            "shrunk": float(pulled.gap[at]), "shrunk_low": float(pulled.low[at]),
            "shrunk_high": float(pulled.high[at]), "detectable": float(raw.detectable[at]),
        }
    )  # fmt: skip


def rates(levels: Levels, count: int) -> list[float]:
    """The selection rate of each level against all others."""
    return [float(each) for each in np.bincount(levels, minlength=count) / max(len(levels), 1)]


def _decided_rates(decided: Levels, count: int) -> list[float] | None:
    known = decided[decided != NOTHING]
    return rates(known, count) if len(known) >= FEWEST else None


def _share(hits: Any) -> dict[str, Any]:
    return {"share": round(float(hits.mean()), 4), "interval": list(wilson(int(hits.sum()), len(hits)))}
