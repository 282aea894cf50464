"""The browser's session: a cookie with a random token, and everything else kept on our side.

It carries the CSRF token, flashed messages and what was searched for. It is ended by signing out, by time
and by revocation; a cookie that was copied before is worth nothing after.
"""

from collections.abc import Mapping
from typing import Any, cast

import structlog
from flask import Flask, Request, Response, g, request, session
from flask.sessions import SessionInterface, SessionMixin
from flask_babel import gettext
from flask_wtf import CSRFProtect
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import CallbackDict

from service import sessions
from service.database import reading, writing
from service.errors import LogUnavailable
from service.runtime import Runtime
from service.web.current import now

logger = structlog.get_logger()
NEEDS_NO_SESSION = frozenset({"static", "health.health"})


class ServerSession(CallbackDict[str, Any], SessionMixin):
    """One browser's session; `unread` when the database did not answer, and then nothing is stored either."""

    def __init__(
        self, token: str | None = None, found: sessions.SignedIn | None = None, unread: bool = False
    ) -> None:
        def changed(_: object) -> None:
            self.modified = True

        super().__init__(found.content if found else {}, changed)
        self.token = token if found else None
        self.person_id = found.person_id if found else None
        self.needs_touch = bool(found and found.needs_touch)
        self.unread = unread
        self.modified = False
        self.starts_for: str | None = None
        self.renews = False
        self.ends = False
        self.leaves = False


def this_session() -> ServerSession:
    """The session of the request at hand."""
    return cast(ServerSession, session._get_current_object())  # type: ignore[attr-defined]


def signed_in_person() -> str | None:
    """The id of whoever is signed in, or None."""
    return this_session().person_id


def start(person_id: str) -> None:
    """Begin a signed-in session under a new token; what the old one held is dropped."""
    this_session().clear()
    this_session().starts_for = person_id


def start_unsigned(content: Mapping[str, Any]) -> None:
    """Begin a session with nobody signed in under a new token; what the old one held is dropped."""
    this_session().clear()
    this_session().update(content)
    this_session().renews = True


def end() -> None:
    """End the session: its token is worth nothing from now on."""
    this_session().ends = True


def leave_browser() -> None:
    """Take the token from the browser alone, where it cannot be revoked: what is left of it ends by time."""
    this_session().leaves = True


class ServerSessions(SessionInterface):
    """Reads the session before a request and stores it after, in short transactions of their own."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.secure = runtime.settings.secure_cookies
        self.cookie = "__Host-skoen" if self.secure else "skoen"

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """The live session behind the cookie, or an empty one for a stranger."""
        token = request.cookies.get(self.cookie)
        if not token:
            return ServerSession()
        try:
            with reading(self.runtime.engine) as reader:
                return ServerSession(token, sessions.read(reader, token, now=self.runtime.clock()))
        except DBAPIError:
            return ServerSession(unread=True)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed; nothing is written for a session that only was read."""
        kept = cast(ServerSession, session)
        if kept.leaves:
            response.delete_cookie(self.cookie, secure=self.secure)
        if kept.unread or kept.leaves:
            return
        try:
            self._store(kept, response)
        except LogUnavailable:
            # What the request did is done, and its answer says so; what the browser's session would have
            # remembered of it is no reason to say otherwise. Its beginning and its end must not fail unheard.
            if kept.ends or kept.renews or kept.starts_for is not None:
                raise
            logger.warning("session:not_kept")

    def _store(self, kept: ServerSession, response: Response) -> None:
        if kept.ends:
            self._end(kept, response)
        elif kept.starts_for is not None:
            self._set_cookie(response, self._rotate(kept, kept.starts_for))
        elif kept.renews:
            self._set_cookie(response, self._rotate(kept, None))
        elif kept.token is None:
            if kept:
                self._set_cookie(response, self._rotate(kept, None))
        elif kept.modified or kept.needs_touch:
            self._save(kept, response)

    def _rotate(self, kept: ServerSession, person_id: str | None) -> str:
        with writing(self.runtime.engine) as writer:
            sessions.forget_ended(writer, now=now())
            token = sessions.rotate(writer, kept.token, now=now(), content=dict(kept), person_id=person_id)
            writer.commit()
        return token

    def _save(self, kept: ServerSession, response: Response) -> None:
        assert kept.token is not None  # noqa: S101 - the caller has seen it
        with writing(self.runtime.engine) as writer:
            if kept.modified and not sessions.save(writer, kept.token, now=now(), content=dict(kept)):
                response.delete_cookie(self.cookie, secure=self.secure)
            elif not kept.modified:
                sessions.touch(writer, kept.token, now=now())
            writer.commit()

    def _end(self, kept: ServerSession, response: Response) -> None:
        if kept.token is not None:
            with writing(self.runtime.engine) as writer:
                sessions.revoke(writer, kept.token)
                writer.commit()
        response.delete_cookie(self.cookie, secure=self.secure)

    def _set_cookie(self, response: Response, token: str) -> None:
        response.set_cookie(self.cookie, token, httponly=True, samesite="Lax", secure=self.secure)


def refuse_unread() -> None:
    """Raise LogUnavailable when the session could not be read: whoever is signed in is no stranger for that.

    The page keeps the token that came with the form, so that one press sends it again.
    """
    if not this_session().unread or request.endpoint in NEEDS_NO_SESSION:
        return
    if request.form.get("csrf_token"):
        g.csrf_token = request.form["csrf_token"]
    raise LogUnavailable(gettext("Databasen svarer ikke lige nu. Intet er gemt. Prøv igen om lidt."))


def install(app: Flask, runtime: Runtime) -> None:
    """Keep sessions on our side, and ask for a CSRF token on everything that changes something."""
    app.session_interface = ServerSessions(runtime)
    app.secret_key = runtime.keys.web
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the session lives
    app.config["WTF_CSRF_METHODS"] = {"POST", "PUT", "PATCH", "DELETE"}
    app.before_request(refuse_unread)
    CSRFProtect(app)
