"""*Skønsprøve*: a team lead draws cases by lot, and her caseworkers judge them again without seeing more.

Who may see what follows from the lot, so these pages are about a draw and not about a case. A drawn case that
is shown is an entry in the access log with its own purpose.
"""

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models import areas
from service import log
from service.database import reading, writing
from service.errors import Conflict, Refused
from service.log import Event
from service.policy import Action
from service.web.current import now, runtime
from service.web.double_review.page import blind_page, lots_page, queue_lines
from service.web.forms import Typed, typed_in
from service.web.guard import current_actor, guarded
from service.web.statistics import AREA
from service.workflow import double_review
from service.workflow.double_review import BlindCase
from service.workflow.double_review.blind import PURPOSE

blueprint = Blueprint("double_review", __name__)

CHOICE, QUARTER = "valg", "kvartal"


@blueprint.get("/skoensproever")
@guarded(Action.DRAW_REVIEW)
def lots() -> ResponseReturnValue:
    """The unit's lots and how far they have come, and how the judgements agree."""
    return _lots()


@blueprint.post("/skoensproever")
@guarded(Action.DRAW_REVIEW)
def draw() -> ResponseReturnValue:
    """Draw the cases of a quarter; a quarter that is drawn stays as it is."""
    try:
        lot = double_review.draw(
            runtime().engine, request.form.get(QUARTER, ""), now=now(), by=current_actor()
        )
    except Refused as refused:
        return _lots(refused.sentence)
    new = lot.at == now()
    flash(gettext("Stikprøven er trukket.") if new else gettext("Kvartalet var trukket i forvejen."))
    return redirect("/skoensproever", 303)


@blueprint.get("/skoensproeve")
@guarded(Action.REVIEW_BLIND)
def queue() -> str:
    """The drawn cases that whoever is signed in may judge."""
    with reading(runtime().engine) as session:
        lines = queue_lines(session, double_review.queue(session, current_actor()))
    return render_template("double_review/queue.html", lines=lines)


@blueprint.get("/skoensproeve/<draw_id>")
@guarded(Action.REVIEW_BLIND)
def show(draw_id: str) -> ResponseReturnValue:
    """One drawn case as the first judgement read it, and after her own what became of it."""
    return _show(draw_id)


@blueprint.post("/skoensproeve/<draw_id>")
@guarded(Action.REVIEW_BLIND)
def judge(draw_id: str) -> ResponseReturnValue:
    """Store her judgement, and only then show the other one."""
    typed = typed_in(request.form)
    try:
        with writing(runtime().engine) as session:
            double_review.judge(session, draw_id, request.form.get(CHOICE, ""), now=now(), by=current_actor())
    except (Refused, Conflict) as refused:
        return _show(draw_id, typed, refused.sentence, refused.status)
    return redirect(f"/skoensproeve/{draw_id}", 303)


def _lots(error: str = "") -> ResponseReturnValue:
    actor = current_actor()
    with writing(runtime().engine) as session:
        log.append(session, Event.STATISTICS_READ, at=now(), by=actor, what="double_review")
        session.commit()
    with reading(runtime().engine) as session:
        page = lots_page(session, areas.get(AREA), actor, now())
    return make_response(
        render_template("double_review/lots.html", page=page, error=error), 422 if error else 200
    )


def _show(
    draw_id: str, typed: Typed | None = None, error: str = "", status: int = 200
) -> ResponseReturnValue:
    found = _open(draw_id)
    page = blind_page(found, CHOICE, typed, error)
    return make_response(render_template("double_review/blind.html", page=page), status)


def _open(draw_id: str) -> BlindCase:
    """Write what the case is opened for, then give it. If the entry cannot be written, nothing is shown."""
    actor = current_actor()
    with reading(runtime().engine) as session:
        case_id = double_review.open_blind(session, draw_id, actor).case_id
    with writing(runtime().engine) as session:
        log.append(session, Event.CASE_OPENED, at=now(), by=actor, case_id=case_id, purpose=PURPOSE)
        session.commit()
    with reading(runtime().engine) as session:
        return double_review.open_blind(session, draw_id, actor)
