"""The rules of access: read them, answer three questions, and access is open for a year."""

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from service.database import reading, writing
from service.errors import Refused
from service.policy import Action
from service.web.current import now, runtime, today
from service.web.danish import day_in_words
from service.web.forms import Typed, choice_field, faults_of, text_field, typed_in
from service.web.guard import current_actor, guarded
from service.web.menu import home_of
from service.workflow import access_rules
from service.workflow.access_rules import NotRead
from service.workflow.access_rules.rules import declared

blueprint = Blueprint("access_rules", __name__)

CONFIRMED, REASON = "bekraeftet", "begrundelse"
PREFIX = "svar_"
FIELDS = frozenset({CONFIRMED, *(PREFIX + question.code for question in declared().questions)})
"""The fields of the form in which the rules are acknowledged."""


@blueprint.get("/adgangsregler")
@guarded(Action.ACKNOWLEDGE_RULES)
def show() -> ResponseReturnValue:
    """The rules, the questions, and how long access is open."""
    return _page()


@blueprint.post("/adgangsregler")
@guarded(Action.ACKNOWLEDGE_RULES)
def acknowledge() -> ResponseReturnValue:
    """Take the answers; when all are right, access is open for a year."""
    typed = typed_in(request.form)
    answers = {
        question.code: request.form.get(PREFIX + question.code, "") for question in declared().questions
    }
    try:
        with writing(runtime().engine) as session:
            row = access_rules.acknowledge(
                session, answers, confirmed=bool(request.form.get(CONFIRMED)), now=now(), by=current_actor()
            )
    except NotRead as refused:
        return _page(typed, {PREFIX + question.code: question.why for question in refused.missed})
    except Refused as refused:
        return _page(typed, {CONFIRMED: refused.sentence})
    flash(gettext("Tak. Din adgang er åben til og med %(day)s.", day=day_in_words(row.valid_to)))
    return redirect(home_of(current_actor()), 303)


@blueprint.post("/adgangsregler/noedadgang")
@guarded(Action.ACKNOWLEDGE_RULES)
def open_in_emergency() -> ResponseReturnValue:
    """Open access until midnight for somebody who says why it cannot wait."""
    try:
        with writing(runtime().engine) as session:
            access_rules.open_in_emergency(
                session, request.form.get(REASON, ""), now=now(), by=current_actor()
            )
    except Refused as refused:
        return _page(typed_in(request.form), {REASON: refused.sentence})
    flash(gettext("Din adgang er åben resten af dagen. Begrundelsen står i hændelsesloggen."))
    return redirect(home_of(current_actor()), 303)


def _page(typed: Typed | None = None, errors: dict[str, str] | None = None) -> ResponseReturnValue:
    errors = errors or {}
    rules = declared()
    with reading(runtime().engine) as session:
        until = access_rules.open_until(session, current_actor().person_id)
    is_open = until is not None and until >= today()
    questions = tuple(
        choice_field(
            PREFIX + question.code, question.text, question.options.items(), typed,
            errors.get(PREFIX + question.code, ""),
        )
        for question in rules.questions
    )  # fmt: skip
    reason = text_field(
        REASON, gettext("Hvorfor kan det ikke vente?"), typed, errors.get(REASON, ""),
        gettext("Skriv ikke noget om borgeren."),
    )  # fmt: skip
    confirmed = choice_field(
        CONFIRMED, "", [("ja", gettext("Jeg har læst reglerne og følger dem."))], typed,
        errors.get(CONFIRMED, ""),
    )  # fmt: skip
    page = render_template(
        "access_rules/rules.html", rules=rules.sentences, questions=questions, reason=reason,
        confirmed=confirmed, until=until, is_open=is_open,
        is_soon=is_open and until is not None and until - today() <= access_rules.NOTICE,
        faults=faults_of((*questions, confirmed, reason)),
    )  # fmt: skip
    return make_response(page, 422 if errors else 200)
