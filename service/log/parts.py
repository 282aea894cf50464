"""The vault: everything personal in a step lies in its part, of which the entry holds only a commitment.

The scheme "plain/1" keeps canonical JSON as it is. Sealing under a key per citizen will be another scheme.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from sqlmodel import Session

from service.errors import PartUnreadable
from service.log.canonical import canonical, describe
from service.tables.base import CaseStep, new_id
from service.tables.intake import PersonalPart

PLAIN = "plain/1"
SALT_BYTES = 32
OURS = ("row", "citizen")
"""The part repeats the row's columns and the citizen it belongs to, so that neither can be changed unseen."""


def make_part(row: CaseStep, step: str, citizen_id: str, personal: Mapping[str, Any]) -> PersonalPart:
    """A new part for a row; raises ValueError when the content uses a name of ours."""
    for name in OURS:
        if name in personal:
            raise ValueError(f"'{name}' in a personal part is written by the log itself")
    content = canonical({"row": describe(row), "citizen": citizen_id, **personal})
    salt = secrets.token_bytes(SALT_BYTES)
    return PersonalPart(
        id=new_id(), citizen_id=citizen_id, step=step, salt=salt, content=content, scheme=PLAIN
    )


def commitment(salt: bytes, content: bytes) -> str:
    """HMAC-SHA256(salt, content) in hexadecimal: tells nothing without the salt, fits no other content."""
    return hmac.digest(salt, content, "sha256").hex()


def open_part(session: Session, row: CaseStep) -> dict[str, Any]:
    """What is personal in a step, without the log's own repetition of the row. Raises PartUnreadable."""
    part = session.get(PersonalPart, row.part_id)
    if part is None:
        raise PartUnreadable
    content = content_of(part)
    return {name: value for name, value in content.items() if name not in OURS}


def content_of(part: PersonalPart) -> dict[str, Any]:
    """The whole content of a part; raises PartUnreadable for an unknown scheme or damaged bytes."""
    if part.scheme != PLAIN:
        raise PartUnreadable
    try:
        content = json.loads(part.content)
    except ValueError as damage:
        raise PartUnreadable from damage
    if not isinstance(content, dict) or any(name not in content for name in OURS):
        raise PartUnreadable
    return content
