"""The citizens' rights: a worklist by deadline, the rights of one case, one request and its answer."""

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlmodel import Session

from service.database import reading, writing
from service.errors import NotFound, Refused
from service.policy import Action
from service.rights_extract import zip_of
from service.web.current import now, runtime, today
from service.web.decision.planning_form import first_of
from service.web.forms import Typed, typed_in
from service.web.guard import current_actor, current_case, guarded
from service.web.opening import open_case
from service.web.rights.form import (
    ANSWER,
    BEHALF,
    CHANNEL,
    FACT,
    GROUND,
    KIND,
    OUTCOME,
    RECEIVED,
    SPEAKER,
    WHY,
    WORDS,
    answer_form,
    ask_form,
    day_in,
    errors_of,
    why_field,
)
from service.web.rights.page import lines_of, request_page, worklist
from service.web.suggestion.page import reading_page
from service.workflow import rights
from service.workflow.model_in_use.holding import built_on
from service.workflow.rights.access import document_of, record
from service.workflow.rights.kinds import KINDS
from service.workflow.rights.standing import kinds_in_force

blueprint = Blueprint("rights", __name__)
NAME = "udtraek-sag-{}.zip"


@blueprint.get("/rettigheder")
@guarded(Action.SEE_RIGHTS)
def show_all() -> ResponseReturnValue:
    """The unit's requests that wait for an answer; no citizen is named here."""
    with reading(runtime().engine) as session:
        lines = worklist(session, current_actor(), today())
    return render_template("rights/list.html", lines=lines)


@blueprint.get("/sag/<case_id>/rettigheder")
@guarded(Action.HANDLE_RIGHTS)
def of_case(case_id: str) -> ResponseReturnValue:
    """What the citizen of a case has asked for, what is in force, and a form to register more."""
    return _case_page(case_id)


@blueprint.post("/sag/<case_id>/rettigheder")
@guarded(Action.HANDLE_RIGHTS)
def register(case_id: str) -> ResponseReturnValue:
    """Register a right for the citizen; from the next request on it is in force."""
    typed = typed_in(request.form)
    try:
        with writing(runtime().engine) as session:
            asked = rights.ask(
                session, case_id, first_of(typed, KIND), channel=first_of(typed, CHANNEL),
                speaker=first_of(typed, SPEAKER), on_behalf=first_of(typed, BEHALF),
                words=first_of(typed, WORDS).replace("\r\n", "\n"), fact=first_of(typed, FACT) or None,
                received_on=day_in(first_of(typed, RECEIVED)), now=now(), by=current_actor(),
            )  # fmt: skip
    except Refused as refused:
        return _case_page(case_id, typed, errors_of(refused, FACT if refused.field else KIND, WORDS))
    flash(gettext("Registreret. %(effect)s", effect=KINDS[asked.kind].effect))
    return redirect(f"/sag/{case_id}/rettigheder/{asked.id}", 303)


@blueprint.get("/sag/<case_id>/rettigheder/<request_id>")
@guarded(Action.HANDLE_RIGHTS)
def show(case_id: str, request_id: str) -> ResponseReturnValue:
    """One request with its steps, and the forms for what can be done now."""
    return _request_page(case_id, request_id)


@blueprint.post("/sag/<case_id>/rettigheder/<request_id>/svar")
@guarded(Action.HANDLE_RIGHTS)
def answer(case_id: str, request_id: str) -> ResponseReturnValue:
    """Answer it. What is the citizen's own choice is confirmed."""
    typed = typed_in(request.form)
    try:
        with writing(runtime().engine) as session:
            kind = _standing(session, case_id, request_id).request.kind
            outcome = "granted" if KINDS[kind].is_choice else first_of(typed, OUTCOME)
            rights.answer(
                session, request_id, outcome=outcome, words=first_of(typed, ANSWER).replace("\r\n", "\n"),
                ground=first_of(typed, GROUND) or None, now=now(), by=current_actor(),
            )  # fmt: skip
    except Refused as refused:
        return _request_page(case_id, request_id, typed, errors_of(refused, OUTCOME, ANSWER))
    flash(gettext("Svaret er gemt. Send det til borgeren."))
    return redirect(f"/sag/{case_id}/rettigheder/{request_id}", 303)


@blueprint.post("/sag/<case_id>/rettigheder/<request_id>/forlaeng")
@guarded(Action.HANDLE_RIGHTS)
def extend(case_id: str, request_id: str) -> ResponseReturnValue:
    """Put the answer off, with reasons."""
    return _with_words(
        case_id, request_id, rights.extend, gettext("Fristen er forlænget. Fortæl borgeren hvorfor.")
    )


@blueprint.post("/sag/<case_id>/rettigheder/<request_id>/tag-tilbage")
@guarded(Action.HANDLE_RIGHTS)
def withdraw(case_id: str, request_id: str) -> ResponseReturnValue:
    """The citizen has taken it back."""
    with writing(runtime().engine) as session:
        _standing(session, case_id, request_id)
        rights.withdraw(session, request_id, now=now(), by=current_actor())
    flash(gettext("Anmodningen er taget tilbage og gælder ikke længere."))
    return redirect(f"/sag/{case_id}/rettigheder/{request_id}", 303)


@blueprint.post("/sag/<case_id>/rettigheder/<request_id>/ophaev")
@guarded(Action.HANDLE_RIGHTS)
def lift(case_id: str, request_id: str) -> ResponseReturnValue:
    """End a restriction, after the citizen was told."""
    return _with_words(case_id, request_id, rights.lift, gettext("Begrænsningen er ophævet."))


@blueprint.post("/sag/<case_id>/rettigheder/<request_id>/udtraek")
@guarded(Action.HANDLE_RIGHTS)
def extract(case_id: str, request_id: str) -> ResponseReturnValue:
    """The extract a request for access asks for, once it stands in the access log that it goes out."""
    with reading(runtime().engine) as session:
        found = _standing(session, case_id, request_id)
        if found.request.kind != "access":
            raise NotFound
        document = document_of(
            session, current_case().citizen_id, runtime().settings.contacts, now=now(), today=today()
        )
    made = zip_of(document)
    with writing(runtime().engine) as session:
        record(session, case_id, made, now=now(), by=current_actor())
        session.commit()
    told = make_response(made)
    told.headers["Content-Type"] = "application/zip"
    name = NAME.format(current_case().serial)
    told.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return told


def _with_words(case_id: str, request_id: str, step: Callable[..., object], said: str) -> ResponseReturnValue:
    """Take a step that needs reasons, or show the request again with what is to be mended."""
    typed = typed_in(request.form)
    try:
        with writing(runtime().engine) as session:
            _standing(session, case_id, request_id)
            step(session, request_id, words=first_of(typed, WHY), now=now(), by=current_actor())
    except Refused as refused:
        return _request_page(case_id, request_id, typed, errors_of(refused, WHY, WHY))
    flash(said)
    return redirect(f"/sag/{case_id}/rettigheder/{request_id}", 303)


def _standing(session: Session, case_id: str, request_id: str) -> rights.Standing:
    """The request as it stands; raises NotFound when it belongs to another case than the address says."""
    standing = rights.find(session, request_id, current_actor())
    if standing.request.case_id != case_id:
        raise NotFound
    return standing


def _case_page(
    case_id: str, typed: Typed | None = None, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    file = open_case(case_id)
    with reading(runtime().engine) as session:
        lines = lines_of(session, case_id, file.case.serial, today())
        standing = kinds_in_force(session, case_id)
    form = ask_form(file.area, file.facts, typed, errors or {}, today())
    page = render_template(
        "rights/case.html", case=reading_page(file), lines=lines, in_force=standing, form=form,
        kinds=KINDS.values(),
    )  # fmt: skip
    return make_response(page, 422 if errors else 200)


def _request_page(
    case_id: str, request_id: str, typed: Typed | None = None, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    file, errors = open_case(case_id), errors or {}
    with reading(runtime().engine) as session:
        standing = _standing(session, case_id, request_id)
        labels = {question.name: question.label for question in file.area.questions}
        page = request_page(session, standing, today(), labels)
        if page.kind.code == "training":
            page = replace(page, models=built_on(session, runtime().shelf, file.case.citizen_id))
    html = render_template(
        "rights/request.html", case=reading_page(file), page=page,
        form=answer_form(page.kind.code, typed, errors),
        why=why_field(gettext("Hvorfor må svaret vente?"), typed, errors.get(WHY, "")),
        told=why_field(gettext("Hvad har borgeren fået at vide, og hvornår?"), typed, errors.get(WHY, "")),
    )  # fmt: skip
    return make_response(html, 422 if errors else 200)
