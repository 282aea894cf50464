"""What the signer remembers: each shard as it last signed it, kept outside the database.

It is written *before* a checkpoint is let out. A signer killed in between finds at its next start what it
has bound itself to, and lets out that very note; the other way round it could sign a second root for a size.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.errors import UnsafeStart
from service.log import merkle
from service.signer.files import PRIVATE_FILE, write_durably

FILE = "state.json"
VERSION = 1


@dataclass(frozen=True)
class Sealed:
    """A shard as it was last signed: size, frontier, the signed note, and when (RFC 3339)."""

    size: int
    frontier: tuple[bytes, ...]
    note: bytes
    sealed_at: str

    @property
    def root(self) -> bytes:
        """The root that was signed."""
        return merkle.root_of(self.frontier)


@dataclass(frozen=True)
class State:
    """The name under which this installation signs, and its shards."""

    origin: str
    shards: Mapping[str, Sealed]


def read_state(folder: Path) -> State | None:
    """What was remembered, or None before the first time; raises UnsafeStart when it is damaged."""
    path = folder / FILE
    if not path.exists():
        return None
    try:
        found = json.loads(path.read_bytes())
        if found["v"] != VERSION:
            raise ValueError("another version")
        shards = {shard: _sealed(content) for shard, content in found["shards"].items()}
        return State(str(found["origin"]), shards)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnsafeStart(
            f"{path} is damaged. Restore it from its backup; without one remove it, and the signer goes by "
            "the checkpoints that it has published."
        ) from error


def write_state(folder: Path, state: State) -> None:
    """Remember; it is on the disk when this returns."""
    shards = {
        shard: {
            "size": sealed.size,
            "root": sealed.root.hex(),
            "frontier": [node.hex() for node in sealed.frontier],
            "note": sealed.note.decode(),
            "sealed_at": sealed.sealed_at,
        }
        for shard, sealed in sorted(state.shards.items())
    }
    content = {"v": VERSION, "origin": state.origin, "shards": shards}
    write_durably(folder / FILE, json.dumps(content, indent=1).encode(), PRIVATE_FILE)


def _sealed(content: Mapping[str, object]) -> Sealed:
    size, frontier = content["size"], content["frontier"]
    if not isinstance(size, int) or not isinstance(frontier, list):
        raise TypeError("a size is a number, a frontier a list")
    nodes = tuple(bytes.fromhex(node) for node in frontier)
    found = Sealed(size, nodes, str(content["note"]).encode(), str(content["sealed_at"]))
    if len(nodes) != size.bit_count() or found.root.hex() != content["root"]:
        raise ValueError("the frontier is not of that size and root")
    return found
