"""Whom the signer believes: its own memory and key, and neither a strange checkpoint nor an open folder."""

import shutil
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.errors import UnsafeStart
from service.log import merkle
from service.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from service.log.notes import NoteNotSigned
from service.signer.key import own_vkeys, published_vkeys, read_key
from service.signer.report import OK
from tests.service.signer.bench import DECISIONS, Bench, refused


def forged(bench: Bench, key: Ed25519PrivateKey, size: int, root: bytes) -> None:
    """Put another checkpoint in the public folder."""
    checkpoint = Checkpoint(f"{bench.settings.origin}/{DECISIONS}", size, root)
    (bench.settings.seals / DECISIONS / "checkpoint").write_bytes(sign_checkpoint(checkpoint, key))


@pytest.mark.parametrize(("size", "code"), [(300, "two_roots"), (301, "checkpoint_unknown")])
def test_a_second_checkpoint_by_our_own_key_is_refused(sealed: Bench, size: int, code: str) -> None:
    forged(sealed, read_key(sealed.settings.signer / "key"), size, bytes(32))
    sealed.look = lambda: None  # type: ignore[method-assign]  # the forgery itself lies there

    refused(sealed, code)


def test_a_strangers_checkpoint_is_put_right_from_memory(sealed: Bench) -> None:
    forged(sealed, Ed25519PrivateKey.generate(), 300, bytes(32))

    assert sealed.seal().state == OK
    sealed.require_whole(DECISIONS, 350)


def test_a_strangers_checkpoint_without_a_memory_is_refused(sealed: Bench) -> None:
    forged(sealed, Ed25519PrivateKey.generate(), 300, bytes(32))
    (sealed.settings.signer / "state.json").unlink()
    sealed.look = lambda: None  # type: ignore[method-assign]

    refused(sealed, "checkpoint_unknown")


def damage_state(bench: Bench) -> None:
    path = bench.settings.signer / "state.json"
    path.write_bytes(path.read_bytes().replace(b'"size": 300', b'"size": 301', 1))


UNSAFE: dict[str, Callable[[Bench], object]] = {
    "the key is lost": lambda bench: (bench.settings.signer / "key").unlink(),
    "the key is short": lambda bench: (bench.settings.signer / "key").write_bytes(b"short"),
    "the key is open": lambda bench: (bench.settings.signer / "key").chmod(0o640),
    "the folder is open": lambda bench: bench.settings.signer.chmod(0o755),
    "the memory is damaged": damage_state,
    "the memory is no JSON": lambda bench: (bench.settings.signer / "state.json").write_bytes(b"{"),
    "the vkeys are damaged": lambda bench: (bench.settings.signer / "vkeys.txt").write_bytes(b"x\n"),
    "the folder is lost": lambda bench: shutil.rmtree(bench.settings.signer),
}


@pytest.mark.parametrize("wrong", UNSAFE)
def test_a_signer_that_is_not_what_it_was_does_not_sign(sealed: Bench, wrong: str) -> None:
    UNSAFE[wrong](sealed)
    public = sealed.public()

    with pytest.raises(UnsafeStart):
        sealed.seal()
    assert sealed.public() == public


def test_a_log_keeps_its_name(sealed: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    object.__setattr__(sealed.settings, "origin", "andet.navn")
    public = sealed.public()

    with pytest.raises(UnsafeStart, match="SKOEN_ORIGIN"):
        sealed.seal()
    assert sealed.public() == public


def test_a_stolen_key_that_signs_another_history_is_caught_by_a_held_checkpoint(sealed: Bench) -> None:
    held, stolen = sealed.checkpoint(DECISIONS), read_key(sealed.settings.signer / "key")
    assert held is not None
    rewritten = [merkle.leaf_hash(b"rewritten %d" % seq) for seq in range(400)]
    note = sign_checkpoint(Checkpoint(held.origin, 400, merkle.root(rewritten)), stolen)

    forged_one = open_checkpoint(note, published_vkeys(sealed.settings), held.origin)

    proof = merkle.consistency_proof(rewritten, held.size)
    assert not merkle.verify_consistency(held.size, 400, proof, held.root, forged_one.root)
    with pytest.raises(NoteNotSigned):
        open_checkpoint(note, [key.named("another.origin") for key in own_vkeys(sealed.settings)])
