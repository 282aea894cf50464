"""The verifier's own hashing and notes, against the published vectors of CT and of C2SP signed notes."""

import pytest
from cryptography.exceptions import InvalidSignature

from service.log import merkle
from tests.parts.offline import module
from tests.service.log.test_merkle import INPUTS, ROOTS
from tests.service.log.test_notes import ENOCH, ENOCHS_LINE, PETER, PETERS_LINE, SUMDB, SUMDB_NOTES, note_of

LEAVES = [module().sha(b"\x00", data) for data in INPUTS]


def test_the_published_roots_come_out() -> None:
    found = module().roots_at(set(range(9)), LEAVES)

    assert [found[size].hex() for size in range(1, 9)] == ROOTS
    assert found[0] == merkle.EMPTY_ROOT


@pytest.mark.parametrize("size", range(1, 9))
def test_the_published_inclusion_proofs_hold(size: int) -> None:
    for index in range(size):
        path = merkle.inclusion_proof(LEAVES[:size], index)
        assert module().climb(LEAVES[index], index, size, path).hex() == ROOTS[size - 1]


def test_a_path_of_another_length_number_or_size_leads_nowhere() -> None:
    for size in range(1, 9):
        for index in range(size):
            path = merkle.inclusion_proof(LEAVES[:size], index)
            for other in range(-1, 10):
                for another in range(10):
                    for changed in (path, path[:-1], path[1:], [*path, LEAVES[0]], [LEAVES[0], *path]):
                        if (other, another, changed) != (index, size, path):
                            led = module().climb(LEAVES[index], other, another, changed)
                            assert led.hex() != ROOTS[size - 1] or merkle.verify_inclusion(
                                LEAVES[index], other, another, changed, bytes.fromhex(ROOTS[size - 1])
                            )


@pytest.mark.parametrize("vkey", [PETER, ENOCH, SUMDB])
def test_the_published_keys_are_read(vkey: str) -> None:
    name, key = module().read_vkey(vkey)

    assert (name, key[0], len(key)) == (vkey.partition("+")[0], 1, 33)


def test_the_published_notes_are_signed_by_whom_they_say() -> None:
    peter, enoch = module().read_vkey(PETER), module().read_vkey(ENOCH)
    both = note_of(PETERS_LINE, ENOCHS_LINE).decode()

    assert module().signers(both, [peter, enoch]) == {"PeterNeumann", "EnochRoot"}
    assert module().signers(both, [enoch]) == {"EnochRoot"}
    assert module().signers(both, []) == set()
    with pytest.raises(InvalidSignature):
        module().signers(both.replace("cryptography", "kryptografi"), [peter])


@pytest.mark.parametrize(("size", "root", "signature"), SUMDB_NOTES, ids=lambda each: each[:8])
def test_checkpoints_of_a_log_that_runs_are_signed(size: str, root: str, signature: str) -> None:
    # That log signs under its own name a text whose first line is another; so the text is ours to compose.
    note = f"go.sum database tree\n{size}\n{root}\n\n— sum.golang.org {signature}\n"

    assert module().signers(note, [module().read_vkey(SUMDB)]) == {"sum.golang.org"}
    assert module().read_checkpoint(note)[:2] == ("go.sum database tree", int(size))
