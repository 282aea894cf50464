"""Reading the vault: for tests of bias, and for nothing that learns."""

import json
from pathlib import Path
from typing import Any

from models.declaration import Area
from training.dataset import DataRefused, Protected, Reject, file_hash, read_protected
from training.vault import ABOUT, ATTRIBUTES, FORMAT


def open_vault(area: Area, folder: Path) -> Protected:
    """The attributes by request id. Raises DataRefused for no vault of the area, or one open to others."""
    found = _about(area, folder)
    file = folder / ATTRIBUTES
    if file_hash(file) != found["sha256"]:
        raise _refused(file, "is not as vault.json says; write the vault again")
    return read_protected(area, file)


def _about(area: Area, folder: Path) -> dict[str, Any]:
    for path in (folder / ABOUT, folder / ATTRIBUTES):
        if not path.is_file():
            raise _refused(path, "is missing; a vault is a folder with vault.json and protected.csv")
    open_to = [path for path in (folder, *folder.iterdir()) if path.stat().st_mode & 0o077]
    if open_to:
        raise _refused(open_to[0], "can be read by others than its owner; run chmod -R go= on the vault")
    try:
        found = json.loads((folder / ABOUT).read_text("utf-8"))
        if (found["format"], found["area"]) != (FORMAT, area.name) or not isinstance(found["sha256"], str):
            raise _refused(folder / ABOUT, f"is not of a vault of {area.name}")
    except (ValueError, KeyError, TypeError) as error:
        if isinstance(error, DataRefused):
            raise
        raise _refused(folder / ABOUT, "is not a vault's") from error
    return dict(found)


def _refused(path: Path, why: str) -> DataRefused:
    return DataRefused([Reject(path.name, 0, "–", why, "")])
