"""Checkpoints: strict in form, and signed by a key that may sign for that log."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from service.log.checkpoint import Checkpoint, open_checkpoint, parse, sign_checkpoint
from service.log.merkle import EMPTY_ROOT
from service.log.notes import NoteMalformed, NoteNotSigned, public_of, sign

PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(32))
PINNED = public_of("skoen.kommune.dk", PRIVATE)
SEALED = Checkpoint("skoen.kommune.dk/decisions/2026", 7, bytes(range(32)))
ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="


def test_the_published_checkpoint_is_read_and_written() -> None:
    text = f"example.com/behind-the-sofa\n20852163\n{ROOT}\n"
    found = parse(text)

    assert (found.origin, found.size) == ("example.com/behind-the-sofa", 20852163)
    assert found.text == text


@pytest.mark.parametrize(
    "text",
    [
        "", "a\n1\n", f"a\n1\n{ROOT}", f"a\n1\n{ROOT}\n\n", f"a\n1\n{ROOT}\nmore\n", f"\n1\n{ROOT}\n",
        f"a\n01\n{ROOT}\n", f"a\n+1\n{ROOT}\n", f"a\n-1\n{ROOT}\n", f"a\n1 \n{ROOT}\n", f"a\n٣\n{ROOT}\n",
        f"a\n9223372036854775808\n{ROOT}\n", f"a\n99999999999999999999\n{ROOT}\n", f"a\n1\n{ROOT[:-4]}\n",
        f"a\n1\n{ROOT[:-2]}J=\n", f"a b\n1\n{ROOT}\n", f"a+b\n1\n{ROOT}\n", f"a\n0\n{ROOT}\n",
        f"a\r\n1\n{ROOT}\n",
    ],
    ids=repr,
)  # fmt: skip
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises(NoteMalformed):
        parse(text)


@given(st.integers(1, (1 << 63) - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_survives_its_text(size: int, root: bytes) -> None:
    made = Checkpoint("a.dk/decisions/2026/2", size, root)

    assert parse(made.text) == made
    assert parse(Checkpoint("a.dk/x", 0, EMPTY_ROOT).text).size == 0


def test_a_shard_is_signed_under_its_own_origin_and_checked_with_the_key_of_the_base() -> None:
    note = sign_checkpoint(SEALED, PRIVATE)

    assert note.decode().splitlines()[-1].startswith("— skoen.kommune.dk/decisions/2026 ")
    assert open_checkpoint(note, [PINNED]) == SEALED
    assert open_checkpoint(note, [PINNED], SEALED.origin) == SEALED


def test_the_checkpoint_of_another_log_is_refused() -> None:
    note = sign_checkpoint(SEALED, PRIVATE)

    with pytest.raises(NoteNotSigned, match="not of"):
        open_checkpoint(note, [PINNED], "skoen.kommune.dk/decisions/2027")


@pytest.mark.parametrize("base", ["anden.kommune.dk", "skoen.kommune", "skoen.kommune.dk/access"], ids=str)
def test_a_key_signs_for_no_log_outside_its_base(base: str) -> None:
    with pytest.raises(NoteNotSigned):
        open_checkpoint(sign_checkpoint(SEALED, PRIVATE), [public_of(base, PRIVATE)])


def test_another_key_is_refused_and_one_of_several_is_enough() -> None:
    other = public_of("skoen.kommune.dk", Ed25519PrivateKey.generate())
    note = sign_checkpoint(SEALED, PRIVATE)

    assert open_checkpoint(note, [other, PINNED]) == SEALED
    with pytest.raises(NoteNotSigned):
        open_checkpoint(note, [other])


def test_a_name_that_is_not_the_origin_is_refused() -> None:
    with pytest.raises(NoteNotSigned):
        open_checkpoint(sign(SEALED.text, "skoen.kommune.dk", PRIVATE), [PINNED])
