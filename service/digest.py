"""What a value is known by: the digest of its canonical JSON (RFC 8785)."""

import hashlib
from typing import Any

import rfc8785


def digest(value: Any) -> str:
    """SHA-256 in hexadecimal; equal values have equal digests, floats as JavaScript prints them."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()
