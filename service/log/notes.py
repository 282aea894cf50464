"""Signed notes as C2SP defines them (c2sp.org/signed-note): text, and lines of Ed25519 signatures under it.

A key is known by a name and by an id that is computed from name and key. A *vkey* is its public text,
`name+id+key`. Whoever opens a note brings the keys: nothing in the note says which key to believe.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY = 32
ID = 4
DASH = "— "
MOST_SIGNATURES = 100
LONGEST = 1_000_000
"""Bytes of a note; C2SP wants a limit so that nobody has to read an endless one."""


class NoteMalformed(Exception):
    """The text is no signed note, checkpoint, vkey or proof: it does not follow the format to the letter."""


class NoteNotSigned(Exception):
    """No signature by a key that the reader brought, or one that does not fit."""


@dataclass(frozen=True)
class VerifierKey:
    """An Ed25519 public key (32 bytes) under a name."""

    name: str
    public: bytes

    def __post_init__(self) -> None:
        require_name(self.name)
        if len(self.public) != KEY:
            raise NoteMalformed(f"an Ed25519 public key has {KEY} bytes")

    @property
    def id(self) -> bytes:
        """The four bytes that stand before each of the key's signatures."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID]

    @property
    def vkey(self) -> str:
        """The key as one line of text."""
        return f"{self.name}+{self.id.hex()}+{to_base64(ED25519 + self.public)}"

    def named(self, name: str) -> "VerifierKey":
        """The same key under another name, and so with another id."""
        return VerifierKey(name, self.public)


def parse_vkey(text: str) -> VerifierKey:
    """Read a vkey; raises NoteMalformed for another algorithm or an id that is not the key's."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise NoteMalformed("a vkey is name+id+key")
    key = from_base64(parts[2])
    if key[:1] != ED25519:
        raise NoteMalformed("the vkey is not of an Ed25519 key")
    found = VerifierKey(parts[0], key[1:])
    if found.id.hex() != parts[1]:
        raise NoteMalformed("the vkey's id is not that of its key")
    return found


def public_of(name: str, private: Ed25519PrivateKey) -> VerifierKey:
    """The public side of a signing key, under a name."""
    return VerifierKey(name, private.public_key().public_bytes_raw())


def sign(text: str, name: str, private: Ed25519PrivateKey) -> bytes:
    """The note: the text and one signature; raises NoteMalformed unless the text ends in a newline."""
    _require_text(text)
    signature = public_of(name, private).id + private.sign(text.encode())
    return f"{text}\n{DASH}{name} {to_base64(signature)}\n".encode()


def open_note(note: bytes, keys: Iterable[VerifierKey]) -> str:
    """The signed text. Raises NoteMalformed, and NoteNotSigned unless one of the keys signed it.

    A signature of a key that is not among them is passed over; one of a known key that does not fit
    condemns the note.
    """
    text, signatures = split_note(note)
    known = set(keys)
    signed = False
    for name, key_id, signature in signatures:
        matching = [key for key in known if key.name == name and key.id == key_id]
        if len(matching) > 1:
            raise NoteNotSigned(f"two keys of the reader's are both {name}+{key_id.hex()}")
        for key in matching:
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
            except (InvalidSignature, ValueError) as error:
                raise NoteNotSigned(f"the signature of {name}+{key_id.hex()} does not fit") from error
            signed = True
    if not signed:
        raise NoteNotSigned("no signature is by a key that the reader trusts")
    return text


def split_note(note: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """Text, and (name, key id, signature) of each line, nothing of it verified; raises NoteMalformed."""
    if len(note) > LONGEST:
        raise NoteMalformed("the note is too long")
    try:
        decoded = note.decode()
    except UnicodeDecodeError as error:
        raise NoteMalformed("the note is not UTF-8") from error
    body, blank, signed = decoded.rpartition("\n\n")
    text = body + "\n"
    if not blank or not signed.endswith("\n"):
        raise NoteMalformed("a note is text, an empty line and signatures")
    _require_text(text)
    lines = signed[:-1].split("\n")
    if len(lines) > MOST_SIGNATURES:
        raise NoteMalformed("the note has too many signatures")
    return text, [_signature(line) for line in lines]


def require_name(name: str) -> None:
    """Raise NoteMalformed unless the name can be that of a key: no space, plus sign or control character."""
    if not name or "+" in name or any(sign.isspace() or sign < " " for sign in name):
        raise NoteMalformed("a key's name is without spaces, plus signs and control characters")


def to_base64(data: bytes) -> str:
    """Standard base64, with padding."""
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """The bytes; raises NoteMalformed unless the text is the one way to write them."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise NoteMalformed("this is not base64") from error
    if to_base64(data) != text:
        raise NoteMalformed("this is not how base64 writes these bytes")
    return data


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, space, encoded = line.removeprefix(DASH).partition(" ")
    if not line.startswith(DASH) or not space:
        raise NoteMalformed("a signature is a dash, a name and base64")
    require_name(name)
    data = from_base64(encoded)
    if len(data) <= ID:
        raise NoteMalformed("the signature is too short")
    return name, data[:ID], data[ID:]


def _require_text(text: str) -> None:
    if not text.endswith("\n") or any(sign < " " and sign != "\n" for sign in text):
        raise NoteMalformed("a note's text ends in a newline and has no other control characters")
