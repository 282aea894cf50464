"""While the self-test has a fault: nothing is saved, no page about a citizen is shown, and people hear why.

Whatever would change something is refused before it begins, with what was typed kept on the page. A page
that only reads goes on, under a notice. A page that must note who saw it cannot, so it is not shown.
"""

from dataclasses import dataclass

from flask import Flask, Response, make_response, render_template, request
from sqlalchemy.exc import DBAPIError

from service.errors import ReadOnly, SkoenError
from service.web import errors
from service.web.current import runtime
from service.web.guard import current_actor
from service.web.menu import MenuItem, pages_for
from service.web.resend import Typed, carried_here, sent_by_our_own_page, typed_here
from service.web.sessions import leave_browser

READS = frozenset({"GET", "HEAD", "OPTIONS"})
NOTES_WHO_READ = frozenset({"/statistik", "/logkontrol"})
"""Pages of the menu that are an entry in the access log."""


@dataclass(frozen=True)
class RefusedPage:
    """Why the page is not shown or the form not saved, and where one can go meanwhile.

    `wanted` is what was asked for: read, save, enter or leave.
    """

    wanted: str
    reasons: tuple[str, ...]
    onward: tuple[MenuItem, ...]
    typed: Typed | None


def install(app: Flask) -> None:
    """Refuse before anything else has a say: also the form of a page whose token could not be kept."""
    app.before_request(refuse_changes)
    app.register_error_handler(ReadOnly, on_read_only)


def refuse_changes() -> None:
    """Raise ReadOnly for a request that would change something, while nothing may be saved."""
    if request.endpoint is None or request.method in READS:
        return
    try:
        runtime().watch.refuse()
    except ReadOnly:
        if _wanted() == "leave" and sent_by_our_own_page():
            leave_browser()
        raise


def on_read_only(error: ReadOnly) -> Response:
    """503 with the reasons in plain words, and with what was typed; programs get one sentence."""
    if errors.is_script():
        answer = errors.error_page(error.status, error.sentence, keep=False)
    else:
        page = RefusedPage(
            wanted=_wanted(),
            reasons=error.reasons,
            onward=_readable(),
            typed=typed_here() or carried_here(),
        )
        answer = make_response(render_template("read_only.html", page=page), error.status)
    answer.headers["Retry-After"] = errors.RETRY_AFTER
    return answer


def _wanted() -> str:
    if request.method in READS:
        return "read"
    return {"sign_in.enter": "enter", "sign_in.leave": "leave"}.get(request.endpoint or "", "save")


def _readable() -> tuple[MenuItem, ...]:
    """The pages of the menu that write nothing."""
    try:
        return tuple(each for each in pages_for(current_actor()) if each.path not in NOTES_WHO_READ)
    except (SkoenError, DBAPIError):
        return ()
