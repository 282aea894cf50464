"""What a backup says about itself: `manifest.json`, written last, beside the files it names.

It is sealed with a key made of the installation's pepper, so that somebody who keeps the backups cannot give
back another database than he was given: much of it (people, passwords, roles) is proved by no log.
"""

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import file_digest
from pathlib import Path
from typing import Any

from service.backup.errors import BackupRefused

FORMAT = "skoen-backup/1"
NAME = "manifest.json"
DATABASE, KEYSTORE = "database", "keystore"
PLAIN_NAME = re.compile(r"[a-z][a-z0-9_]*\.(db|copy)")


@dataclass(frozen=True)
class Manifest:
    """`of` is "database" or "keystore", `engine` SQLAlchemy's name of the engine, `made_at` RFC 3339 in UTC.

    `files` gives sha256 (hex) and size (bytes) by name, `columns` the columns of each table in the order of
    its file (PostgreSQL only), `shards` size and root (hex) of each shard of the log. `seal` is in hex.
    """

    of: str
    engine: str
    revision: str | None
    made_at: str
    origin: str
    files: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    columns: Mapping[str, list[str]] = field(default_factory=dict)
    shards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    seal: str = ""

    def write(self, folder: Path, pepper: bytes) -> None:
        """Write the manifest, sealed, into the folder of its files."""
        content = {"format": FORMAT, **asdict(self), "seal": self._sealed(pepper)}
        text = json.dumps(content, indent=2)  # unsorted: tables stand in the order that they can be filled in
        (folder / NAME).write_text(text + "\n", encoding="utf-8")

    def is_sealed_with(self, pepper: bytes) -> bool:
        """Whether the manifest is as an installation with this pepper wrote it."""
        return hmac.compare_digest(self.seal.encode(), self._sealed(pepper).encode())

    def _sealed(self, pepper: bytes) -> str:
        key = hmac.digest(pepper, FORMAT.encode(), "sha256")
        content = {name: value for name, value in asdict(self).items() if name != "seal"}
        return hmac.digest(key, json.dumps(content, sort_keys=True).encode(), "sha256").hex()

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """The manifest of a backup; raises BackupRefused when the folder holds none that can be read."""
        try:
            content = json.loads((folder / NAME).read_bytes())
            if content.pop("format") != FORMAT:
                raise BackupRefused(f"{folder / NAME} is of another format than {FORMAT}.")
            found = cls(**content)
        except FileNotFoundError:
            raise BackupRefused(f"{folder} is no backup: it holds no {NAME}.") from None
        except (ValueError, TypeError, KeyError, AttributeError):
            raise BackupRefused(f"{folder / NAME} cannot be read.") from None
        if found.of not in (DATABASE, KEYSTORE) or not all(map(PLAIN_NAME.fullmatch, found.files)):
            raise BackupRefused(f"{folder / NAME} describes no backup of Skøn.")
        return found


def measured(file: Path) -> dict[str, Any]:
    """SHA-256 (hex) and size (bytes) of a file that no database has open."""
    with file.open("rb") as content:
        return {"sha256": file_digest(content, "sha256").hexdigest(), "size": file.stat().st_size}


def kind_of(folder: Path) -> str | None:
    """What the folder is a backup of; None when it is no backup."""
    try:
        return Manifest.read(folder).of
    except (BackupRefused, NotADirectoryError):
        return None
