"""Proofs out of what is published: nothing is given out that would not be believed."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.log import merkle
from service.log.checkpoint import Checkpoint, sign_checkpoint
from service.log.notes import NoteMalformed, public_of
from service.log.sealed import ProofUnavailable, is_sealed, proof_of, published_keys, sealed_state
from service.log.tiles import grown_tiles
from service.log.tlog_proof import verify_proof

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
PINNED = public_of("skoen.test", PRIVATE)
BASE, SHARD = "skoen.test", "decisions/2026"
ENTRIES = [b"entry %d" % seq for seq in range(300)]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]


@pytest.fixture
def seals(tmp_path: Path) -> Path:
    """The seals of a log of 300 entries."""
    checkpoint = Checkpoint(f"{BASE}/{SHARD}", len(LEAVES), merkle.root(LEAVES))
    files = {f"{SHARD}/{tile.path}": data for tile, data in grown_tiles(0, [], LEAVES)}
    files |= {f"{SHARD}/checkpoint": sign_checkpoint(checkpoint, PRIVATE), "vkeys.txt": PINNED.vkey.encode()}
    for name, data in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    return tmp_path


def proved(seals: Path, seq: int, entry: bytes | None = None) -> bytes | None:
    return proof_of(seals, BASE, SHARD, seq, ENTRIES[seq] if entry is None else entry)


@pytest.mark.parametrize("seq", [0, 255, 256, 299])
def test_a_sealed_entry_has_a_proof_that_stands_alone(seals: Path, seq: int) -> None:
    proof = proved(seals, seq)

    assert proof is not None and is_sealed(seals, BASE, SHARD, seq)
    checkpoint, index, entry = verify_proof(proof, [PINNED])
    assert (checkpoint.origin, index, entry) == (f"{BASE}/{SHARD}", seq, ENTRIES[seq])


def test_what_is_not_sealed_yet_has_none(seals: Path, tmp_path: Path) -> None:
    assert proof_of(seals, BASE, SHARD, 300, b"new") is None
    assert proof_of(seals, BASE, "decisions/2027", 0, b"new") is None
    assert not is_sealed(seals, BASE, SHARD, 300)
    assert published_keys(tmp_path / "nowhere") == []
    assert sealed_state(tmp_path / "nowhere", BASE, SHARD) is None


def test_an_entry_that_was_changed_since_is_not_proved(seals: Path) -> None:
    with pytest.raises(ProofUnavailable):
        proved(seals, 7, b"entry 8")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (f"{SHARD}/tile/0/000", bytes(8192)),
        (f"{SHARD}/tile/0/000", b"short"),
        (f"{SHARD}/tile/0/001.p/44", None),
        (f"{SHARD}/checkpoint", b"no checkpoint"),
        ("vkeys.txt", public_of(BASE, Ed25519PrivateKey.generate()).vkey.encode()),
        ("vkeys.txt", b"no vkey"),
        ("vkeys.txt", b"\xff"),
    ],
    ids=["zeros", "short", "lost", "no checkpoint", "another key", "no key", "no text"],
)
def test_seals_that_are_damaged_prove_nothing(seals: Path, name: str, content: bytes | None) -> None:
    if content is None:
        (seals / name).unlink()
    else:
        (seals / name).write_bytes(content)

    with pytest.raises(ProofUnavailable):
        proved(seals, 7)


def test_a_checkpoint_of_another_shard_covers_nothing(seals: Path) -> None:
    (seals / "access" / "2026Q2").mkdir(parents=True)
    (seals / "access" / "2026Q2" / "checkpoint").write_bytes((seals / SHARD / "checkpoint").read_bytes())

    assert not is_sealed(seals, BASE, "access/2026Q2", 7)
    with pytest.raises(ProofUnavailable):
        proof_of(seals, BASE, "access/2026Q2", 7, ENTRIES[7])


def test_a_list_of_keys_that_is_damaged_is_no_list(seals: Path) -> None:
    (seals / "vkeys.txt").write_bytes(b"x")
    with pytest.raises(NoteMalformed):
        published_keys(seals)
