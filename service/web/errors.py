"""Every error as a page in plain Danish, with nothing lost that somebody typed."""

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException, InternalServerError

from service.errors import NotSignedIn, SavingUncertain, SkoenError, TooManyAttempts
from service.web.guard import current_actor
from service.web.purposes import PurposeMissing, choices_for, is_over
from service.web.resend import Typed, typed_here
from service.web.sessions import signed_in_person
from service.web.sign_in import ask_to_sign_in
from service.workflow.access_rules import Suspended

logger = structlog.get_logger()
RETRY_AFTER = "5"
"""Seconds after which somebody who met a 503 may try again."""


def sentence_for(status: int) -> str:
    """What to tell a person about a status; one without a sentence of its own is told as 500."""
    sentences = {
        400: gettext("Siden var for gammel eller ufuldstændig. Intet er gemt. Send det, du skrev, igen."),
        401: gettext("Du er ikke logget ind."),
        403: gettext("Din rolle giver ikke adgang til denne side."),
        404: gettext("Siden eller sagen findes ikke, eller den hører til et andet sted."),
        405: gettext("Siden kan ikke bruges på den måde. Gå tilbage, og brug knapperne på siden."),
        409: gettext("En anden har gemt noget i sagen i mellemtiden. Intet af dit er gemt. Se sagen igen."),
        410: gettext("Oplysningerne findes ikke længere, eller de kan ikke læses."),
        413: gettext("Det, du sendte, fylder for meget. Intet er gemt."),
        422: gettext("Noget skal rettes, før det kan gemmes. Intet er gemt."),
        429: gettext("Der har været for mange forsøg. Vent et kvarter, og prøv igen."),
        500: gettext("Der er sket en fejl hos os. Intet er gemt. Fejlen er noteret."),
        503: gettext(
            "Databasen eller hændelsesloggen kan ikke skrives lige nu. Intet er gemt. Prøv igen om lidt."
        ),
    }
    return sentences.get(status, sentences[500])


def heading_for(status: int, is_uncertain: bool = False) -> str:
    """The heading over the sentence."""
    if is_uncertain:
        return gettext("Det er uvist, om det blev gemt")
    headings = {
        403: gettext("Ingen adgang"),
        404: gettext("Siden findes ikke"),
        409: gettext("Sagen er ændret i mellemtiden"),
        410: gettext("Sagen kan ikke vises"),
        429: gettext("For mange forsøg"),
        503: gettext("Det kunne ikke gemmes"),
    }
    return headings.get(status, gettext("Det lykkedes ikke"))


def install(app: Flask) -> None:
    """Give every kind of error its page."""
    app.register_error_handler(SkoenError, on_our_own)
    app.register_error_handler(NotSignedIn, on_stranger)
    app.register_error_handler(PurposeMissing, on_purpose_missing)
    app.register_error_handler(Suspended, on_suspended)
    app.register_error_handler(CSRFError, on_stale_page)
    app.register_error_handler(DBAPIError, on_database)
    app.register_error_handler(HTTPException, on_http)


def on_our_own(error: SkoenError) -> Response:
    """An error that the casework raised: its own status and its own sentence."""
    page = error_page(
        error.status,
        error.sentence,
        keep=error.status in (409, 422, 503),
        is_uncertain=isinstance(error, SavingUncertain),
    )
    if isinstance(error, TooManyAttempts):
        page.headers["Retry-After"] = str(error.retry_after)
    return page


def on_stranger(error: NotSignedIn) -> Response:
    """Nobody is signed in: a script is told so, a person is asked to, with what was typed carried along."""
    if is_script():
        return error_page(401, error.sentence, keep=False)
    return ask_to_sign_in(typed_here())


def on_purpose_missing(error: PurposeMissing) -> Response:
    """Whoever has no casework in a case, or none any more, says first what it is opened for."""
    if is_script():
        return error_page(error.status, error.sentence, keep=False)
    case_id = str((request.view_args or {})["case_id"])
    home = request.path.partition(case_id)[0] + case_id
    purposes = choices_for(current_actor().role)
    page = render_template(
        "intake/purpose.html", home=home, path=request.path, purposes=purposes, is_over=is_over()
    )
    return make_response(page, error.status)


def on_suspended(error: Suspended) -> Response:
    """The rules of access are not acknowledged: the page leads there, with what was typed kept."""
    if is_script():
        return error_page(error.status, error.sentence, keep=False)
    heading = gettext("Din adgang er lukket")
    page = render_template(
        "access_rules/suspended.html", heading=heading, sentence=error.sentence, typed=typed_here()
    )
    return make_response(page, error.status)


def on_stale_page(error: CSRFError) -> Response:
    """A form without a valid token: a page that stood open too long, or a stranger's."""
    if signed_in_person() is None and not request.path.startswith(("/log-", "/borger")):
        return on_stranger(NotSignedIn())
    return error_page(400, sentence_for(400), keep=True)


def on_database(error: DBAPIError) -> Response:
    """The database did not answer, or refused; whatever it was, it was rolled back."""
    logger.error("database:unavailable", kind=type(error).__name__)
    return error_page(503, sentence_for(503), keep=True)


def on_http(error: HTTPException) -> Response:
    """An error of the web itself; a fault of ours comes here as a 500 after its traceback is written."""
    original = getattr(error, "original_exception", None)
    if isinstance(original, DBAPIError | SkoenError):
        return on_database(original) if isinstance(original, DBAPIError) else on_our_own(original)
    status = error.code or 500
    if status < 400 and error.response is not None:
        return make_response(error.response)
    page = error_page(status, sentence_for(status), keep=isinstance(error, InternalServerError))
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            page.headers[name] = value
    return page


def error_page(status: int, sentence: str, *, keep: bool, is_uncertain: bool = False) -> Response:
    """The page, or JSON for the API; with `keep`, what was typed stands there to be sent again.

    A 503 says when to try again: it is over as soon as the database answers.
    """
    if is_script():
        answer = make_response(jsonify(error=sentence), status)
    else:
        typed: Typed | None = typed_here() if keep else None
        heading = heading_for(status, is_uncertain)
        if request.path.startswith("/borger"):
            page = render_template("citizen_page/refused.html", sentence=sentence, practice=False)
        else:
            page = render_template("error.html", heading=heading, sentence=sentence, typed=typed)
        answer = make_response(page, status)
    if status == 503:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer


def is_script() -> bool:
    """Whether the answer is for a program: the API, or a script of a page of ours."""
    return request.path.startswith("/api/") or request.headers.get("X-Requested-With") == "fetch"
