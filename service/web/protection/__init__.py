"""Data protection: names in the access log, opened by two; access in an emergency; people from outside."""

from datetime import timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from service.database import reading, writing
from service.errors import Conflict, Refused
from service.policy import Action
from service.web.case_number import SERIAL, case_of, number_field
from service.web.current import now, runtime
from service.web.forms import Typed, choice_field, faults_of, typed_in
from service.web.guard import current_actor, guarded
from service.web.protection.page import NamesPage, names_page, protection_page, purposes
from service.workflow.oversight import restricted_layer

blueprint = Blueprint("protection", __name__)

PURPOSE = "formaal"
A_YEAR = timedelta(days=365)


@blueprint.get("/databeskyttelse")
@guarded(Action.SEE_PROTECTION)
def show() -> ResponseReturnValue:
    """What the data protection officer and the security side look after."""
    return _page()


@blueprint.post("/databeskyttelse/navne")
@guarded(Action.SEE_PROTECTION)
def ask() -> ResponseReturnValue:
    """Ask for the names of who looked at a case; somebody of the other role must open them."""
    typed, errors = typed_in(request.form), {}
    purpose = request.form.get(PURPOSE, "")
    if purpose not in purposes():
        errors[PURPOSE] = gettext("Vælg et formål på listen.")
    try:
        case_id = case_of(request.form.get(SERIAL, ""))
    except Refused as refused:
        errors[SERIAL] = refused.sentence
    if errors:
        return _page(typed, errors)
    try:
        with writing(runtime().engine) as session:
            restricted_layer.ask(session, case_id, purpose, now=now(), by=current_actor())
    except Conflict as conflict:
        return _page(typed, {SERIAL: conflict.sentence})
    flash(gettext("Anmodningen står i hændelsesloggen. En med den anden rolle kan nu åbne navnene."))
    return redirect("/databeskyttelse", 303)


@blueprint.post("/databeskyttelse/navne/<asked_id>/aabn")
@guarded(Action.SEE_PROTECTION)
def open_names(asked_id: str) -> ResponseReturnValue:
    """Open what somebody of the other role has asked for."""
    with writing(runtime().engine) as session:
        restricted_layer.open_names(session, asked_id, now=now(), by=current_actor())
    return redirect(f"/databeskyttelse/navne/{asked_id}", 303)


@blueprint.get("/databeskyttelse/navne/<asked_id>")
@guarded(Action.SEE_PROTECTION)
def names(asked_id: str) -> str:
    """Who looked at the case. That somebody read it is an entry, written before anything is shown."""
    with writing(runtime().engine) as session:
        found, looks = restricted_layer.read_names(session, asked_id, now=now(), by=current_actor())
        page: NamesPage = names_page(session, found, looks)
    return render_template("protection/names.html", page=page)


def _page(typed: Typed | None = None, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    errors = errors or {}
    serial = number_field(typed, errors.get(SERIAL, ""))
    purpose = choice_field(
        PURPOSE, gettext("Formål"), purposes().items(), typed, errors.get(PURPOSE, ""),
        gettext("Skrives i hændelsesloggen."),
    )  # fmt: skip
    with reading(runtime().engine) as session:
        page = protection_page(session, current_actor(), now(), since=now() - A_YEAR)
    html = render_template(
        "protection/protection.html", page=page, serial=serial, purpose=purpose,
        faults=faults_of((serial, purpose)),
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)
