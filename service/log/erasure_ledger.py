"""The erasure ledger: whose keys were destroyed, one line each, kept apart from all that is backed up.

A restored backup brings back what was erased since it was made; the ledger says what must go again. A line
names a citizen by the SHA-256 of a random id, and no case. It is on the disk before anything is destroyed,
so that an erasure broken off in the middle is finished later. A line "swept" says that all before it was.

Each line holds a hash of itself and the one of the line before, and the log entries of an erasure hold the
newest: damage is noticed, and so is whoever takes a line out.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from service.config import Settings
from service.errors import SkoenError
from service.files import sync
from service.log.canonical import canonical, instant

FILE = "erasures.jsonl"
VERSION = 1
ERASED, SWEPT = "erased", "swept"
OF_THE_CHAIN = ("v", "before", "hash")
START = "0" * 64
"""What the first line has for the hash of the line before."""


class LedgerUnfit(SkoenError):
    """The ledger cannot be written, or is not what was written; the sentence says what to do."""

    status = 503


@dataclass(frozen=True)
class Line:
    """One line. `key` is `key_of` the citizen; it is empty, like ground and occasion, in a line "swept"."""

    at: str
    what: str
    key: str = ""
    ground: str = ""
    occasion: str = ""


@dataclass(frozen=True)
class Ledger:
    """The lines, oldest first, and the hash (hex) of each."""

    lines: tuple[Line, ...] = ()
    hashes: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        """The hash of the newest line."""
        return self.hashes[-1] if self.hashes else START

    @property
    def erased(self) -> dict[str, Line]:
        """The newest line about each citizen, by `key_of` the citizen."""
        return {line.key: line for line in self.lines if line.what == ERASED}

    @property
    def is_swept(self) -> bool:
        """Whether nothing was erased since freed pages were last cleared."""
        return not self.lines or self.lines[-1].what == SWEPT


class Held:
    """The ledger while this process alone may add to it."""

    def __init__(self, path: Path, descriptor: int, ledger: Ledger) -> None:
        self.path, self.ledger, self._descriptor = path, ledger, descriptor

    def add(self, lines: Iterable[Line]) -> str:
        """Write lines and give the hash of the last; they are on the disk when this returns.

        Raises LedgerUnfit when they cannot be written; then none of them is there.
        """
        found, hashes, text = list(self.ledger.lines), list(self.ledger.hashes), b""
        for line in lines:
            written, its_hash = _encoded(line, hashes[-1] if hashes else START)
            found.append(line)
            hashes.append(its_hash)
            text += written + b"\n"
        if not text:
            return self.ledger.head
        before = os.fstat(self._descriptor).st_size
        try:
            if os.write(self._descriptor, text) != len(text):
                raise OSError("the disk is full")
            os.fsync(self._descriptor)
            sync(self.path.parent)
        except OSError as error:
            os.ftruncate(self._descriptor, before)
            raise _unwritable(self.path, error) from error
        self.ledger = Ledger(tuple(found), tuple(hashes))
        return self.ledger.head


def ledger_file(settings: Settings) -> Path:
    """Where the ledger of an installation lies."""
    return settings.seals / FILE


def key_of(citizen_id: str) -> str:
    """What stands in the ledger for a citizen: it tells nothing, for the id is random and gone."""
    return hashlib.sha256(citizen_id.encode()).hexdigest()


def erased_line(citizen_id: str, *, at: datetime, ground: str, occasion: str) -> Line:
    """The line of one citizen."""
    return Line(instant(at), ERASED, key_of(citizen_id), ground, occasion)


def swept_line(at: datetime) -> Line:
    """The line that says that no freed page holds anything of what was erased before."""
    return Line(instant(at), SWEPT)


def named_in(entry: str) -> str | None:
    """The hash of the ledger's newest line, as an erasure's log entry names it; None in a retired shard."""
    found = json.loads(entry).get("ledger") if entry else None
    return str(found) if found else None


def read(path: Path) -> Ledger:
    """The ledger, empty where there is none. Raises LedgerUnfit when a line is not as it was written."""
    try:
        return _parse(path, path.read_bytes())
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise LedgerUnfit(f"The erasure ledger {path} cannot be read: {error.strerror}.") from error


@contextmanager
def alone(path: Path) -> Generator[Held]:
    """The ledger for whoever erases, one at a time: others wait. A line broken off by a crash is removed.

    Raises LedgerUnfit when the file cannot be opened for writing, or is damaged.
    """
    try:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        content = path.read_bytes()
        ledger = _parse(path, content)
        whole = content.rfind(b"\n") + 1
        if whole < len(content):
            os.ftruncate(descriptor, whole)  # never acknowledged, so nothing was destroyed for it
            os.fsync(descriptor)
        yield Held(path, descriptor, ledger)
    finally:
        os.close(descriptor)  # which lets go of the lock


def _encoded(line: Line, before: str) -> tuple[bytes, str]:
    """A line as it is written, and its hash: of all that it says but the hash itself."""
    said = {"v": VERSION, **{name: value for name, value in vars(line).items() if value}, "before": before}
    its_hash = hashlib.sha256(canonical(said)).hexdigest()
    return canonical({**said, "hash": its_hash}), its_hash


def _parse(path: Path, content: bytes) -> Ledger:
    lines, hashes = list[Line](), list[str]()
    for number, text in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            said = json.loads(text)
            line = Line(**{name: value for name, value in said.items() if name not in OF_THE_CHAIN})
            written, its_hash = _encoded(line, hashes[-1] if hashes else START)
            is_whole = written == text
        except (ValueError, TypeError, AttributeError):
            is_whole = False
        if not is_whole:
            raise LedgerUnfit(
                f"Line {number} of the erasure ledger {path} is not what was written, or a line before it is "
                "gone. Restore it from a copy. If there is none, move it away: what it named can then come "
                "back with an older backup."
            )
        lines.append(line)
        hashes.append(its_hash)
    return Ledger(tuple(lines), tuple(hashes))


def _unwritable(path: Path, error: OSError) -> LedgerUnfit:
    return LedgerUnfit(
        f"The erasure ledger {path} cannot be written ({error.strerror or error}), so nothing was destroyed."
    )
