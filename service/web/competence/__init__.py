"""The quiz on what the evidence cannot say. Every answer must be right; it may be taken again at once."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlmodel import Session

from service.database import reading, writing
from service.identity import Actor
from service.policy import Action
from service.web.current import now, runtime
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, typed_in
from service.web.guard import current_actor, guarded
from service.web.statistics import AREA
from service.workflow import competence, governance
from service.workflow.competence import Held, NotPassed
from service.workflow.competence import quiz as quizzes

blueprint = Blueprint("quiz", __name__)

FIELD = "svar_"
"""Prefix of the fields: one for each question."""


@dataclass(frozen=True)
class QuizState:
    """How somebody stands, in a sentence; `wanted` where her unit would show her a headline."""

    passed: bool
    sentence: str
    wanted: bool


@dataclass(frozen=True)
class QuizPage:
    """The quiz as a form; `because` explains a question that was missed."""

    state: QuizState
    fields: tuple[FieldView, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """The questions to look at again."""
        return faults_of(self.fields)


@blueprint.get("/proeve")
@guarded(Action.TAKE_QUIZ)
def show() -> str:
    """The questions, and how whoever is signed in stands."""
    return _page(None, {})


@blueprint.post("/proeve")
@guarded(Action.TAKE_QUIZ)
def answer() -> ResponseReturnValue:
    """Pass the quiz, or be told which questions to look at again. A failed attempt is kept nowhere."""
    given = {each.code: request.form.get(FIELD + each.code, "") for each in quizzes.declared().questions}
    try:
        with writing(runtime().engine) as session:
            competence.take(session, AREA, given, now=now(), by=current_actor())
    except NotPassed as refused:
        errors = {
            each.code: each.because
            if given[each.code]
            else gettext("Vælg et svar: %(question)s", question=each.text)
            for each in refused.missed
        }
        return make_response(_page(typed_in(request.form), errors), refused.status)
    flash(gettext("Du har bestået prøven. Den gælder fra din næste vurdering."))
    return redirect("/proeve", 303)


def quiz_state(session: Session, actor: Actor, at: datetime) -> QuizState:
    """How somebody stands, and whether it matters where she works."""
    standing = competence.standing_of(session, actor.person_id, actor.municipality_id, AREA, at)
    wanted = governance.mode_of(session, actor.unit_id) == competence.HEADLINE
    return QuizState(standing.passed, _sentence(standing.held), wanted)


def _sentence(held: Held) -> str:
    return {
        Held.PASSED: gettext("Du har bestået prøven om grundlagets grænser."),
        Held.NEVER: gettext("Du har ikke taget prøven om grundlagets grænser endnu."),
        Held.TOO_OLD: gettext("Det er over et år siden, du bestod prøven om grundlagets grænser."),
        Held.OTHER_QUESTIONS: gettext("Prøven om grundlagets grænser har fået nye spørgsmål."),
        Held.OTHER_MODEL: gettext(
            "Modellen eller dens godkendelse er en anden, end da du bestod prøven om grundlagets grænser."
        ),
    }[held]


def _page(typed: Typed | None, errors: dict[str, str]) -> str:
    with reading(runtime().engine) as session:
        state = quiz_state(session, current_actor(), now())
    fields = tuple(
        choice_field(
            FIELD + question.code,
            question.text,
            [(option.code, option.text) for option in question.options],
            typed,
            errors.get(question.code, ""),
        )
        for question in quizzes.declared().questions
    )
    return render_template("competence/quiz.html", page=QuizPage(state, fields))
