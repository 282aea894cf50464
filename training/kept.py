"""What a training has finished, kept beside its output: one that was interrupted goes on where it was.

It lies under a key of everything that shapes a fit (data, settings, libraries and our own code), and a change
of any of it begins anew. A file is put in its place whole and carries its hash: what is half written or
damaged does not count. The tables kept are not settled yet and may tell of few, so only their owner can read
them, and they are gone when the version is written.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from models.plain import as_npz, read_tables
from models.tables import ScoreTables

CODE = ("models", "training")
DIGEST = 64
SAYS = b"\n"


@dataclass(frozen=True)
class Kept:
    """A folder of finished fits; without one nothing is kept."""

    folder: Path | None = None

    def read(self, name: str, classes: Sequence[str]) -> tuple[ScoreTables, dict[str, Any]] | None:
        """What was kept under a name, or None when there is nothing whole."""
        if self.folder is None:
            return None
        try:
            content = (self.folder / name).read_bytes()
        except OSError:
            return None
        digest, body = content[:DIGEST], content[DIGEST:]
        if hashlib.sha256(body).hexdigest().encode() != digest:
            return None
        said, _, tables = body.partition(SAYS)
        return read_tables(tables, classes), json.loads(said)

    def write(self, name: str, fitted: tuple[ScoreTables, dict[str, Any]]) -> None:
        """Keep a fit under a name."""
        if self.folder is None:
            return
        tables, said = fitted
        body = json.dumps(said).encode() + SAYS + as_npz(tables)
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.parent.chmod(0o700)
        self.folder.mkdir(mode=0o700, exist_ok=True)
        with NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + body)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self.folder / name)


NOWHERE = Kept()


def work_of(out: Path) -> Path:
    """Where the fits of trainings to an output are kept."""
    return out.parent / f"{out.name}.work"


def kept_for(out: Path, shaped_by: Mapping[str, Any]) -> Kept:
    """The place of one training: the same data, settings and code find it again."""
    text = json.dumps({**shaped_by, "code": code_digest()}, sort_keys=True, ensure_ascii=False, default=str)
    return Kept(work_of(out) / hashlib.sha256(text.encode()).hexdigest()[:16])


def forget(out: Path) -> None:
    """Remove everything that was kept for an output."""
    shutil.rmtree(work_of(out), ignore_errors=True)


def code_digest() -> str:
    """SHA-256 over the source of what fits and codes; another version of Skøn does not go on from here."""
    root, found = Path(__file__).resolve().parent.parent, hashlib.sha256()
    for file in sorted(path for package in CODE for path in (root / package).rglob("*.py")):
        found.update(file.relative_to(root).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return found.hexdigest()
