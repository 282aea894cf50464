"""What the signer has published, as everybody may read it: its keys, its checkpoints, and proofs of entries.

Whoever can write among the seals can write what stands there. So a proof is verified before it is given out,
and the reader verifies it anew with the vkeys that he got elsewhere.
"""

from pathlib import Path

from service.errors import SkoenError
from service.log.checkpoint import Checkpoint, open_checkpoint
from service.log.notes import NoteMalformed, NoteNotSigned, VerifierKey, parse_vkey
from service.log.tiles import TileDamaged, TileTree
from service.log.tlog_proof import NotInTheTree, make_proof, verify_proof

VKEYS, CHECKPOINT = "vkeys.txt", "checkpoint"
UNUSABLE = (NoteMalformed, NoteNotSigned, TileDamaged, NotInTheTree, OSError, ValueError)


class ProofUnavailable(SkoenError):
    """The seals do not prove the entry, though they should."""

    sentence = "Beviset kan ikke laves lige nu. Beslutningen er gemt, og den står i hændelsesloggen."


def published_keys(seals: Path) -> list[VerifierKey]:
    """The signer's keys, newest last; none before the first. Raises NoteMalformed."""
    path = seals / VKEYS
    if not path.exists():
        return []
    lines = path.read_bytes().decode("utf-8", errors="replace").splitlines()
    return [parse_vkey(line) for line in lines if line]


def sealed_state(seals: Path, origin: str, shard: str) -> tuple[Checkpoint, bytes] | None:
    """A shard's newest checkpoint, and the signed note it was read from; None before the first.

    Raises NoteMalformed, and NoteNotSigned when none of the published keys signed it.
    """
    path = seals / shard / CHECKPOINT
    if not path.exists():
        return None
    note = path.read_bytes()
    return open_checkpoint(note, published_keys(seals), f"{origin}/{shard}"), note


def is_sealed(seals: Path, origin: str, shard: str, seq: int) -> bool:
    """Whether a checkpoint covers the entry; one that cannot be read covers nothing."""
    try:
        found = sealed_state(seals, origin, shard)
    except UNUSABLE:
        return False
    return found is not None and seq < found[0].size


def proof_of(seals: Path, origin: str, shard: str, seq: int, entry: bytes) -> bytes | None:
    """The proof file of an entry (its exact bytes), or None while no checkpoint covers it.

    Raises ProofUnavailable when what is published does not prove it.
    """
    try:
        found = sealed_state(seals, origin, shard)
        if found is None or seq >= found[0].size:
            return None
        checkpoint, note = found
        tree = TileTree(checkpoint.size, lambda path: (seals / shard / path).read_bytes())
        proof = make_proof(entry, seq, tree.inclusion_proof(seq), note)
        verify_proof(proof, published_keys(seals), origin=f"{origin}/{shard}")
    except UNUSABLE as error:
        raise ProofUnavailable from error
    return proof
