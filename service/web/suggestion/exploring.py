"""*Undersøg: hvad nu hvis*: a page of its own, after the judgement and before the decision."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models.facts import FactsRefused
from service.database import reading
from service.errors import Refused
from service.policy import Action
from service.web.assessment.case_page import CasePage
from service.web.current import now, runtime
from service.web.forms import (
    Fault,
    FieldView,
    Typed,
    choice_field,
    faults_of,
    question_field,
    read_answers,
    sentence_of,
    typed_in,
)
from service.web.guard import current_actor, guarded
from service.web.opening import open_case
from service.web.suggestion.exploring_view import TEMPLATE_VERSION, render_exploration
from service.web.suggestion.page import reading_page, stored
from service.workflow.suggestion import exploration
from service.workflow.suggestion.exploration import Start

blueprint = Blueprint("exploration", __name__)

ALL, OWN = "alle", "egne"
QUESTIONS = "oplysninger"
"""The anchor of the whole form, for what is wrong with all of it."""


@dataclass(frozen=True)
class Tried:
    """One exploration that was made before: its id and when."""

    id: str
    at: datetime


@dataclass(frozen=True)
class Section:
    """The questions under one heading."""

    label: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True)
class ExplorePage:
    """The form: every question of the model as it was answered, and what was tried before.

    `whose` asks whose cases to look through; None where they can only be the municipality's own.
    """

    case: CasePage
    whose: FieldView | None
    sections: tuple[Section, ...]
    faults: tuple[Fault, ...]
    tried: tuple[Tried, ...]


@blueprint.get("/sag/<case_id>/undersoeg")
@guarded(Action.EXPLORE)
def show(case_id: str) -> ResponseReturnValue:
    """The questions, answered as in the case; 409 before the judgement and once nothing may be explored."""
    return _form(case_id, {}, {})


@blueprint.post("/sag/<case_id>/undersoeg")
@guarded(Action.EXPLORE)
def explore(case_id: str) -> ResponseReturnValue:
    """Try the changed answers; they are stored with what came of them, and never in the case."""
    typed = typed_in(request.form)
    with reading(runtime().engine) as session:
        start = exploration.open_start(session, case_id, now=now(), by=current_actor())
    questions = exploration.questions_of(start)
    answers, errors = read_answers(questions, request.form)
    if errors:
        return _form(case_id, typed, errors, 422)
    try:
        made = exploration.explore(
            runtime().engine,
            case_id,
            answers,
            shelf=runtime().shelf,
            render=render_exploration,
            template_version=TEMPLATE_VERSION,
            now=now(),
            by=current_actor(),
            only_own=request.form.get(exploration.WHOSE) == OWN,
        )
    except FactsRefused as refused:
        named = {each.question: start.file.area.by_name[each.question] for each in refused.refusals}
        return _form(case_id, typed, {name: sentence_of(each, refused) for name, each in named.items()}, 422)
    except Refused as refused:
        return _form(case_id, typed, {}, 422, refused.sentence)
    return redirect(f"/sag/{case_id}/undersoeg/{made.id}", 303)


@blueprint.get("/sag/<case_id>/undersoeg/<exploration_id>")
@guarded(Action.EXPLORE)
def result(case_id: str, exploration_id: str) -> ResponseReturnValue:
    """What came of one exploration, as it was stored; gone from the page once the case is decided."""
    with reading(runtime().engine) as session:
        exploration.open_start(session, case_id, now=now(), by=current_actor())
        row, fragment = exploration.as_stored(session, case_id, exploration_id)
    file = open_case(case_id)
    return make_response(
        render_template(
            "suggestion/exploration.html", case=reading_page(file), fragment=stored(fragment), at=row.at
        )
    )


def _form(
    case_id: str, typed: Typed, errors: dict[str, str], status: int = 200, refused: str = ""
) -> ResponseReturnValue:
    with reading(runtime().engine) as session:
        start = exploration.open_start(session, case_id, now=now(), by=current_actor())
        tried = tuple(Tried(each.id, each.at) for each in exploration.of_shown(session, start.shown))
    file = open_case(case_id)
    sections = _sections(start, typed, errors)
    whose = _whose(typed) if start.has_others else None
    page = ExplorePage(
        case=reading_page(file),
        whose=whose,
        sections=sections,
        faults=(
            *((Fault(QUESTIONS, refused),) if refused else ()),
            *faults_of(view for section in sections for view in section.fields),
        ),
        tried=tried,
    )
    return make_response(render_template("suggestion/explore.html", page=page), status)


def _whose(typed: Typed) -> FieldView:
    """Whose cases to look through: as in what was shown, unless her own were chosen."""
    options = (
        (ALL, gettext("Alle kommuner i beregningsmodellen, som vist")),
        (OWN, gettext("Kun kommunens egne")),
    )
    held = typed if exploration.WHOSE in typed else {exploration.WHOSE: [ALL]}
    return choice_field(exploration.WHOSE, gettext("Lignende sager fra"), options, held)


def _sections(start: Start, typed: Typed, errors: dict[str, str]) -> tuple[Section, ...]:
    """Each question with the answer the evidence rested on; what was typed stands in it when shown again."""
    area = start.file.area
    fields = {
        question.name: question_field(
            question, start.facts[question.name].known, typed or None, errors.get(question.name, "")
        )
        for question in exploration.questions_of(start)
    }
    found = (
        Section(
            section.label,
            tuple(view for name, view in fields.items() if area.by_name[name].section == section.code),
        )
        for section in area.sections
    )
    return tuple(section for section in found if section.fields)
