"""What somebody typed, carried over an error or a new sign-in, so that it can be sent again.

It travels in the page itself and is stored nowhere. Only a form that our own pages sent is carried:
a stranger's page must not be able to have its words sent with one press of a button.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

NEVER_CARRIED = frozenset({"csrf_token", "adgangskode", "password"})
CARRIED = "skrevet."
"""Prefix of the fields that carry a form through the sign-in page."""


@dataclass(frozen=True)
class Typed:
    """A form that was sent and not saved: where to, and its fields in order."""

    path: str
    fields: tuple[tuple[str, str], ...]


def sent_by_our_own_page() -> bool:
    """Whether the browser says that the form came from one of our pages; without a word from it, no."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc == request.host


def typed_here() -> Typed | None:
    """The form of the request at hand, when it is one that may be carried."""
    if request.method != "POST" or request.path.startswith("/log-") or not sent_by_our_own_page():
        return None
    fields = _kept(request.form.items(multi=True))
    return Typed(request.full_path.rstrip("?"), fields) if fields else None


def carried_here() -> Typed | None:
    """The form that the sign-in page carried, when there is one and it is meant for one of our own paths."""
    path = request.form.get(CARRIED + "sti", "")
    if not is_our_path(path) or not sent_by_our_own_page():
        return None
    prefix = CARRIED + "felt."
    fields = _kept(
        (name.removeprefix(prefix), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(prefix)
    )
    return Typed(path, fields) if fields else None


def is_our_path(path: str) -> bool:
    """Whether a path leads to a page of this service and nowhere else."""
    parts = urlsplit(path)
    return (
        path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    )


def _kept(fields: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in fields if name not in NEVER_CARRIED)
