"""Her own reading and her own judgement, saved in one step; only then is the basis computed."""

from flask import Blueprint, flash, make_response, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from models.facts import FactValue
from service.database import writing
from service.errors import Conflict, Refused
from service.policy import Action
from service.tables.assessment import Assessment
from service.web.assessment.case import keep, opened_at_of, render_case
from service.web.assessment.case_page import CHOICE, CONFIDENCE, EVIDENCE, REFLECTION, open_questions_of
from service.web.current import now, runtime
from service.web.forms import PREFIX, read_answers, typed_in
from service.web.guard import current_actor, guarded
from service.web.opening import open_case, read_case
from service.web.suggestion.answering import answer_to
from service.workflow import assessment, intake

blueprint = Blueprint("assessment", __name__)

FIELD_OF = {"choice": CHOICE, "confidence": CONFIDENCE, "reflection": REFLECTION}
"""The workflow's names of the fields, and the form's."""


@blueprint.post("/sag/<case_id>/oplysninger")
@guarded(Action.RECORD_FACTS)
def save_facts(case_id: str) -> AnyResponse:
    """Store what was read so far, without a judgement; the rest of the form is kept as a draft."""
    file = read_case(case_id)
    answers, errors = read_answers(open_questions_of(file), request.form)
    if errors:
        return _again(case_id, errors, 422)
    with writing(runtime().engine) as session:
        intake.record_reading(session, case_id, answers, now=now(), by=current_actor())
    keep(case_id, without=frozenset(name for name in request.form if name.startswith(PREFIX)))
    flash(gettext("Oplysningerne er gemt."))
    return redirect(f"/sag/{case_id}", 303)


@blueprint.post("/sag/<case_id>/vurdering")
@guarded(Action.JUDGE)
def judge(case_id: str) -> AnyResponse:
    """Store reading and judgement, answer the judgement, and lead on to the basis."""
    file = read_case(case_id)
    answers, errors = read_answers(open_questions_of(file), request.form)
    errors |= _missing()
    if errors:
        return _again(case_id, errors, 422)
    try:
        judged = _store(case_id, answers)
    except Refused as refused:
        return _again(case_id, {FIELD_OF.get(refused.field or "", CHOICE): refused.sentence}, refused.status)
    except Conflict as conflict:
        return _again(case_id, {CHOICE: conflict.sentence}, conflict.status)
    answer_to(judged.id)
    return redirect(f"/sag/{case_id}/grundlag", 303)


def _missing() -> dict[str, str]:
    """What a judgement cannot be saved without, said before anything is written."""
    errors = {}
    if not request.form.get(CHOICE):
        errors[CHOICE] = gettext("Vælg, hvad borgeren har brug for.")
    if not request.form.get(CONFIDENCE):
        errors[CONFIDENCE] = gettext("Vælg, hvor sikker du er.")
    return errors


def _store(case_id: str, answers: dict[str, FactValue | None]) -> Assessment:
    form = request.form
    opened_at = opened_at_of(form.get("aabnet", ""), now())
    with writing(runtime().engine) as session:
        return assessment.judge(
            session,
            case_id,
            answers,
            choice=form[CHOICE],
            confidence=form[CONFIDENCE],
            wants_evidence=form.get(EVIDENCE) != "uden",
            read_version=form.get("version", default=0, type=int),
            opened_at=opened_at,
            key=form.get("noegle", ""),
            now=now(),
            by=current_actor(),
            reflection=form.get(REFLECTION, ""),
        )


def _again(case_id: str, errors: dict[str, str], status: int) -> AnyResponse:
    """The same page with what was typed still in it, and what to mend on top."""
    page = render_case(
        open_case(case_id),
        typed=typed_in(request.form),
        errors=errors,
        key=request.form.get("noegle", ""),
        changed=status == 409,
    )
    return make_response(page, status)
