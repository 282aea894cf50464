"""The capacity board, for whoever plans an offer; no page of a case leads here or shows any of it."""

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from models import areas
from service import log
from service.database import reading, writing
from service.log import Event
from service.policy import Action
from service.web.capacity.page import entered_in, page_of
from service.web.current import now, runtime
from service.web.forms import Typed, typed_in
from service.web.guard import current_actor, guarded
from service.workflow import capacity
from service.workflow.capacity.board import board
from service.workflow.capacity.entries import AREA
from service.workflow.effect.quarters import quarters_to_read, read_quarters

blueprint = Blueprint("capacity", __name__)


@blueprint.get("/kapacitet")
@guarded(Action.SEE_CAPACITY)
def show() -> str:
    """The board of one's own unit. That it was read is an entry in the log."""
    found = _page(None, {})
    with writing(runtime().engine) as session:
        log.append(session, Event.STATISTICS_READ, at=now(), by=current_actor(), what="capacity")
        session.commit()
    return found


@blueprint.post("/kapacitet")
@guarded(Action.ENTER_CAPACITY)
def enter() -> AnyResponse:
    """Say how an offer stands, or say again what cannot be taken."""
    typed, actor = typed_in(request.form), current_actor()
    entered, faults = entered_in(typed, actor.unit_id)
    if entered is not None:
        try:
            with writing(runtime().engine) as session:
                capacity.enter(session, entered, now=now(), by=actor)
        except capacity.CapacityRefused as refused:
            faults = refused.faults
    if faults:
        return make_response(_page(typed, faults), 422)
    flash(gettext("Tallene står på tavlen."))
    return redirect("/kapacitet", 303)


def _page(typed: Typed | None, faults: dict[str, str]) -> str:
    actor, area = current_actor(), areas.get(AREA)
    with reading(runtime().engine) as session:
        units = (actor.unit_id,)
        quarters = quarters_to_read(session, units, actor.municipality_id, area, now())
        wanted = [quarters.newest] if quarters.newest else []
        found = read_quarters(session, units, area, wanted, quarters.until)
        rows = board(capacity.standing(session, units), found[0] if found else None, quarters.until)
        page = page_of(actor.unit_name, rows, quarters.newest, typed, faults)
    return render_template("capacity/board.html", page=page)
