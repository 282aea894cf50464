"""Whether this process can serve: for whoever watches over it, without a word about any case."""

from flask import Blueprint, Response, jsonify, redirect
from sqlalchemy import text
from werkzeug.wrappers import Response as AnyResponse

from service.database import reading
from service.web.current import runtime
from service.web.guard import open_to_all

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
    """The front door leads to the inbox."""
    return redirect("/indbakke")
