"""The record of a fairness audit: a file beside the model version that it is about, and its limits.

The workshop measures and writes; the service reads, and judges anew from the numbers (`models.promotion`).
A record names the version by the hash of its manifest, so that it can speak of no other.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FORMAT = "skoen-audit/2"
SUFFIX = ".audit.json"

FEWEST = 20
"""A group with fewer cases is never said to be anything but too small."""
FEWEST_FOR_CALIBRATION = 100
ALPHA = 0.05
MATERIAL_UNDER = 0.05
"""A gap in the share suggested too low, above which a difference matters."""
MATERIAL_LOWER = 0.10
"""A gap in levels, above which suggestions that lie lower matter."""
MARGIN = 0.10
"""Equivalence is shown within this gap in the share suggested too low."""
CALIBRATION = 0.05
FLIPS = 0.02
AGE_MARGIN = 0.10
"""Levels by which a suggestion may move when all but the professional criteria are as of the oldest."""
KAPPA_MARGIN = 0.05
"""Weighted kappa by which a group may do worse than under the version in use."""
LOSS_MARGIN = 0.02
"""Nats of log-loss by which a group may do worse than under the version in use."""

UNAVAILABLE = "ikke_til_raadighed"
TESTED = "proevet"
PARTS = (
    "version",
    "manifest_hash",
    "area",
    "window",
    "n",
    "objects",
    "plan",
    "overall",
    "axes",
    "exploratory",
    "flips",
)
FLIP_PARTS = (
    "direct",
    "through",
    "by_age",
    "told_by_inputs",
    "told_by_contributions",
    "told_by_residuals",
)
EXPLORED_PARTS = ("measures", "intersections", "with_need", "control")


class AuditRefused(ValueError):
    """There is no record, or not one that can be read; the sentence is Danish and says what to do."""


@dataclass(frozen=True)
class Audit:
    """A record that was read, and the hash of its file."""

    content: Mapping[str, Any]
    sha256: str


def beside(folder: Path) -> Path:
    """Where the record of a version's folder lies."""
    return folder.with_name(folder.name + SUFFIX)


def save(content: Mapping[str, Any], folder: Path) -> str:
    """Write the record of a version beside its folder in one step, and return the file's hash.

    An earlier record of the version is written over: the newest counts, and an admission names its hash.
    """
    text = json.dumps({"format": FORMAT, **content}, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    written = text.encode()
    target = beside(folder)
    handle, scratch = tempfile.mkstemp(prefix=f".{target.name}-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).chmod(0o644)
        Path(scratch).replace(target)
    finally:
        Path(scratch).unlink(missing_ok=True)
    return hashlib.sha256(written).hexdigest()


def load(folder: Path, version: str, manifest_hash: str) -> Audit:
    """The record beside a folder. Raises AuditRefused when it is missing, malformed or another version's."""
    path = beside(folder)
    if not path.is_file() or path.is_symlink():
        raise AuditRefused(f"Version {version} er ikke prøvet for skævhed. Kør: skoen model audit.")
    found = path.read_bytes()
    try:
        content = json.loads(found)
    except ValueError:
        raise AuditRefused(_unreadable(version)) from None
    if not _is_whole(content):
        raise AuditRefused(_unreadable(version))
    if (content["version"], content["manifest_hash"]) != (version, manifest_hash):
        raise AuditRefused(
            f"Prøven for skævhed ved siden af {version} handler om en anden model. Kør: skoen model audit."
        )
    return Audit(content, hashlib.sha256(found).hexdigest())


def _is_whole(content: Any) -> bool:
    """Whether a record has every part: what an older one lacks is measured anew, never taken for none."""
    if not isinstance(content, dict) or content.get("format") != FORMAT or set(PARTS) - set(content):
        return False
    within = (("flips", FLIP_PARTS), ("exploratory", EXPLORED_PARTS))
    return all(
        isinstance(content[name], dict) and not set(parts) - set(content[name]) for name, parts in within
    )


def _unreadable(version: str) -> str:
    return f"Prøven for skævhed af {version} kan ikke læses. Kør den igen: skoen model audit."
