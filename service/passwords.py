"""Passwords of local accounts: argon2id, and the same work whether or not the account exists."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlmodel import Session, col, select

from service.errors import Refused
from service.tables.organisation import Credential, Person

SHORTEST = 10
LONGEST = 256
HASHER = PasswordHasher()  # argon2id with RFC 9106's second choice: 64 MiB, three passes
NOBODYS = "$argon2id$v=19$m=65536,t=3,p=4$IMihwB/nTTI86eywsIw4rA$/XB+G9Byo6e8fN9xr6fyYatChceaKPBx86nZWyicYlo"
"""The hash of a random password nobody kept, checked for an unknown user so that both take equally long."""


def hash_password(password: str) -> str:
    """The argon2id hash to store; raises Refused for a password that is too short or too long."""
    refuse_length(password)
    return HASHER.hash(_normal(password))


def refuse_length(password: str) -> None:
    """Raise Refused for a password that is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(f"Adgangskoden skal have mellem {SHORTEST} og {LONGEST} tegn.", field="password")


def is_password(password_hash: str, password: str) -> bool:
    """Whether the password fits the hash."""
    try:
        return HASHER.verify(password_hash, _normal(password[: LONGEST + 1]))
    except VerificationError:
        return False


def credential_of(session: Session, username: str) -> tuple[str | None, str]:
    """The person with this user name and the newest hash; None and nobody's hash when there is none."""
    newest = (
        select(Person.id, Credential.password_hash)
        .join(Credential, col(Credential.person_id) == col(Person.id))
        .where(Person.username == username)
        .order_by(col(Credential.created_at).desc(), col(Credential.id).desc())
    )
    found = session.exec(newest.limit(1)).first()
    return (None, NOBODYS) if found is None else (found[0], found[1])


def _normal(password: str) -> str:
    # The same keys give different code points for å on different machines.
    return unicodedata.normalize("NFC", password)
