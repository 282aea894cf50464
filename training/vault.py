"""The vault: protected attributes in a folder of their own, which nothing that trains can open.

A vault is a folder with `vault.json` in it, readable by its owner alone. `model audit` reads it; training
refuses it by path, and while it runs an audit hook of the interpreter refuses every file that lies in one.
On a machine where the two are different users the permissions keep them apart as well.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from models.declaration import Area

FORMAT = "skoen-vault/1"
ABOUT = "vault.json"
ATTRIBUTES = "protected.csv"
FOLDER_MODE, FILE_MODE = 0o700, 0o600

_closed: ContextVar[bool] = ContextVar("vault_closed", default=False)
_hooked: list[bool] = []


class VaultClosed(PermissionError):
    """Something that trains tried to open a file of a vault."""


def about(area: Area, sha256: str) -> bytes:
    """What a vault says of itself: its area and the hash of its attributes."""
    told = {"format": FORMAT, "area": area.name, "sha256": sha256}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def shut(folder: Path) -> None:
    """Let the owner alone into a vault that was just written."""
    for each in folder.iterdir():
        each.chmod(FILE_MODE)
    folder.chmod(FOLDER_MODE)


def in_vault(path: Path) -> bool:
    """Whether a file lies in a vault, however it was reached."""
    return any((parent / ABOUT).is_file() for parent in path.resolve().parents)


@contextmanager
def closed() -> Iterator[None]:
    """While this lasts, no file in a vault can be opened by Python code in this process's own thread."""
    if not _hooked:
        _hooked.append(True)
        sys.addaudithook(_refuse_opening)
    token = _closed.set(True)
    try:
        yield
    finally:
        _closed.reset(token)


def _refuse_opening(event: str, arguments: tuple[Any, ...]) -> None:
    if event != "open" or not _closed.get():
        return
    if isinstance(arguments[0], str | bytes | os.PathLike):
        path = Path(os.fsdecode(arguments[0]))
        if path.name in (ABOUT, ATTRIBUTES) or in_vault(path):
            raise VaultClosed(
                f"{path.name} lies in the vault of protected attributes; training may not open it"
            )
