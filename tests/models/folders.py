"""Folders of a version, changed on purpose, and why they are refused."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models import artifact
from models.artifact import ArtifactRefused


def reason_of(folder: Path, expected: str | None = None) -> str:
    """Why a folder is refused."""
    with pytest.raises(ArtifactRefused) as refused:
        artifact.load(folder, expected)
    assert refused.value.detail
    return refused.value.reason


def rewritten(folder: Path, name: str, change: Callable[[Any], Any]) -> None:
    """Change a JSON file and let the manifest vouch for it: a swap rather than a damage."""
    path = folder / name
    path.write_text(json.dumps(change(json.loads(path.read_text()))))
    vouched(folder, name)


def vouched(folder: Path, name: str) -> None:
    """Put a file's hash into the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"][name] = artifact._sha256((folder / name).read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest))
