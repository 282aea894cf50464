"""Words that a browser's session remembers, sealed: what somebody searched for may name a citizen.

The session's row lies in the database in clear, and PostgreSQL's write-ahead log keeps it for a while.
"""

import hmac
import secrets
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from service.web.current import runtime
from service.web.guard import current_actor

NONCE_BYTES = 12


def sealed(words: str) -> str:
    """The words as they may be kept in the session of whoever asks; nothing stays nothing."""
    if not words:
        return ""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return b64encode(nonce + _cipher().encrypt(nonce, words.encode(), _place())).decode()


def opened(kept: str) -> str:
    """The words again; none when they are not of this key and person, for then nobody remembers them."""
    if not kept:
        return ""
    try:
        both = b64decode(kept, validate=True)
        return _cipher().decrypt(both[:NONCE_BYTES], both[NONCE_BYTES:], _place()).decode()
    except (InvalidTag, ValueError):
        return ""


def _cipher() -> AESGCM:
    return AESGCM(hmac.digest(runtime().keys.web, b"words in a session", "sha256"))


def _place() -> bytes:
    return current_actor().person_id.encode()
