"""The report of changes: how much each fact pulls in the version in use and in the new one, side by side.

Both are read on the same later cases. Each was fitted many times on cases drawn anew, and that says how far a
share of all pull moves by chance.
"""

from typing import Any

from models.artifact import Artifact
from models.tables import Floats
from training.labelled import Labelled
from training.pulls import Pulls, alike

LEAST_TO_TURN = 0.03
"""A fact with a smaller share of all pull has no direction to turn."""


def rule_change(old: Artifact | None, new: Artifact, later: Labelled) -> dict[str, Any] | None:
    """Each fact of either version, most moved first; None where there is no version in use."""
    if old is None:
        return None
    before, now = Pulls(old, later), Pulls(new, later)
    names = dict.fromkeys((*old.codebook.names, *new.codebook.names))
    facts = [_fact(name, before, now) for name in names]
    return {
        "version": old.manifest.version,
        "manifest_hash": old.manifest_hash,
        "cases": before.cases,
        "alike": alike(before, now),
        "facts": sorted(facts, key=lambda each: (-abs(each["now"] - each["before"]), each["name"])),
    }


def _fact(name: str, before: Pulls, now: Pulls) -> dict[str, Any]:
    (old, old_spread), (new, new_spread) = before.share(name), now.share(name)
    return {
        "name": name,
        "before": round(old, 4),
        "now": round(new, 4),
        "spread_before": round(old_spread, 4),
        "spread_now": round(new_spread, 4),
        "used_before": name in before.names,
        "used_now": name in now.names,
        "turned": min(old, new) >= LEAST_TO_TURN and _turned(before.directions(name), now.directions(name)),
    }


def _turned(old: Floats | None, new: Floats | None) -> bool:
    """Whether every refitted model of the new version pulls against every one of the old, case by case."""
    if old is None or new is None:
        return False
    old, new = old - old.mean(axis=1, keepdims=True), new - new.mean(axis=1, keepdims=True)
    return bool((old @ new.T < 0).all())
