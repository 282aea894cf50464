"""The whole audit: predictions joined with the vault, every measure, one record.

The same version, data, vault, seed and draws give the same record. Monthly, the same family is asked of what
people decided, against what they judged first.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from models.artifact import Artifact
from models.audit import AGE_MARGIN, ALPHA, FEWEST, FLIP_PARTS, MARGIN, UNAVAILABLE
from models.coding import Codes
from models.declaration import Area
from models.instants import local_date, read_instant
from models.tables import shapley
from training.chance import Numbers, stream
from training.dataset import Dataset, Protected
from training.evaluate import NothingToTest, rules_in, shares_of
from training.fairness import quality
from training.fairness.aged import by_age
from training.fairness.basis import of_the_basis
from training.fairness.explored import explored, intersections, map_axes, within_each_need
from training.fairness.measures import measures_of
from training.fairness.panel import LEAST_IN_STRATUM, NOTHING, Panel, level_of, panel_of
from training.fairness.primary import LARGE, TOO_HIGH, TOO_LOW, Beside, tested
from training.fairness.stratified import Members
from training.fairness.swaps import flips
from training.fairness.telling import of_inputs, of_residuals, told_by
from training.labelled import Labelled, control_arm, labelled
from training.measures import losses
from training.table_reading import prior_tables

ALONE = ("skift_S", "forskydning")
"""Of what is suggested for people without a tool, how it would have differed from what they judged."""
OBJECTS = {"S": "forslag", "E": "eget skøn", "D": "beslutning", "O": "resultat"}
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """What is laid down before anything is seen. `reasons` says why an attribute is missing, by name."""

    seed: int = 140
    draws: int = 1999
    reasons: Mapping[str, str] = field(default_factory=dict)

    def to_json(self, area: Area) -> dict[str, Any]:
        """The plan as the record keeps it, with a hash of everything that shapes the test."""
        told = {
            "primary": "under-suggestion by protected attribute",
            "family": [question.name for question in area.kept_apart],
            "large": [question.name for question in area.kept_apart if question.name in LARGE],
            "strata": ["plan_type", *area.need],
            "least_in_stratum": LEAST_IN_STRATUM,
            "weights": {"too_low": TOO_LOW, "too_high": TOO_HIGH},
            "alpha": ALPHA, "correction": "benjamini-hochberg", "margin": MARGIN, "age_margin": AGE_MARGIN,
            "fewest": FEWEST,
            "seed": self.seed, "draws": self.draws,
        }  # fmt: skip
        return told | {"sha256": hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()}


def audit(
    artifact: Artifact,
    data: Dataset,
    vault: Protected,
    plan: Plan,
    against: Artifact | None = None,
    progress: Progress = lambda step: None,
) -> dict[str, Any]:
    """A version tried on the cases decided after it stopped learning; NothingToTest when there is none."""
    known, _ = labelled(data.area, data.cases, rules_in(artifact))
    stopped = read_instant(artifact.manifest.config["split"]["tested_from"])
    earlier, later = known.between(None, stopped), known.between(stopped, None)
    if not len(later):
        raise NothingToTest(f"no case was decided after {artifact.manifest.version} had stopped learning")
    control = control_arm(data.area, data.cases).between(stopped, None)
    progress("Joining with the vault")
    shares = said_by(artifact, later)
    panel = panel_of(later, shares, vault)
    codes = later.codes(artifact.codebook)
    progress("Testing the primary family")
    axes = tested(panel, _beside(artifact, earlier, later, shares, against), dict(plan.reasons), plan.draws,
                  stream(plan.seed, "permutation"))  # fmt: skip
    progress("Swapping proxies")
    swaps, contributions = _proxies(artifact, codes, panel, plan.seed)
    progress("Exploring")
    measures = [
        *measures_of(panel),
        *of_the_basis(artifact, codes, panel, earlier, vault, contributions, swaps["through"]),
    ]
    return _about(panel, axes, plan) | {
        "kind": "promotion",
        "version": artifact.manifest.version,
        "manifest_hash": artifact.manifest_hash,
        "against": None if against is None else against.manifest.version,
        "overall": _overall(panel, stream(plan.seed, "calibration")),
        "exploratory": {
            "measures": explored(panel, measures),
            "intersections": intersections(panel, *LARGE),
            "with_need": within_each_need(panel, *LARGE),
            "control": _control(artifact, control, vault),
        },
        "flips": swaps,
    }


def _proxies(artifact: Artifact, codes: Codes, panel: Panel, seed: int) -> tuple[dict[str, Any], Numbers]:
    """What changes through proxies and with age, and how well groups are told; and the contributions."""
    axes = map_axes(panel)
    contributions = shapley(artifact.tables, artifact.background).contributions_many(codes)
    told: dict[str, Numbers | Members] = {
        "told_by_inputs": of_inputs(codes),
        "told_by_contributions": contributions.reshape(len(codes), -1),
        "told_by_residuals": of_residuals(panel.judged, panel.shares),
    }
    found = {name: told_by(values, axes, panel.stratum, stream(seed, name)) for name, values in told.items()}
    swaps = flips(artifact, codes, panel, axes, stream(seed, "swaps"))
    aged = by_age(artifact, codes, panel, axes, stream(seed, "age"))
    return {**swaps, "by_age": aged, **found}, contributions


def monthly(
    data: Dataset,
    vault: Protected,
    plan: Plan,
    first: date,
    last: date,
    progress: Progress = lambda step: None,
) -> dict[str, Any]:
    """What people decided in a window, against what they judged before any evidence; NothingToTest."""
    rows = [
        case for case in data.cases
        if case.origin == "skoen" and first <= local_date(case.decided_at) <= last
        and NOTHING not in (level_of(data.area, case.own_level), level_of(data.area, case.final_level))
    ]  # fmt: skip
    if not rows:
        raise NothingToTest(f"no case was judged and decided here from {first} to {last}")
    progress("Joining with the vault")
    own = np.array([level_of(data.area, case.own_level) for case in rows], dtype=np.int64)
    known = Labelled(data.area, tuple(rows), own)
    panel = panel_of(known, np.eye(len(data.area.levels))[own], vault)
    progress("Testing what was decided")
    decided = replace(panel, suggested=panel.decided)
    axes = tested(decided, None, dict(plan.reasons), plan.draws, stream(plan.seed, f"{first}"))
    return _about(panel, axes, plan) | {
        "kind": "monthly",
        "version": max({case.model_version or "" for case in rows}),
        "manifest_hash": "",
        "overall": {"n": len(panel)},
        "exploratory": {
            "measures": explored(_as_shown(panel), measures_of(_as_shown(panel))),
            "intersections": [],
            "with_need": {"cells": [], "too_small": 0},
            "control": {"n": 0, "words": "står blandt de andre mål"},
        },
        "flips": {name: [] for name in FLIP_PARTS},
    }


def _as_shown(panel: Panel) -> Panel:
    """The panel with what was calculated for each case at the time as the suggestion."""
    said = np.array([level_of(panel.area, case.model_level) for case in panel.cases], dtype=np.int64)
    return replace(panel, suggested=said)


def _about(panel: Panel, axes: list[dict[str, Any]], plan: Plan) -> dict[str, Any]:
    days = sorted(local_date(case.decided_at) for case in panel.cases)
    outcomes = sum(case.outcome.level_changed is not None for case in panel.cases)
    counts = {
        "S": int((panel.suggested != NOTHING).sum()), "E": int((panel.judged != NOTHING).sum()),
        "D": int((panel.decided != NOTHING).sum()), "O": outcomes,
    }  # fmt: skip
    return {
        "area": panel.area.name,
        "window": [days[0].isoformat(), days[-1].isoformat()],
        "n": len(panel),
        "n_strata": len(np.unique(panel.stratum)),
        "objects": [{"code": code, "label": OBJECTS[code], "n": n} for code, n in counts.items()],
        "plan": plan.to_json(panel.area),
        "axes": axes,
        "unavailable": {each["name"]: each["reason"] for each in axes if each["status"] == UNAVAILABLE},
    }


def said_by(artifact: Artifact, cases: Labelled) -> Numbers:
    """What a version tells people of each case: calibrated shares (n, K)."""
    codes = cases.codes(artifact.codebook)
    return artifact.uncertainty.shares(artifact.tables.scores(codes))


def _beside(
    artifact: Artifact, earlier: Labelled, later: Labelled, shares: Numbers, against: Artifact | None
) -> Beside:
    mine = losses(shares, later.level)
    levels = earlier.level if len(earlier) else later.level
    prior = losses(shares_of(prior_tables(artifact.codebook, levels), artifact.codebook, later), later.level)
    if against is None:
        return Beside(prior - mine)
    said = said_by(against, later)
    return Beside(prior - mine, mine - losses(said, later.level), said.argmax(axis=1))


def _overall(panel: Panel, rng: np.random.Generator) -> dict[str, Any]:
    return {
        "n": len(panel),
        "calibration": quality.calibration_in_the_large(panel.shares, panel.judged),
        "calibration_error": quality.calibration_beyond_chance(panel.shares, panel.judged, rng),
    }


def _control(artifact: Artifact, control: Labelled, vault: Protected) -> dict[str, Any]:
    """People without any tool: the tool is held against these, and not against nothing."""
    if len(control) < FEWEST:
        return {"n": len(control), "words": "kan ikke måles: for få sager uden grundlag ved lodtrækning"}
    panel = panel_of(control, said_by(artifact, control), vault)
    wanted = [
        each
        for each in measures_of(panel)
        if (each.about != "S" or each.code in ALONE) and np.isfinite(each.values).any()
    ]
    return {"n": len(control), "words": "", "measures": explored(panel, wanted)}
