"""Whether this process can serve: for whoever watches over it, without a word about any case."""

from flask import Blueprint, Response, jsonify, make_response, redirect
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.wrappers import Response as AnyResponse

from service.database import reading
from service.selftest import State
from service.web.current import runtime
from service.web.guard import current_actor, open_to_all
from service.web.menu import home_of

blueprint = Blueprint("health", __name__)


@blueprint.get("/sundhed")
@open_to_all
def health() -> Response:
    """200 while everything works; 503 when nothing can be saved, or the database does not answer.

    Whoever only looks at the status must be alarmed too, though pages that write nothing are still shown.
    """
    report = runtime().watch.look()
    try:
        with reading(runtime().engine) as session:
            session.connection().execute(text("SELECT count(*) FROM log_heads"))
    except DBAPIError:
        return make_response(jsonify(status="unavailable"), 503)
    faults, warnings = sorted(report.faults), sorted(report.those(State.WARNING))
    if faults:
        return make_response(jsonify(status="read_only", faults=faults, warnings=warnings), 503)
    return make_response(jsonify(status="ok", warnings=warnings), 200)


@blueprint.get("/")
@open_to_all
def front() -> AnyResponse:
    """The front door leads to the page one's role begins on, or to the sign-in."""
    return redirect(home_of(current_actor()), 303)
