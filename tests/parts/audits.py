"""Records of tests for bias, as the workshop writes them, with whatever a test wants in them."""

from collections.abc import Mapping
from typing import Any

from models.artifact import Artifact
from models.audit import FLIP_PARTS

GROUPS = {
    "koen": ("Køn", True, (("kvinde", "Kvinde"), ("mand", "Mand"))),
    "aldersgruppe": ("Aldersgruppe", True, (("40_66", "40–66 år"), ("85_op", "85 år og over"))),
    "tolkebehov": ("Tolkebehov", False, (("nej", "Nej"), ("ja", "Ja"))),
}
NONE = {"gap": 0.0, "low": -0.02, "high": 0.02, "shrunk": 0.0, "shrunk_low": -0.01, "shrunk_high": 0.01}


def a_group(code: str, label: str, **changed: Any) -> dict[str, Any]:
    """A group of 200 cases in which nothing was found and likeness was shown."""
    return {
        "code": code, "label": label, "n": 200,
        "under": {"share": 0.07, "interval": [0.04, 0.11]}, "over": {"share": 0.06, "interval": [0.03, 0.1]},
        "under_gap": {**NONE, "detectable": 0.05}, "lower_gap": {**NONE, "detectable": 0.06},
        "equivalent": True, "calibration": {"gap": 0.01, "low": -0.02, "high": 0.04},
        "better_than_prior": {"gap": 0.2, "low": 0.15, "high": 0.25},
        "kappa": {"value": 0.6, "low": 0.5, "high": 0.7}, "worse_than_active": None,
        "kappa_behind": None, "calibration_error": {"value": 0.02, "by_chance": 0.06},
        "levels": {"S": [0.75, 0.25], "E": [0.74, 0.26], "D": None}, **changed,
    }  # fmt: skip


def an_axis(
    name: str, p_adjusted: float = 0.6, groups: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, Any]:
    """An attribute that was tested, with some of its groups changed."""
    label, large, codes = GROUPS[name]
    return {
        "name": name, "label": label, "large": large, "status": "proevet", "reason": "", "n_unknown": 0,
        "p": p_adjusted, "p_adjusted": p_adjusted,
        "groups": [a_group(code, told, **(groups or {}).get(code, {})) for code, told in codes],
    }  # fmt: skip


def an_honest_record(version: Artifact, **changed: Any) -> dict[str, Any]:
    """The record of a version against which nothing was found."""
    missing = {
        "name": "oprindelse", "label": "Oprindelse", "large": False, "n_unknown": 600,
        "status": "ikke_til_raadighed", "reason": "Kommunen har den ikke.", "groups": [],
    }  # fmt: skip
    return {
        "kind": "promotion", "version": version.manifest.version, "manifest_hash": version.manifest_hash,
        "area": version.manifest.area, "window": ["2026-01-02", "2026-05-29"], "n": 400, "n_strata": 12,
        "objects": [
            {"code": code, "label": label, "n": n}
            for code, label, n in zip(
                "SEDO", ("forslag", "eget skøn", "beslutning", "resultat"), (400, 400, 0, 300), strict=True
            )
        ],
        "plan": {"seed": 140, "draws": 1999, "sha256": "0" * 64}, "against": None,
        "overall": {
            "n": 400, "calibration": {"gap": 0.01, "low": -0.01, "high": 0.03},
            "calibration_error": {"value": 0.02, "by_chance": 0.04},
        },
        "axes": [*(an_axis(name) for name in GROUPS), missing],
        "exploratory": {
            "measures": [], "intersections": [], "with_need": {"cells": [], "too_small": 0},
            "control": {"n": 0, "words": "kan ikke måles"},
        },
        "flips": {name: [] for name in FLIP_PARTS}, "unavailable": {}, **changed,
    }  # fmt: skip


UNDER = {"gap": 0.25, "low": 0.2, "high": 0.3, "shrunk": 0.24, "shrunk_low": 0.19, "shrunk_high": 0.29}


def a_biased_record(version: Artifact) -> dict[str, Any]:
    """The record of a version that suggests too little to women."""
    group = {"under_gap": {**UNDER, "detectable": 0.05}, "equivalent": False}
    return an_honest_record(
        version, axes=[an_axis("koen", 0.001, {"kvinde": group}), an_axis("aldersgruppe")]
    )


def a_doubtful_record(version: Artifact) -> dict[str, Any]:
    """The record of a version with too few of an age to say that they are treated alike."""
    return an_honest_record(
        version, axes=[an_axis("koen"), an_axis("aldersgruppe", groups={"85_op": {"equivalent": False}})]
    )
