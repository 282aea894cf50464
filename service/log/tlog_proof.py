"""Proof files (c2sp.org/tlog-proof): one entry, its path through the tree, and the signed checkpoint.

Such a file stands alone: with the pinned vkeys, and nothing else, it shows that the entry is in the log.
Our entries travel in the `extra` line, which proves nothing by itself: the entry is hashed anew.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.log.checkpoint import Checkpoint, open_checkpoint, parse_number
from service.log.merkle import HASH, leaf_hash, verify_inclusion
from service.log.notes import NoteMalformed, VerifierKey, from_base64, to_base64

HEADER = "c2sp.org/tlog-proof@v1"
SUFFIX = ".tlog-proof"
LONGEST_PATH = 63


class NotInTheTree(Exception):
    """The checkpoint is good, and the entry is not in its tree at that number."""


@dataclass(frozen=True)
class Proof:
    """An entry's number, its path (32 bytes each, from the leaf up), the signed checkpoint, and the entry."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    entry: bytes | None

    def encode(self) -> bytes:
        """The file."""
        extra = [] if self.entry is None else [f"extra {to_base64(self.entry)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(to_base64, self.path), "", ""]
        return "\n".join(lines).encode() + self.checkpoint


def make_proof(entry: bytes, index: int, path: Sequence[bytes], checkpoint: bytes) -> bytes:
    """The file that proves an entry (canonical bytes), self-contained."""
    return Proof(index, tuple(path), checkpoint, entry).encode()


def parse_proof(data: bytes) -> Proof:
    """Read a file, believing none of it; raises NoteMalformed."""
    head, blank, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError as error:
        raise NoteMalformed("a proof is ASCII down to its checkpoint") from error
    if lines.pop(0) != HEADER or not blank:
        raise NoteMalformed(f"a proof begins with {HEADER} and holds a checkpoint")
    entry = None
    if lines and lines[0].startswith("extra "):
        entry = from_base64(lines.pop(0).removeprefix("extra "))
    if not lines or not lines[0].startswith("index "):
        raise NoteMalformed("a proof says which number the entry has")
    index = parse_number(lines.pop(0).removeprefix("index "))
    path = tuple(from_base64(line) for line in lines)
    if len(path) > LONGEST_PATH or any(len(node) != HASH for node in path):
        raise NoteMalformed("a path is at most 63 hashes of 32 bytes")
    return Proof(index, path, checkpoint, entry)


def verify_proof(
    data: bytes, keys: Iterable[VerifierKey], *, origin: str | None = None, entry: bytes | None = None
) -> tuple[Checkpoint, int, bytes]:
    """The checkpoint, the entry's number and the entry, when everything holds.

    `entry` is for a file without one, or to hold it against one's own copy. Raises NoteMalformed,
    NoteNotSigned and NotInTheTree.
    """
    proof = parse_proof(data)
    checkpoint = open_checkpoint(proof.checkpoint, keys, origin)
    proved = entry if entry is not None else proof.entry
    if proved is None:
        raise NoteMalformed("the file holds no entry, and none was brought")
    leaf = leaf_hash(proved)
    if not verify_inclusion(leaf, proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise NotInTheTree(f"the entry is not number {proof.index} of {checkpoint.origin}")
    return checkpoint, proof.index, proved
