"""The survey's page for caseworkers, and the opening of a round for whoever leads."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from models.answers import read_date
from service.database import reading, writing
from service.errors import Refused
from service.policy import Action
from service.tables.survey import SurveyRound
from service.web.current import now, runtime, today
from service.web.effect.effect import effect_page
from service.web.forms import FieldView, Typed, choice_field, typed_in
from service.web.guard import current_actor, guarded
from service.workflow.effect import survey
from service.workflow.effect.questions import ANSWERS, QUESTIONS

blueprint = Blueprint("survey", __name__)

ROUND, OPENS, CLOSES, PREFIX = "runde", "aabner", "lukker", "spoergsmaal."


@dataclass(frozen=True)
class SurveyPage:
    """The statements of the round that is open; `round` is None when there is none or she has answered."""

    round: SurveyRound | None
    has_answered: bool
    fields: tuple[FieldView, ...]
    error: str


@blueprint.get("/spoergeskema")
@guarded(Action.ANSWER_SURVEY)
def show() -> str:
    """The statements, with nothing chosen beforehand; nothing about the visit is kept."""
    return _page(None, "")


@blueprint.post("/spoergeskema")
@guarded(Action.ANSWER_SURVEY)
def answer() -> AnyResponse:
    """Count the answers."""
    answers = {
        each.code: chosen for each in QUESTIONS if (chosen := request.form.get(PREFIX + each.code, ""))
    }
    try:
        with writing(runtime().engine) as session:
            survey.answer(session, request.form.get(ROUND, ""), answers, now=now(), by=current_actor())
    except Refused as refused:
        return make_response(_page(typed_in(request.form), refused.sentence), refused.status)
    flash(gettext("Tak. Dit svar er talt med, uden dit navn."))
    return redirect("/spoergeskema", 303)


@blueprint.post("/effekt/spoergeskema")
@guarded(Action.OPEN_SURVEY)
def open_round() -> AnyResponse:
    """Open a round; days that cannot be are told on the page of the effect."""
    try:
        with writing(runtime().engine) as session:
            survey.open_round(
                session, opens_on=_day(OPENS), closes_on=_day(CLOSES), now=now(), by=current_actor()
            )
    except Refused as refused:
        return make_response(effect_page(typed_in(request.form), refused.sentence), refused.status)
    flash(gettext("Runden er åbnet."))
    return redirect("/effekt", 303)


def _day(field: str) -> date:
    try:
        return read_date(request.form.get(field, ""))
    except ValueError:
        raise Refused(gettext("Skriv begge datoer."), field) from None


def _page(typed: Typed | None, error: str) -> str:
    actor = current_actor()
    with reading(runtime().engine) as session:
        found = survey.open_to(session, actor, today())
        answered = found is not None and survey.has_answered(session, found.id, actor.person_id)
    options = list(ANSWERS.items())
    fields = tuple(choice_field(PREFIX + each.code, each.text, options, typed) for each in QUESTIONS)
    page = SurveyPage(found, answered, fields, error)
    return render_template("effect/survey.html", page=page)
