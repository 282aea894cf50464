"""The throttle on sign-in: how many passwords may be tried in a quarter of an hour.

It counts in the database, so that the limit is one for all workers. An attempt is counted before it is
evaluated; signing in clears the account's.
"""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_
from sqlmodel import Session, col, func, select

from service.errors import TooManyAttempts
from service.tables.session import SignInAttempt

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 10
PER_ADDRESS = 50
"""An address may be a whole office behind one router; a single account is never so many people."""


def admit(session: Session, username: str, address: str, now: datetime) -> None:
    """Count one attempt; raises TooManyAttempts, and counts nothing, after too many in the window.

    The caller commits before the password is evaluated.
    """
    # An attempt from far in the future was made before the clock was set back, and would lock for long.
    at = col(SignInAttempt.at)
    session.execute(delete(SignInAttempt).where(or_(at <= now - WINDOW, at > now + WINDOW)))
    account = account_key(username)
    for rule, limit in (
        (col(SignInAttempt.username) == account, PER_ACCOUNT),
        (col(SignInAttempt.address) == address, PER_ADDRESS),
    ):
        count, first = _attempts(session, rule)
        if count >= limit:
            waited = now - min(first or now, now)
            raise TooManyAttempts(max(1, int((WINDOW - waited).total_seconds())))
    session.add(SignInAttempt(username=account, address=address, at=now))
    session.flush()


def clear(session: Session, username: str) -> None:
    """Forget the account's attempts after it was signed in to."""
    session.execute(delete(SignInAttempt).where(col(SignInAttempt.username) == account_key(username)))


def account_key(username: str) -> str:
    """What an attempt is filed under: not the text itself, for people type passwords into the wrong field."""
    return hashlib.sha256(username.encode()).hexdigest()


def _attempts(session: Session, rule: ColumnElement[bool]) -> tuple[int, datetime | None]:
    found = session.exec(select(func.count(), func.min(SignInAttempt.at)).where(rule)).one()
    return found[0], found[1]
