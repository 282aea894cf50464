"""Whether this process can serve: for whoever watches over it, without a word about any case."""

from flask import Blueprint, Response, jsonify, redirect
from sqlalchemy import text
from werkzeug.wrappers import Response as AnyResponse

from service.database import reading
from service.web.current import runtime
from service.web.frame import home_of
from service.web.guard import current_actor, open_to_all

blueprint = Blueprint("health", __name__)


@blueprint.get("/sundhed")
@open_to_all
def health() -> Response:
    """200 when the database answers; a database that does not is a 503."""
    with reading(runtime().engine) as session:
        session.connection().execute(text("SELECT count(*) FROM log_heads"))
    return jsonify(status="ok")


@blueprint.get("/")
@open_to_all
def front() -> AnyResponse:
    """The front door leads to the page one's role begins on, or to the sign-in."""
    return redirect(home_of(current_actor()), 303)
