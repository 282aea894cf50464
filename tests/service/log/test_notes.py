"""Signed notes: what the published vectors say, and what is refused."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from service.log.notes import (
    MOST_SIGNATURES,
    NoteMalformed,
    NoteNotSigned,
    VerifierKey,
    from_base64,
    open_note,
    parse_vkey,
    public_of,
    sign,
)

# The vectors of the reference implementation (golang.org/x/mod/sumdb/note).
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ENOCH = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop"
PETERS_KEY = Ed25519PrivateKey.from_private_bytes(
    base64.b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
)
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PETERS_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6Ryy"
    "BwJnAM=\n"
)
ENOCHS_LINE = (
    "— EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc"
    "+QQ=\n"
)
# The key and three notes of a log that runs.
SUMDB = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
SUMDB_NOTES = [
    ("445646", "jEFFy4AtYgBBNTSZTiNnQrgQqMbcH0mfO2oP2FxR9VU=",
     "Az3grkGho/PqvUmEuTv6+r2g303hUhu60FOD6vLpm19mBwH9UjquWY2OKxNmZ55z0gHrp24AgPC3Q5WO7uZrVdvdCQU="),
    ("15368405", "/g9am3I6YWNKaZX/jkne1fqd9zEyjss+JXyPXG0WfkY=",
     "Az3grqJGUaSGukG9p8nI2vKgiFn7qGHxn0W+mrwyI6Gz3F0t1J3LzmWk/p96Ybf295EjwdSwlzgijq5WA9d1Ded7owM="),
    ("63512409", "F7eHRPqN/cqPtqti14NKdGGaI1Giw8coWP3KxihFZbg=",
     "Az3gri1OBHKT87Xj8UXU8zjoHGy/X+7Nl94f8TZkELVaasolmGApUsWqwVG9vE6hgqYb/ph/w2vdkLIVRH7bMB/FPQ4="),
]  # fmt: skip


def note_of(*lines: str) -> bytes:
    return (TEXT + "\n" + "".join(lines)).encode()


def test_the_published_note_comes_out() -> None:
    assert sign(TEXT, "PeterNeumann", PETERS_KEY) == note_of(PETERS_LINE)
    assert public_of("PeterNeumann", PETERS_KEY).vkey == PETER


@pytest.mark.parametrize("vkey", [PETER, ENOCH, SUMDB])
def test_the_published_keys_are_read_and_written(vkey: str) -> None:
    assert parse_vkey(vkey).vkey == vkey


@pytest.mark.parametrize(("size", "root", "signature"), SUMDB_NOTES, ids=lambda value: value[:9])
def test_the_notes_of_a_running_log_open(size: str, root: str, signature: str) -> None:
    text = f"go.sum database tree\n{size}\n{root}\n"
    note = f"{text}\n— sum.golang.org {signature}\n".encode()

    assert open_note(note, [parse_vkey(SUMDB)]) == text
    with pytest.raises(NoteNotSigned):
        open_note(note.replace(size.encode(), b"1"), [parse_vkey(SUMDB)])


def test_one_known_signature_is_enough_and_unknown_ones_are_passed_over() -> None:
    peter, enoch = parse_vkey(PETER), parse_vkey(ENOCH)
    both = note_of(PETERS_LINE, ENOCHS_LINE)

    assert open_note(both, [peter]) == open_note(both, [enoch]) == open_note(both, [enoch, peter]) == TEXT
    assert open_note(note_of(ENOCHS_LINE[:60] + "ABCD" + ENOCHS_LINE[60:], PETERS_LINE), [peter]) == TEXT


@pytest.mark.parametrize(
    ("note", "keys"),
    [
        (note_of(PETERS_LINE), []),
        (note_of(PETERS_LINE), [ENOCH]),
        (note_of(PETERS_LINE, ENOCHS_LINE).replace(b"cryptography", b"cryptographers"), [PETER, ENOCH]),
        (note_of(PETERS_LINE, PETERS_LINE[:60] + "ABCD" + PETERS_LINE[60:]), [PETER]),
        (note_of(PETERS_LINE.replace("PeterNeumann", "PeterNewmann")), [PETER]),
    ],
    ids=["no key", "another key", "another text", "one that does not fit", "another name"],
)
def test_a_note_that_no_trusted_key_signed_is_refused(note: bytes, keys: list[str]) -> None:
    with pytest.raises(NoteNotSigned):
        open_note(note, [parse_vkey(key) for key in keys])


def test_two_keys_that_cannot_be_told_apart_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VerifierKey, "id", b"same")
    mine, other = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    note = sign(TEXT, "name", mine)

    with pytest.raises(NoteNotSigned, match="two keys"):
        open_note(note, [public_of("name", mine), public_of("name", other)])


NO_NOTES = {
    "nothing": b"",
    "two newlines": b"\n\n",
    "only text": TEXT.encode(),
    "no signature": TEXT.encode() + b"\n",
    "no last newline": note_of(PETERS_LINE)[:-1],
    "a control character": b"\x01" + note_of(PETERS_LINE),
    "not UTF-8": b"\xff" + note_of(PETERS_LINE),
    "a name with a space": note_of(PETERS_LINE.replace("PeterNeumann", "Peter Neumann")),
    "a line that is no signature": note_of(PETERS_LINE, "Unexpected line.\n"),
    "other line ends": note_of(PETERS_LINE.replace("\n", "\r\n")),
    "too many signatures": note_of(*[PETERS_LINE] * (MOST_SIGNATURES + 1)),
    "only a key id": note_of("— PeterNeumann x08goA==\n"),
    "another way to write it": note_of("— PeterNeumann x08goB==\n"),
    "endless": note_of(PETERS_LINE) + b" " * 1_000_001,
}


@pytest.mark.parametrize("wrong", NO_NOTES)
def test_what_is_no_note_is_refused(wrong: str) -> None:
    with pytest.raises(NoteMalformed):
        open_note(NO_NOTES[wrong], [parse_vkey(PETER)])


def test_every_piece_of_a_vkey_and_every_changed_sign_is_refused() -> None:
    pieces = [PETER[i:j] for i in range(len(PETER)) for j in range(i, len(PETER) + 1) if j - i < len(PETER)]
    changed = [PETER[:i] + chr(ord(PETER[i]) + 1) + PETER[i + 1 :] for i in range(len(PETER))]

    for text in pieces + changed:
        with pytest.raises(NoteMalformed):
            parse_vkey(text)


@pytest.mark.parametrize(
    "vkey",
    [
        "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
        "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        PETER.replace("c74f20a3", "C74F20A3"),
        PETER + "\n",
    ],
    ids=["length", "algorithm", "upper case", "newline"],
)
def test_a_vkey_that_is_wrong_otherwise_is_refused(vkey: str) -> None:
    with pytest.raises(NoteMalformed):
        parse_vkey(vkey)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b", "a\nb", "a\x01b"], ids=repr)
def test_a_name_that_no_key_can_have_is_refused(name: str) -> None:
    with pytest.raises(NoteMalformed):
        sign(TEXT, name, PETERS_KEY)


@pytest.mark.parametrize("text", ["", "abc", "a\rb\n", "a\x00\n"], ids=repr)
def test_a_text_that_no_note_can_have_is_not_signed(text: str) -> None:
    with pytest.raises(NoteMalformed):
        sign(text, "name", PETERS_KEY)


@pytest.mark.parametrize("text", ["A", "QQ=", "QR==", "QQ==\n", "Q Q==", "Q-==", "é"], ids=repr)
def test_there_is_one_way_to_write_base64(text: str) -> None:
    with pytest.raises(NoteMalformed):
        from_base64(text)


LINE = st.text(st.characters(min_codepoint=32, exclude_categories=["Cs"]), max_size=20)


@given(st.lists(LINE, min_size=1, max_size=5), st.binary(min_size=32, max_size=32))
def test_what_is_signed_opens_again(lines: list[str], seed: bytes) -> None:
    private = Ed25519PrivateKey.from_private_bytes(seed)
    text = "\n".join(lines) + "\n"

    assert open_note(sign(text, "a.dk/log", private), [public_of("a.dk/log", private)]) == text
