"""The practice room: made-up cases. Whose results they are follows from who is signed in."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup

from models import areas
from models.messages import say
from service.database import reading, writing
from service.errors import Refused
from service.policy import Action
from service.web.competence import QuizState, quiz_state
from service.web.current import now, runtime, today
from service.web.danish import of
from service.web.forms import Fault, FieldView, choice_field, faults_of
from service.web.guard import current_actor, guarded
from service.web.statistics import AREA
from service.web.suggestion.basis import render_basis
from service.web.suggestion.page import stored
from service.workflow import practice_room
from service.workflow.practice_room import Round

blueprint = Blueprint("practice_room", __name__)

CHOICE = "choice"
MODE = "overblik"


@dataclass(frozen=True)
class Line:
    """One exercise in the list."""

    code: str
    title: str
    standing: str


@dataclass(frozen=True)
class RoomPage:
    """The room: the quiz, the exercises, and what she has done so far in words."""

    quiz: QuizState
    lines: tuple[Line, ...]
    done: str
    planted: str
    begun: bool


@dataclass(frozen=True)
class RoundPage:
    """One exercise as far as she has come. `fragment` is there from her judgement on."""

    code: str
    title: str
    plan: str
    goal: str
    facts: tuple[tuple[str, str], ...]
    own: str
    decision: str
    fragment: Markup | None
    form: FieldView | None
    planted: bool
    carried: bool
    changed: bool
    told: str
    find: str
    carries: str
    next_code: str

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend."""
        return faults_of((self.form,)) if self.form else ()


@blueprint.get("/oevelsesrum")
@guarded(Action.PRACTISE)
def show() -> str:
    """The exercises, how far whoever is signed in has come, and how she stands with the quiz."""
    actor = current_actor()
    with reading(runtime().engine) as session:
        found = practice_room.rounds(session, AREA, by=actor)
        state = quiz_state(session, actor, now())
    return render_template("practice_room/room.html", page=room_page(found, state))


@blueprint.get("/oevelsesrum/<code>")
@guarded(Action.PRACTISE)
def exercise(code: str) -> str:
    """One exercise: the case, then the evidence, then what was planted."""
    return _exercise(code, "")


@blueprint.post("/oevelsesrum/<code>/vurdering")
@guarded(Action.PRACTISE)
def judge(code: str) -> ResponseReturnValue:
    """Keep her own judgement, and show the evidence."""
    return _said(code, practice_room.judge)


@blueprint.post("/oevelsesrum/<code>/beslutning")
@guarded(Action.PRACTISE)
def decide(code: str) -> ResponseReturnValue:
    """Keep what she decides, and tell what was planted."""
    return _said(code, practice_room.decide)


@blueprint.post("/oevelsesrum/<code>/forfra")
@guarded(Action.PRACTISE)
def again(code: str) -> ResponseReturnValue:
    """Delete what she did in one exercise."""
    with writing(runtime().engine) as session:
        practice_room.open_round(session, AREA, code, by=current_actor())
        practice_room.forget(session, by=current_actor(), code=code)
    return redirect(f"/oevelsesrum/{code}", 303)


@blueprint.post("/oevelsesrum/slet")
@guarded(Action.PRACTISE)
def forget() -> ResponseReturnValue:
    """Delete everything she did in the room."""
    with writing(runtime().engine) as session:
        practice_room.forget(session, by=current_actor())
    flash(gettext("Dine øvelser er slettet."))
    return redirect("/oevelsesrum", 303)


def room_page(found: tuple[Round, ...], state: QuizState) -> RoomPage:
    """The room in words. What she did well is counted for her alone, and only for her to think about."""
    done = [each for each in found if each.decision]
    planted = [each for each in done if each.exercise.planted]
    carried = sum(each.carried for each in planted)
    return RoomPage(
        quiz=state,
        lines=tuple(Line(each.exercise.code, each.exercise.title, _standing(each)) for each in found),
        done=of(len(done), len(found)),
        planted=of(carried, len(planted)) if planted else "",
        begun=any(each.own for each in found),
    )


def _standing(found: Round) -> str:
    if found.decision:
        return gettext("Gennemført")
    return gettext("Du har vurderet og mangler at beslutte") if found.own else gettext("Ikke begyndt")


def _said(code: str, step: Callable[..., Any]) -> ResponseReturnValue:
    try:
        with writing(runtime().engine) as session:
            step(session, AREA, code, request.form.get(CHOICE, ""), now=now(), by=current_actor())
    except Refused as refused:
        return make_response(_exercise(code, refused.sentence), refused.status)
    return redirect(f"/oevelsesrum/{code}", 303)


def _exercise(code: str, error: str) -> str:
    with reading(runtime().engine) as session:
        found = practice_room.open_round(session, AREA, code, by=current_actor())
        every = practice_room.rounds(session, AREA, by=current_actor())
    return render_template("practice_room/exercise.html", page=_round_page(found, every, error))


def _round_page(found: Round, every: tuple[Round, ...], error: str) -> RoundPage:
    area, told = areas.get(AREA), found.exercise
    left = [each.exercise.code for each in every if not each.decision and each.exercise is not told]
    known = found.decision != ""
    return RoundPage(
        code=told.code,
        title=told.title,
        plan=told.plan,
        goal=told.goal,
        facts=tuple(
            (question.label, say(question, told.case[question.name]))
            for question in area.learned
            if question.name in told.case
        ),
        own=_label(found.own),
        decision=_label(found.decision),
        fragment=_fragment(found),
        form=None if known else _form(found, error),
        planted=known and told.planted,
        carried=found.carried,
        changed=found.changed,
        told=told.told if known else "",
        find=told.find if known else "",
        carries=" / ".join(_label(code) for code in told.carried) if known else "",
        next_code=left[0] if left else "",
    )


def _fragment(found: Round) -> Markup | None:
    """The evidence, made by the same template as the real one."""
    return stored(render_basis(practice_room.evidence_of(AREA, found), MODE)) if found.own else None


def _form(found: Round, error: str) -> FieldView:
    label = gettext("Beslut forløb") if found.own else gettext("Hvilket forløb har borgeren brug for?")
    listed = [(option.code, option.label) for option in practice_room.options_on(AREA, today())]
    return choice_field(CHOICE, label, listed, None, error)


def _label(code: str) -> str:
    return next((o.label for o in practice_room.options_on(AREA, today()) if o.code == code), "")
