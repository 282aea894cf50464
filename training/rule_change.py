"""The report of changes: how much each fact pulls in the version in use and in the new one, side by side.

Both are read on the same later cases. Each was fitted many times on cases drawn anew, and that says how far a
share of all pull moves by chance.
"""

from typing import Any

import numpy as np

from models.artifact import Artifact
from models.stability import Stability
from models.tables import Floats, shapley
from training.labelled import Labelled

MEASURED_ON = 200
LEAST_TO_TURN = 0.03
"""A fact with a smaller share of all pull has no direction to turn."""


def rule_change(old: Artifact | None, new: Artifact, later: Labelled) -> dict[str, Any] | None:
    """Each fact of either version, most moved first; None where there is no version in use."""
    if old is None:
        return None
    places = np.unique(np.linspace(0, len(later) - 1, MEASURED_ON).astype(np.int64))
    before, now = _Pulls(old, later, places), _Pulls(new, later, places)
    names = dict.fromkeys((*old.codebook.names, *new.codebook.names))
    facts = [_fact(name, before, now) for name in names]
    return {
        "version": old.manifest.version,
        "manifest_hash": old.manifest_hash,
        "cases": len(places),
        "facts": sorted(facts, key=lambda each: (-abs(each["now"] - each["before"]), each["name"])),
    }


class _Pulls:
    """What a version's facts pull on some cases, and what they pull in each of its refitted models."""

    def __init__(self, version: Artifact, later: Labelled, places: Any) -> None:
        codes = later.codes(version.codebook)[places]
        found = shapley(version.tables, version.background).contributions_many(codes)
        again = Stability(version.refitted, version.tables.classes, version.background).contributions_many(
            codes
        )
        self._place = {name: place for place, name in enumerate(version.codebook.names)}
        self.up = found[:, -1] - found[:, 0]
        self.up_again = again[:, :, -1] - again[:, :, 0]
        self._share = _shares(np.abs(found).sum(axis=1).mean(axis=0))
        self._shares_again = np.apply_along_axis(_shares, 1, np.abs(again).sum(axis=2).mean(axis=0))

    def share(self, name: str) -> tuple[float, float]:
        """A fact's share of all pull and its standard error; nothing for a fact the version does not know."""
        if name not in self._place:
            return 0.0, 0.0
        place = self._place[name]
        return float(self._share[place]), float(self._shares_again[:, place].std(ddof=1))

    def directions(self, name: str) -> Floats | None:
        """What a fact pulls upwards in each refitted model, case by case (R, n); None if it is not known."""
        return self.up_again[:, :, self._place[name]].T if name in self._place else None


def _shares(pull: Floats) -> Floats:
    total = float(pull.sum())
    return pull / total if total else np.zeros_like(pull)


def _fact(name: str, before: _Pulls, now: _Pulls) -> dict[str, Any]:
    (old, old_spread), (new, new_spread) = before.share(name), now.share(name)
    return {
        "name": name,
        "before": round(old, 4),
        "now": round(new, 4),
        "spread_before": round(old_spread, 4),
        "spread_now": round(new_spread, 4),
        "turned": min(old, new) >= LEAST_TO_TURN and _turned(before.directions(name), now.directions(name)),
    }


def _turned(old: Floats | None, new: Floats | None) -> bool:
    """Whether every refitted model of the new version pulls against every one of the old, case by case."""
    if old is None or new is None:
        return False
    old, new = old - old.mean(axis=1, keepdims=True), new - new.mean(axis=1, keepdims=True)
    return bool((old @ new.T < 0).all())
