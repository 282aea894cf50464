"""Proof files: self-contained, exact in form, and never accepted with anything changed."""

import base64
import random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.log import merkle
from service.log.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from service.log.notes import NoteMalformed, NoteNotSigned, VerifierKey, public_of
from service.log.tlog_proof import NotInTheTree, Proof, make_proof, parse_proof, verify_proof

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
PINNED = [public_of("skoen.kommune.dk", PRIVATE)]
ORIGIN = "skoen.kommune.dk/decisions/2026"
ENTRIES = [b'{"seq":"%d"}' % number for number in range(21)]
LEAVES = [merkle.leaf_hash(entry) for entry in ENTRIES]
SEALED = Checkpoint(ORIGIN, len(LEAVES), merkle.root(LEAVES))
NOTE = sign_checkpoint(SEALED, PRIVATE)
REFUSALS = (NoteMalformed, NoteNotSigned, NotInTheTree)


def file_of(index: int) -> bytes:
    return make_proof(ENTRIES[index], index, merkle.inclusion_proof(LEAVES, index), NOTE)


def test_the_file_is_written_as_c2sp_has_it() -> None:
    lines = file_of(20).split(b"\n")

    assert lines[:2] == [b"c2sp.org/tlog-proof@v1", b"extra " + base64.b64encode(ENTRIES[20])]
    assert lines[2] == b"index 20"
    assert [base64.b64decode(line) for line in lines[3:5]] == merkle.inclusion_proof(LEAVES, 20)
    assert b"\n".join(lines[5:]) == b"\n" + NOTE


@pytest.mark.parametrize("index", range(21))
def test_every_entry_is_proved(index: int) -> None:
    assert verify_proof(file_of(index), PINNED) == (SEALED, index, ENTRIES[index])
    assert verify_proof(file_of(index), PINNED, origin=ORIGIN, entry=ENTRIES[index])[0] == SEALED


def test_a_proof_without_the_entry_needs_it_brought() -> None:
    bare = Proof(3, tuple(merkle.inclusion_proof(LEAVES, 3)), NOTE, None).encode()

    assert verify_proof(bare, PINNED, entry=ENTRIES[3])[1] == 3
    with pytest.raises(NoteMalformed):
        verify_proof(bare, PINNED)


GOOD = file_of(3)
NO_PROOFS = {
    "nothing": b"",
    "only a checkpoint": NOTE,
    "another version": GOOD.replace(b"@v1", b"@v2"),
    "a leading zero": GOOD.replace(b"index 3", b"index 03"),
    "a number below zero": GOOD.replace(b"index 3", b"index -3"),
    "no number": GOOD.replace(b"index 3\n", b""),
    "another word": GOOD.replace(b"index", b"indeks"),
    "an entry that is no base64": GOOD.replace(b"extra ", b"extra !"),
    "a hash that is no base64": GOOD.replace(b"=\n\n", b"\n\n"),
    "other line ends": GOOD.replace(b"\n", b"\r\n"),
    "only a header": b"c2sp.org/tlog-proof@v1\n",
    "letters": "c2sp.org/tlog-proof@v1\nextra æ\n\n".encode(),
    "too long a path": Proof(0, tuple([bytes(32)] * 64), NOTE, b"").encode(),
    "too short a hash": Proof(0, (bytes(31),), NOTE, b"").encode(),
}


@pytest.mark.parametrize("wrong", NO_PROOFS)
def test_what_is_no_proof_is_refused(wrong: str) -> None:
    with pytest.raises(NoteMalformed):
        verify_proof(NO_PROOFS[wrong], PINNED)


def test_a_proof_of_another_entry_log_or_key_is_refused() -> None:
    with pytest.raises(NotInTheTree):
        verify_proof(file_of(3), PINNED, entry=ENTRIES[4])
    with pytest.raises(NoteNotSigned):
        verify_proof(file_of(3), PINNED, origin="skoen.kommune.dk/decisions/2027")
    with pytest.raises(NoteNotSigned):
        verify_proof(file_of(3), [VerifierKey("skoen.kommune.dk", bytes(32))])


def changed(data: bytes, chance: random.Random) -> bytes:
    """One change: a bit, a byte, a piece doubled, dropped or moved, or two lines exchanged."""
    at, length = chance.randrange(len(data)), chance.randint(1, 12)
    piece = data[at : at + length]
    match chance.randrange(6):
        case 0:
            return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
        case 1:
            return data[:at] + chance.randbytes(length) + data[at + length :]
        case 2:
            return data[:at] + piece + data[at:]
        case 3:
            return data[:at] + data[at + length :]
        case 4:
            without = data[:at] + data[at + length :]
            to = chance.randrange(len(without) + 1)
            return without[:to] + piece + without[to:]
        case _:
            lines = data.split(b"\n")
            one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
            lines[one], lines[other] = lines[other], lines[one]
            return b"\n".join(lines)


def changed_inside(index: int, chance: random.Random) -> bytes:
    """One change to what the file says, written without a fault of form."""
    proof = parse_proof(file_of(index))
    path, at = list(proof.path), chance.randrange(len(proof.path))
    entry, number = bytearray(proof.entry or b""), index
    match chance.randrange(6):
        case 0:
            path[at] = (int.from_bytes(path[at]) ^ 1 << chance.randrange(256)).to_bytes(32)
        case 1:
            path.insert(at, chance.choice([*path, *LEAVES]))
        case 2:
            del path[at]
        case 3:
            path[at], path[at - 1] = path[at - 1], path[at]
        case 4:
            entry[chance.randrange(len(entry))] ^= 1 << chance.randrange(8)
        case _:
            number = chance.randrange(64)
    return make_proof(bytes(entry), number, path, NOTE)


def test_none_of_10_000_changed_proofs_is_accepted() -> None:
    chance = random.Random(140)
    tried = 0
    while tried < 10_000:
        index = chance.randrange(len(ENTRIES))
        data = changed(file_of(index), chance) if tried % 2 else changed_inside(index, chance)
        if data == file_of(index):
            continue
        tried += 1
        with pytest.raises(REFUSALS):
            verify_proof(data, PINNED, origin=ORIGIN)


def test_none_of_10_000_changed_checkpoints_is_accepted() -> None:
    chance = random.Random(141)
    tried = 0
    while tried < 10_000:
        data = changed(NOTE, chance)
        if data == NOTE:
            continue
        tried += 1
        with pytest.raises(REFUSALS):
            open_checkpoint(data, PINNED, ORIGIN)


def test_a_signature_that_stands_twice_changes_nothing() -> None:
    doubled = file_of(3) + NOTE.splitlines(keepends=True)[-1]

    assert verify_proof(doubled, PINNED) == (SEALED, 3, ENTRIES[3])
    assert parse_proof(doubled).index == 3
