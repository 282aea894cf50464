"""Signed-in browsers, kept on the server: a random token for the browser, only its SHA-256 here.

A session ends after 30 minutes without use, after 8 hours in any case, and at once when it is revoked.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, update
from sqlmodel import Session, col, select

from service.tables.session import WebSession

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=8)
TOUCH_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32
KEPT_ALIVE_BY = ("csrf_token",)
"""What a session's content must keep, or the forms on the screen could not be sent."""


@dataclass(frozen=True)
class SignedIn:
    """A live session as it was read; `needs_touch` says that its last use should be noted."""

    person_id: str | None
    content: dict[str, Any]
    created_at: datetime
    needs_touch: bool


def create(
    session: Session, *, now: datetime, content: Mapping[str, Any], person_id: str | None = None
) -> str:
    """Start a session and give its token, the only copy there is; the caller commits."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(
        WebSession(
            token_hash=token_hash(token),
            person_id=person_id,
            content=dict(content),
            created_at=now,
            last_seen_at=now,
        )
    )
    session.flush()
    return token


def read(session: Session, token: str, *, now: datetime) -> SignedIn | None:
    """The live session behind a token; None when it is unknown, revoked or has ended."""
    row = session.get(WebSession, token_hash(token), populate_existing=True)
    if row is None or now - row.last_seen_at > IDLE or now - row.created_at > ABSOLUTE:
        return None
    # A use in the future was noted before the clock was set back; noted anew, it keeps nobody signed in.
    needs_touch = abs(now - row.last_seen_at) >= TOUCH_EVERY
    return SignedIn(row.person_id, dict(row.content), row.created_at, needs_touch)


def save(session: Session, token: str, *, now: datetime, content: Mapping[str, Any]) -> bool:
    """Replace a live session's content and note its use; False when it has ended. The caller commits."""
    if read(session, token, now=now) is None:
        return False
    row = update(WebSession).where(col(WebSession.token_hash) == token_hash(token))
    session.execute(row.values(content=dict(content), last_seen_at=now))
    return True


def touch(session: Session, token: str, *, now: datetime) -> None:
    """Note that a session was used; the caller commits. Once a minute is enough."""
    row = update(WebSession).where(col(WebSession.token_hash) == token_hash(token))
    session.execute(row.values(last_seen_at=now))


def rotate(
    session: Session, token: str | None, *, now: datetime, content: Mapping[str, Any], person_id: str | None
) -> str:
    """End the old session, if any, and start a new one: at sign-in a planted token becomes worthless."""
    if token is not None:
        revoke(session, token)
    return create(session, now=now, content=content, person_id=person_id)


def revoke(session: Session, token: str) -> None:
    """End one session; the caller commits."""
    session.execute(delete(WebSession).where(col(WebSession.token_hash) == token_hash(token)))


def revoke_all(session: Session, person_id: str) -> None:
    """End every session of a person, for a new password or a withdrawn role; the caller commits."""
    session.execute(delete(WebSession).where(col(WebSession.person_id) == person_id))


def forget_ended(session: Session, *, now: datetime) -> None:
    """Remove sessions that have ended; the caller commits."""
    ended = or_(col(WebSession.last_seen_at) < now - IDLE, col(WebSession.created_at) < now - ABSOLUTE)
    session.execute(delete(WebSession).where(ended))


def forget_what_was_typed(session: Session) -> None:
    """Drop all that sessions remember but what keeps them alive: a search may have been for a citizen.

    People stay signed in, and say again what they look for; the caller commits.
    """
    for row in session.exec(select(WebSession)):
        kept = {name: value for name, value in row.content.items() if name in KEPT_ALIVE_BY}
        if kept != row.content:
            row.content = kept
            session.add(row)
    session.flush()


def token_hash(token: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
