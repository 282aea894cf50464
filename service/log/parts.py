"""Personal parts: everything personal in a step lies sealed in its part; the entry holds a commitment to it.

The salt is sealed together with the content. Without it the commitment tells nothing, even to somebody who
could guess every possible content; so when the citizen's key is gone, the commitment is noise.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session, select

from service.errors import PartUnreadable
from service.log.canonical import canonical, describe
from service.log.vault import key_in, vault_in
from service.tables.base import CaseStep, new_id
from service.tables.intake import PersonalPart

SCHEME = "aes-256-gcm/1"
SALT_BYTES = 32
OURS = ("row", "citizen")
"""The part repeats the row's columns and the citizen it belongs to, so that neither can be changed unseen."""


def make_part(
    session: Session, row: CaseStep, step: str, citizen_id: str, subject_id: str, personal: Mapping[str, Any]
) -> tuple[dict[str, Any], str]:
    """The columns of a new part for a row, and the commitment to it; a new citizen gets a key.

    Raises ValueError when the content uses a name of ours, PartUnreadable when the citizen's key is gone.
    """
    for name in OURS:
        if name in personal:
            raise ValueError(f"'{name}' in a personal part is written by the log itself")
    content = canonical({"row": describe(row), "citizen": citizen_id, **personal})
    salt = secrets.token_bytes(SALT_BYTES)
    nonce, sealed = vault_in(session).seal(_key_for(session, citizen_id), place(step, row.id), salt + content)
    part = {
        "id": new_id(), "citizen_id": citizen_id, "subject_id": subject_id, "step": step, "nonce": nonce,
        "content": sealed, "scheme": SCHEME,
    }  # fmt: skip
    return part, commitment(salt, content)


def place(step: str, row_id: str) -> str:
    """What a sealed part is bound to: it opens only as the part of this row in this step."""
    return f"part:{step}:{row_id}"


def commitment(salt: bytes, content: bytes) -> str:
    """HMAC-SHA256(salt, content) in hexadecimal: tells nothing without the salt, fits no other content."""
    return hmac.digest(salt, content, "sha256").hex()


def open_part(session: Session, row: CaseStep) -> dict[str, Any]:
    """What is personal in a step, without the log's own repetition of the row. Raises PartUnreadable."""
    _, content = opened(session, row)
    parsed = parse(content)
    return {name: value for name, value in parsed.items() if name not in OURS}


def opened(session: Session, row: CaseStep) -> tuple[bytes, bytes]:
    """Salt and exact content of a row's part, as the commitment is made of them. Raises PartUnreadable."""
    part = session.get(PersonalPart, row.part_id)
    if part is None:
        raise PartUnreadable
    return unsealed(session, part.citizen_id, part.scheme, place(part.step, row.id), part.nonce, part.content)


def unsealed(
    session: Session, citizen_id: str, scheme: str, where: str, nonce: bytes, sealed: bytes
) -> tuple[bytes, bytes]:
    """Salt and content of a part given by its columns. Raises PartUnreadable."""
    if scheme != SCHEME:
        raise PartUnreadable
    both = vault_in(session).open(key_in(session, citizen_id), where, nonce, sealed)
    return both[:SALT_BYTES], both[SALT_BYTES:]


def parse(content: bytes) -> dict[str, Any]:
    """The content as values; raises PartUnreadable for what no part of ours can hold."""
    try:
        parsed = json.loads(content)
    except ValueError as damage:
        raise PartUnreadable from damage
    if not isinstance(parsed, dict) or any(name not in parsed for name in OURS):
        raise PartUnreadable
    return parsed


def _key_for(session: Session, citizen_id: str) -> bytes:
    try:
        return key_in(session, citizen_id)
    except PartUnreadable:
        sealed = select(PersonalPart.id).where(PersonalPart.citizen_id == citizen_id).limit(1)
        if session.exec(sealed).first() is not None:
            raise  # the citizen had a key, and it is gone
    vault = vault_in(session)
    if vault.keystore.find(citizen_id) is not None:
        raise PartUnreadable  # it is there and cannot be unwrapped
    return vault.make_key(citizen_id)
