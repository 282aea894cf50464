"""Plans that come in by hand, and answers to cases that were sent back."""

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from models import areas
from models.declaration import Area
from models.facts import FactsRefused
from service.database import reading, writing
from service.errors import NotFound, Refused
from service.intake_formats.referral import DEFAULT_AREA
from service.policy import Action
from service.tables.organisation import Municipality
from service.web.assessment.case_page import case_page, open_questions_of
from service.web.current import now, runtime, today
from service.web.forms import (
    Typed,
    faults_of,
    question_field,
    read_answers,
    sentence_of,
    text_field,
    typed_in,
)
from service.web.guard import current_actor, guarded
from service.web.intake import referral_form
from service.web.opening import open_case, read_case
from service.workflow import intake
from service.workflow.case_file import CaseFile, CaseState

blueprint = Blueprint("intake", __name__)

AREA = "omraade"
"""The field and the parameter that name the visitation area of a plan that is typed in."""


@blueprint.get("/sag/ny")
@guarded(Action.OPEN_BY_HAND)
def new() -> str:
    """An empty form; the day of receipt is today's, for it nearly always is."""
    return _form({referral_form.RECEIVED: [today().isoformat()]}, {})


def _form(typed: Typed, errors: dict[str, str]) -> str:
    area = _area()
    others = [areas.get(name) for name in areas.names() if name != area.name]
    form = referral_form.referral_form(area, typed, errors)
    return render_template("intake/new_case.html", form=form, area=area, others=others)


def _area() -> Area:
    """The area that was asked for, or the usual one; an unknown one is no page of ours."""
    name = request.values.get(AREA) or DEFAULT_AREA
    if name not in areas.names():
        raise NotFound
    return areas.get(name)


@blueprint.post("/sag/ny")
@guarded(Action.OPEN_BY_HAND)
def open_by_hand() -> AnyResponse:
    """Open the case, or say what must be mended."""
    actor = current_actor()
    with reading(runtime().engine) as session:
        code = session.get_one(Municipality, actor.municipality_id).code
    referral, errors = referral_form.read_referral(_area(), request.form, code, actor.unit_name, now())
    if referral is None:
        return make_response(_form(typed_in(request.form), errors), 422)
    try:
        with writing(runtime().engine) as session:
            pepper = runtime().keys.pepper
            case = intake.open_by_hand(session, referral, pepper=pepper, now=now(), by=actor)
            case_id, serial = case.id, case.serial
    except FactsRefused as refused:
        return make_response(_form(typed_in(request.form), _sentences(refused)), 422)
    except Refused as refused:
        field = referral_form.WORKFLOW_FIELDS.get(refused.field or "", referral_form.RECEIVED)
        return make_response(_form(typed_in(request.form), {field: refused.sentence}), refused.status)
    flash(gettext("Sag %(serial)s er oprettet.", serial=serial))
    return redirect(f"/sag/{case_id}", 303)


def _sentences(refused: FactsRefused) -> dict[str, str]:
    names = {refusal.question for refusal in refused.refusals}
    return {name: sentence_of(_area().by_name[name], refused) for name in names}


@blueprint.get("/sag/<case_id>/svar")
@guarded(Action.ANSWER_RETURN)
def answer_form(case_id: str) -> AnyResponse | str:
    """What the hospital or the citizen has answered."""
    file = open_case(case_id)
    if file.state is not CaseState.RETURNED:
        return redirect(f"/sag/{case_id}", 303)
    return _answer_form(file, None, {})


def _answer_form(file: CaseFile, typed: Typed | None, errors: dict[str, str]) -> str:
    fields = tuple(
        question_field(question, None, typed, errors.get(question.name, ""))
        for question in open_questions_of(file)
        if file.facts[question.name].known is None and not question.optional
    )
    return render_template(
        "intake/answer.html",
        page=case_page(file, now=now(), today=today(), may_judge=False),
        fields=fields,
        note=text_field("note", gettext("Hvad blev der svaret? (kan udelades)"), typed),
        faults=faults_of(fields),
    )


@blueprint.post("/sag/<case_id>/svar")
@guarded(Action.ANSWER_RETURN)
def answer(case_id: str) -> AnyResponse:
    """Store the answer: the case waits for a judgement again."""
    file = read_case(case_id)
    answers, errors = read_answers(open_questions_of(file), request.form)
    if errors:
        return make_response(_answer_form(open_case(case_id), typed_in(request.form), errors), 422)
    given = {name: value for name, value in answers.items() if value is not None}
    with writing(runtime().engine) as session:
        note = request.form.get("note", "")
        intake.answer_return(session, case_id, given, note=note, now=now(), by=current_actor())
    flash(gettext("Svaret er gemt. Sagen venter igen på en vurdering."))
    return redirect(f"/sag/{case_id}", 303)
