"""The pages of those who answer for it: the director's and the politicians', read-only and aggregated."""

from flask import Blueprint, render_template

from models import areas
from service.database import reading
from service.policy import Action
from service.web.current import now, runtime
from service.web.governance.unit import mode_words
from service.web.guard import current_actor, guarded
from service.workflow.leadership import Standing, standing_of
from service.workflow.registers.shapes import SHAPES

blueprint = Blueprint("leadership", __name__)

AREA = "genoptraening"


@blueprint.get("/ledelse")
@guarded(Action.READ_LEADERSHIP)
def director() -> str:
    """How the municipality stands: phase, units, breaches, access."""
    return render_template(
        "leadership/director.html", page=_standing(), modes=dict(mode_words()), whose=current_actor()
    )


@blueprint.get("/politisk")
@guarded(Action.READ_POLITICAL)
def politician() -> str:
    """What the council answers for: the frame, one number, and what was discussed and decided."""
    return render_template(
        "leadership/politician.html", page=_standing(), shapes=SHAPES.values(), whose=current_actor()
    )


def _standing() -> Standing:
    with reading(runtime().engine) as session:
        return standing_of(session, current_actor().municipality_id, areas.get(AREA), now())
