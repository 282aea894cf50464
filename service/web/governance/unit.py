"""The unit: which phase and view it has, and its stop button, which counts from the next request on."""

from dataclasses import dataclass

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from service import policy
from service.database import reading, writing
from service.errors import Refused
from service.identity import Actor
from service.policy import Action
from service.tables.governance import Stop
from service.tables.organisation import Person
from service.tables.suggestion import MODES
from service.web.current import now, runtime, today
from service.web.forms import FieldView, Typed, choice_field, text_field, typed_in
from service.web.guard import current_actor, guarded
from service.workflow import governance
from service.workflow.governance import stop_all

blueprint = Blueprint("unit", __name__)

REASON, MODE, REASON_FOR_ALL = "begrundelse", "visning", "begrundelse_alle"


@dataclass(frozen=True)
class UnitLine:
    """A unit among all of them: whether it is stopped, since when, by whom and why."""

    name: str
    stopped: bool
    stop: Stop | None
    pressed_by: str


@dataclass(frozen=True)
class AllUnits:
    """Every unit of the municipality, for whoever may stop them all."""

    lines: tuple[UnitLine, ...]
    reason: FieldView
    may_stop: bool
    may_release: bool


@dataclass(frozen=True)
class UnitPage:
    """The state of the unit one works in. `phase` is None where no legal basis is recorded.

    `every` is None for whoever may not stop all units.
    """

    name: str
    phase: str | None
    legal_basis: str
    mode: str
    stopped: bool
    stop: Stop | None
    pressed_by: str
    reason: FieldView
    modes: FieldView
    every: AllUnits | None


@blueprint.get("/enhed")
@guarded(Action.READ_MODEL)
def show() -> str:
    """How evidence is shown in the unit at this moment."""
    return unit_page()


def unit_page(typed: Typed | None = None, error: str = "", error_for_all: str = "") -> str:
    """The page, fresh or with a form that must be mended."""
    with reading(runtime().engine) as session:
        page = _read(session, typed, error, error_for_all)
    return render_template("governance/unit.html", page=page)


def _read(session: Session, typed: Typed | None, error: str, error_for_all: str) -> UnitPage:
    actor = current_actor()
    record = governance.phase_record(session, actor.municipality_id, today())
    phase = governance.phase_of(session, actor.municipality_id, today())
    newest = governance.newest_stop(session, actor.unit_id)
    mode = governance.mode_of(session, actor.unit_id)
    return UnitPage(
        name=actor.unit_name,
        phase=phase_words(phase) if phase else None,
        legal_basis=record.legal_basis if record else "",
        mode=mode,
        stopped=bool(newest and newest.stopped),
        stop=newest,
        pressed_by=_presser(session, newest),
        reason=text_field(REASON, gettext("Hvorfor? Skriv det kort."), typed, error),
        modes=choice_field(MODE, gettext("Sådan vises grundlaget"), mode_words(), {MODE: [mode]}),
        every=_every(session, actor, typed, error_for_all),
    )


def _every(session: Session, actor: Actor, typed: Typed | None, error: str) -> AllUnits | None:
    if not policy.permits(actor, Action.STOP_ALL_UNITS):
        return None
    found = stop_all.states(session, actor.municipality_id)
    return AllUnits(
        lines=tuple(
            UnitLine(each.name, each.stopped, each.stop, _presser(session, each.stop)) for each in found
        ),
        reason=text_field(REASON_FOR_ALL, gettext("Hvorfor i alle enheder? Skriv det kort."), typed, error),
        may_stop=any(not each.stopped for each in found),
        may_release=any(each.with_all for each in found),
    )


def _presser(session: Session, stop: Stop | None) -> str:
    return session.get_one(Person, stop.pressed_by).display_name if stop else ""


def phase_words(phase: str) -> str:
    """A phase in words."""
    return {
        "oevelse": gettext("Øvelse med opdigtede sager"),
        "udvikling": gettext("Udvikling: grundlag beregnes, men vises ikke"),
        "skygge": gettext("Skygge: grundlag beregnes, men vises ikke"),
        "pilot": gettext("Pilot"),
        "drift": gettext("Drift"),
    }[phase]


def mode_words() -> list[tuple[str, str]]:
    """The ways to show evidence, in the order of the codes."""
    words = (
        gettext("Overblik: lignende sager og det, der trak i beregningen"),
        gettext("Overblik med en overskrift om, hvad grundlaget peger mod"),
    )
    return list(zip(MODES, words, strict=True))


@blueprint.post("/enhed/stop")
@guarded(Action.PRESS_STOP)
def stop() -> AnyResponse:
    """Show no evidence in the unit from the next request on."""
    return _press(gettext("Grundlag vises ikke længere i enheden. Det gælder fra nu af."), stopping=True)


@blueprint.post("/enhed/start")
@guarded(Action.RELEASE_STOP)
def release() -> AnyResponse:
    """Show evidence in the unit again."""
    return _press(gettext("Grundlag vises igen i enheden. Det gælder fra nu af."), stopping=False)


def _press(done: str, *, stopping: bool) -> AnyResponse:
    press = governance.stop if stopping else governance.release
    actor = current_actor()
    try:
        with writing(runtime().engine) as session:
            press(session, actor.unit_id, reason=request.form.get(REASON, ""), now=now(), by=actor)
    except Refused as refused:
        return make_response(unit_page(typed_in(request.form), refused.sentence), refused.status)
    flash(done)
    return redirect("/enhed", 303)


@blueprint.post("/enhed/visning")
@guarded(Action.SET_MODE)
def set_mode() -> AnyResponse:
    """Choose how evidence is shown in the unit."""
    actor = current_actor()
    with writing(runtime().engine) as session:
        governance.set_mode(session, actor.unit_id, request.form.get(MODE, ""), now=now(), by=actor)
    flash(gettext("Visningen er valgt. Den gælder fra næste vurdering."))
    return redirect("/enhed", 303)
