"""Klar til drift: each point of the gate before real use, with the row, document or test it rests on."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext

from service.database import reading
from service.policy import Action
from service.web.current import now, runtime, today
from service.web.governance.unit import phase_words
from service.web.guard import current_actor, guarded
from service.workflow import go_live, governance
from service.workflow.go_live import Point, State

blueprint = Blueprint("go_live", __name__)


@dataclass(frozen=True)
class PointLine:
    """One point as it is read; `attention` where it keeps somebody out."""

    point: Point
    state: str
    attention: bool
    needed_from: str


@dataclass(frozen=True)
class GatePage:
    """The gate; `phase` is "" where no legal basis is recorded."""

    phase: str
    lines: tuple[PointLine, ...]
    met: int
    keeps_from_pilot: int


@blueprint.get("/klar-til-drift")
@guarded(Action.READ_REGISTERS)
def show() -> str:
    """The gate of the municipality one works in, as it stands at this moment."""
    municipality_id = current_actor().municipality_id
    with reading(runtime().engine) as session:
        points = go_live.points(session, municipality_id, now())
        phase = governance.phase_of(session, municipality_id, today())
    lines = tuple(_line(point) for point in points)
    page = GatePage(
        phase=phase_words(phase) if phase else "",
        lines=lines,
        met=sum(point.met for point in points),
        keeps_from_pilot=sum(not p.met for p in points if p.needed_from == go_live.PILOT),
    )
    return render_template("registers/go_live.html", page=page)


def _line(point: Point) -> PointLine:
    words = {
        State.MET: gettext("Opfyldt"),
        State.NOT_MET: gettext("Ikke opfyldt"),
        State.MISSING: gettext("MANGLER"),
    }
    return PointLine(point, words[point.state], not point.met, phase_words(point.needed_from))
