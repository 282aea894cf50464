"""Om modellen: what the model in use knows about itself, or why there is none."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask_babel import gettext

from models.artifact import Artifact, ArtifactRefused
from service.clock import local_date
from service.database import reading
from service.errors import Conflict, NotFound
from service.policy import Action
from service.tables.governance import Admission
from service.web.current import runtime
from service.web.governance.fairness import Fairness, fairness_of
from service.web.governance.model_card import ModelCard, card_of
from service.web.guard import guarded
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.admission import ActiveModel

blueprint = Blueprint("model", __name__)

AREA = "genoptraening"


@dataclass(frozen=True)
class ModelPage:
    """The model in use with its own account of itself; `refused` is the reason when it may not be used."""

    active: ActiveModel | None
    card: ModelCard | None
    fairness: Fairness | None
    refused: str
    history: tuple[Admission, ...]

    @property
    def approval(self) -> Admission:
        """The row by which the model in use came into use."""
        return self.history[-1]

    @property
    def approved_on(self) -> date:
        """The day of that row."""
        return local_date(self.approval.at)


@blueprint.get("/om-modellen")
@guarded(Action.READ_MODEL)
def show() -> str:
    """The declaration of contents of the model in use, from its own manifest and evaluation."""
    with reading(runtime().engine) as session:
        active = admission.active_model(session, AREA)
        history = tuple(admission.history(session, AREA))
    found, refused = _opened(active)
    page = ModelPage(
        active,
        card_of(found) if found else None,
        fairness_of(runtime().shelf, active),
        refused,
        history,
    )
    return render_template("model/card.html", page=page)


def _opened(active: ActiveModel | None) -> tuple[Artifact | None, str]:
    """The artifact in use, or in words why it is refused."""
    if active is None:
        return None, ""
    try:
        return runtime().shelf.suggester(active.version, active.manifest_hash).artifact, ""
    except ArtifactRefused as refusal:
        return None, refusal_words(refusal.reason)


def once_in_use(version: str) -> tuple[Admission, Artifact]:
    """A version with the row by which it first came into use; NotFound for another, Conflict if refused."""
    with reading(runtime().engine) as session:
        admitted = [row for row in admission.history(session, AREA) if row.version == version]
    if not admitted:
        raise NotFound("Den model har ikke været i brug.")
    try:
        return admitted[0], runtime().shelf.suggester(version, admitted[0].manifest_hash).artifact
    except ArtifactRefused as refusal:
        raise Conflict(refusal_words(refusal.reason)) from refusal


def refusal_words(reason: str) -> str:
    """Why an artifact is refused; a reason without words raises KeyError."""
    return {
        "no_such_version": gettext("Modellens mappe findes ikke på serveren."),
        "missing_file": gettext("En af modellens filer mangler."),
        "extra_file": gettext("Der ligger en fil i modellens mappe, som ikke hører til."),
        "damaged": gettext("En af modellens filer er ændret eller beskadiget."),
        "manifest_differs": gettext("Modellen på serveren er en anden end den, der er godkendt."),
        "unknown_format": gettext("Modellens format er ukendt for denne version af Skøn."),
        "malformed": gettext("Modellens filer passer ikke sammen."),
        "foreign_area": gettext("Modellen er lavet til et andet område."),
        "fingerprint_differs": gettext("Oplysningerne i en sag er ændret, siden modellen blev lavet."),
        "golden_rows_differ": gettext("Modellen regner ikke, som den gjorde, da den blev lavet."),
        "exists_already": gettext("Der ligger en anden model med samme navn."),
    }[reason]
