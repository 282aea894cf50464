"""Signing in with a password: throttled, equally slow for everybody, and written to the access log."""

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from service import log, passwords, throttle
from service.clock import local_date
from service.database import reading, writing
from service.errors import NoMembership, SignInRefused
from service.identity import Actor, actor_of
from service.log import Event


def sign_in(engine: Engine, username: str, password: str, *, address: str, now: datetime) -> Actor:
    """The person behind a user name and password, as she acts today.

    The caller starts the browser's session (`sessions.rotate`). Raises TooManyAttempts before anything is
    evaluated, SignInRefused for a wrong name or password, and NoMembership when she works nowhere today.
    """
    username = username.strip().lower()
    with writing(engine) as session:
        throttle.admit(session, username, address, now)
        session.commit()
    with reading(engine) as session:
        person_id, password_hash = passwords.credential_of(session, username)
    # Outside any transaction: a password takes a fifth of a second to check.
    if not passwords.is_password(password_hash, password) or person_id is None:
        _record(engine, Event.SIGN_IN_FAILED, None, now, why="password", person=person_id)
        raise SignInRefused
    with writing(engine) as session:
        try:
            actor = actor_of(session, person_id, local_date(now))
        except NoMembership:
            log.append(session, Event.SIGN_IN_FAILED, at=now, by=None, why="no_membership", person=person_id)
            session.commit()
            raise
        throttle.clear(session, username)
        log.append(session, Event.SIGNED_IN, at=now, by=actor)
        session.commit()
    return actor


def sign_out(engine: Engine, actor: Actor, *, now: datetime) -> None:
    """Note that somebody signed out; the caller revokes the browser's session."""
    _record(engine, Event.SIGNED_OUT, actor, now)


def _record(engine: Engine, event: Event, by: Actor | None, now: datetime, **public: Any) -> None:
    """Write one entry; a name that nobody here has stays out of the log, for it may be a password."""
    with writing(engine) as session:
        log.append(session, event, at=now, by=by, **public)
        session.commit()
