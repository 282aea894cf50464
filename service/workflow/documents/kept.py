"""What the log says of the documents that were written: every file by its hash, to be proved later.

Anybody with a proof of the entry (`skoen log proof`, `skoen log export`) and `sha256sum` can tell whether a
published document is the one that was written, without Skøn.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from service import log
from service.log import Event
from service.log.events import Receipt
from service.tables.log import LogEntry
from service.tables.organisation import Municipality
from service.workflow.documents import bundle
from service.workflow.documents.gather import Gathered

FILE = "file:"
"""Before a file's name, in an entry."""
NO_MODEL = "none"
CHANGED, GONE, STRANGE = "changed", "gone", "not written by Skøn"


@dataclass(frozen=True)
class Writing:
    """One writing as the log has it; `files` are SHA-256 by name, `window` the model's days."""

    shard: str
    seq: int
    at: str
    version: str
    window: str
    files: Mapping[str, str]


def record(
    session: Session, municipality: Municipality, gathered: Gathered, contents: Mapping[str, bytes]
) -> Receipt:
    """Write which files are written, by their hashes, with the model and its window; the caller commits."""
    manifest = gathered.artifact.manifest if gathered.artifact else None
    hashes: dict[str, Any] = {f"{FILE}{name}": _sha256(content) for name, content in contents.items()}
    window = "/".join(day.isoformat() for day in manifest.data_window) if manifest else NO_MODEL
    return log.append(
        session, Event.DOCUMENTS_WRITTEN, at=gathered.now, by=None, municipality=municipality.code,
        version=manifest.version if manifest else NO_MODEL, window=window,
        manifest=gathered.artifact.manifest_hash if gathered.artifact else NO_MODEL,
        **hashes,
    )  # fmt: skip


def writings(session: Session, municipality: Municipality) -> Sequence[Writing]:
    """Every writing for a municipality, oldest first."""
    rows = session.exec(
        select(LogEntry.entry)
        .where(LogEntry.event == Event.DOCUMENTS_WRITTEN.value, LogEntry.entry != "")
        .order_by(col(LogEntry.shard), col(LogEntry.seq))
    )
    found = [json.loads(row) for row in rows]
    return [_writing(each) for each in found if each["municipality"] == municipality.code]


def writing_of(folder: Path, known: Sequence[Writing]) -> Writing | None:
    """The writing that most files of a folder are of, the newest where several are; None for a stranger's."""
    held = hashes_in(folder)
    scored = [(sum(held.get(name) == sha for name, sha in each.files.items()), each) for each in known]
    best = max((score for score, _ in scored), default=0)
    return next((each for score, each in reversed(scored) if score == best), None) if best else None


def differences(folder: Path, files: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """Each file of a folder that is not as its hash says, by name, and in what way; empty when all are."""
    held = hashes_in(folder)
    found = [
        (name, CHANGED if name in held else GONE) for name, sha in files.items() if held.get(name) != sha
    ]
    return sorted([*found, *((name, STRANGE) for name in held if name not in files)])


def by_index(folder: Path) -> Sequence[tuple[str, str]]:
    """The same by the folder's own index, without the log; empty where there is no index.

    Whoever changes a file can change the index too: only the log tells for certain.
    """
    try:
        index = json.loads((folder / bundle.INDEX).read_bytes())
        files = {str(name): str(sha) for name, sha in index["filer"].items()}
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ((bundle.INDEX, CHANGED),)
    return [each for each in differences(folder, files) if each[0] != bundle.INDEX]


def hashes_in(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file in a folder, by name."""
    return {each.name: _sha256(each.read_bytes()) for each in sorted(folder.iterdir()) if each.is_file()}


def _writing(entry: Mapping[str, str]) -> Writing:
    files = {key.removeprefix(FILE): sha for key, sha in entry.items() if key.startswith(FILE)}
    return Writing(entry["log"], int(entry["seq"]), entry["t"], entry["version"], entry["window"], files)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
