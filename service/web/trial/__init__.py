"""*Forsøg*: the trials of a municipality for those who answer for them. No page shows a case or a person."""

from collections.abc import Callable
from functools import partial

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from service.database import reading, writing
from service.errors import Conflict, Refused
from service.policy import Action
from service.web.current import now, runtime
from service.web.forms import Typed, typed_in
from service.web.guard import current_actor, guarded
from service.web.trial.page import REASON, lines_of, page_of
from service.workflow import trial
from service.workflow.trial import State
from service.workflow.trial.results import results

blueprint = Blueprint("trial", __name__)


@blueprint.get("/forsoeg")
@guarded(Action.READ_TRIALS)
def trials() -> str:
    """Every trial, newest first, and where each stands."""
    with reading(runtime().engine) as session:
        found = trial.standings(session, current_actor().municipality_id, now())
    return render_template("trial/trials.html", lines=lines_of(found))


@blueprint.get("/forsoeg/<name>")
@guarded(Action.READ_TRIALS)
def show(name: str) -> ResponseReturnValue:
    """One trial: its plan, what was done about it, and what it came to once it is opened."""
    return _show(name)


@blueprint.post("/forsoeg/<name>/start")
@guarded(Action.RUN_TRIAL)
def start(name: str) -> ResponseReturnValue:
    """Let cases be drawn from the first day on."""
    return _step(name, trial.start, gettext("Forsøget er startet."))


@blueprint.post("/forsoeg/<name>/stop")
@guarded(Action.RUN_TRIAL)
def stop(name: str) -> ResponseReturnValue:
    """Draw no more cases from the next judgement on."""
    step = partial(trial.stop, reason=request.form.get(REASON, ""))
    return _step(name, step, gettext("Forsøget er stoppet. Der trækkes ikke flere sager."))


@blueprint.post("/forsoeg/<name>/aabn")
@guarded(Action.RUN_TRIAL)
def unseal(name: str) -> ResponseReturnValue:
    """Open what a trial that is over came to."""
    step = partial(trial.unseal, reason=request.form.get(REASON, ""))
    return _step(name, step, gettext("Forsøget er åbnet."))


def _step(name: str, step: Callable[..., object], said: str) -> ResponseReturnValue:
    """Take a step of a trial and say so, or show the page with what is in its way."""
    try:
        with writing(runtime().engine) as session:
            step(session, name, now=now(), by=current_actor())
    except (Refused, Conflict) as refused:
        return _show(name, typed_in(request.form), refused)
    flash(said)
    return redirect(f"/forsoeg/{name}", 303)


def _show(
    name: str, typed: Typed | None = None, refused: Refused | Conflict | None = None
) -> ResponseReturnValue:
    """The page. That somebody reads what a trial came to is written down first."""
    actor, engine, told = current_actor(), runtime().engine, None
    with reading(engine) as session:
        found = trial.find(session, actor.municipality_id, name, now())
    if found.state is State.UNSEALED:
        with writing(engine) as session:
            trial.note_reading(session, found, now=now(), by=actor)
    with reading(engine) as session:
        if found.state is State.UNSEALED:
            told = results(session, found, now())
        page = page_of(session, found, told, typed, refused.sentence if refused else "")
    return make_response(render_template("trial/trial.html", page=page), refused.status if refused else 200)
