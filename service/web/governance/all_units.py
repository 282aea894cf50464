"""The stop button of every unit at once, on the page of the unit, for whoever administers."""

from flask import Blueprint, flash, make_response, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from service.database import writing
from service.errors import Refused
from service.policy import Action
from service.web.current import now, runtime
from service.web.forms import typed_in
from service.web.governance.unit import REASON_FOR_ALL, unit_page
from service.web.guard import current_actor, guarded
from service.workflow.governance import stop_all

blueprint = Blueprint("all_units", __name__)


@blueprint.post("/enhed/alle/stop")
@guarded(Action.STOP_ALL_UNITS)
def stop() -> AnyResponse:
    """Show no evidence in any unit from the next request on."""
    return _press(stopping=True)


@blueprint.post("/enhed/alle/start")
@guarded(Action.STOP_ALL_UNITS)
def release() -> AnyResponse:
    """Show evidence again in the units that were stopped all at once."""
    return _press(stopping=False)


def _press(*, stopping: bool) -> AnyResponse:
    press = stop_all.stop_all if stopping else stop_all.release_all
    try:
        with writing(runtime().engine) as session:
            reason = request.form.get(REASON_FOR_ALL, "")
            pressed = press(session, reason=reason, now=now(), by=current_actor())
    except Refused as refused:
        page = unit_page(typed_in(request.form), error_for_all=refused.sentence)
        return make_response(page, refused.status)
    flash(_done(pressed, stopping=stopping))
    return redirect("/enhed", 303)


def _done(pressed: stop_all.Pressed, *, stopping: bool) -> str:
    names = ", ".join(pressed.changed)
    if not pressed.changed:
        return gettext("Der var intet at ændre. Intet er skrevet.")
    if stopping:
        return gettext("Grundlag vises ikke længere i: %(names)s. Det gælder fra nu af.", names=names)
    return gettext("Grundlag vises igen i: %(names)s. Det gælder fra nu af.", names=names)
