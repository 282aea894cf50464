"""Checkpoints (c2sp.org/tlog-checkpoint): which log, how many entries, and the root over them, signed.

The origin is the log's name. This installation's shards are `<base>/<shard>`; the one signing key is
published under the base, and signs each shard under the shard's own origin, as C2SP wants it.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.log.merkle import EMPTY_ROOT, HASH
from service.log.notes import (
    NoteMalformed,
    NoteNotSigned,
    VerifierKey,
    from_base64,
    open_note,
    require_name,
    sign,
    split_note,
    to_base64,
)

NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
LARGEST = 1 << 63


@dataclass(frozen=True)
class Checkpoint:
    """The state of one log: its origin, its size in entries, and the root (32 bytes)."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        require_name(self.origin)
        if not 0 <= self.size < LARGEST or len(self.root) != HASH:
            raise NoteMalformed("a checkpoint has a size and a root of 32 bytes")
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise NoteMalformed("an empty log has one root only")

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def parse(text: str) -> Checkpoint:
    """Read the signed text; raises NoteMalformed, also for the extension lines that nobody can audit."""
    lines = text.split("\n")
    if len(lines) != 4 or lines[3]:
        raise NoteMalformed("a checkpoint has three lines: origin, size and root")
    return Checkpoint(lines[0], parse_number(lines[1]), from_base64(lines[2]))


def parse_number(text: str) -> int:
    """A decimal number without leading zeroes; raises NoteMalformed."""
    if not NUMBER.fullmatch(text):
        raise NoteMalformed("this is not a number as a checkpoint writes it")
    return int(text)


def sign_checkpoint(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> bytes:
    """The signed note, under the log's own origin."""
    return sign(checkpoint.text, checkpoint.origin, private)


def open_checkpoint(note: bytes, keys: Iterable[VerifierKey], origin: str | None = None) -> Checkpoint:
    """The checkpoint, when one of the pinned keys signed it.

    A pinned key signs for the origin that is its name, and for the shards below that. Without `origin` any
    of them will do. Raises NoteMalformed, and NoteNotSigned also for the checkpoint of another log.
    """
    claimed = parse(split_note(note)[0])
    if origin is not None and claimed.origin != origin:
        raise NoteNotSigned(f"this is a checkpoint of {claimed.origin}, not of {origin}")
    may_sign = [key.named(claimed.origin) for key in keys if is_below(claimed.origin, key.name)]
    return parse(open_note(note, may_sign))


def is_below(origin: str, base: str) -> bool:
    """Whether the origin is the base itself or one of its shards."""
    return origin == base or origin.startswith(f"{base}/")
