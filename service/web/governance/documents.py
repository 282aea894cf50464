"""Dokumenter: the documents an authority owes, as they are made of what is known right now."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext

from models.instants import day_text
from service.database import reading
from service.document_pages import since, words
from service.errors import NotFound
from service.policy import Action
from service.tables.organisation import Municipality
from service.web.current import now, runtime, today
from service.web.guard import current_actor, guarded
from service.workflow.documents import bundle
from service.workflow.documents.document import Document, declared, document_of, version_of
from service.workflow.documents.gather import Files, Gathered, gather

blueprint = Blueprint("documents", __name__)


@dataclass(frozen=True)
class DocumentLine:
    """One document in the list: what it is, a mark of what stands in it, and how much is missing."""

    document: Document
    version: str
    missing: int


@blueprint.get("/dokumenter")
@guarded(Action.READ_REGISTERS)
def show() -> str:
    """Every document with its version and how much of it nobody knows."""
    gathered = _gathered()
    made = bundle.documents_of(gathered)
    lines = tuple(
        DocumentLine(each, version_of(made[code]), made[code]["mangler"]) for code, each in declared().items()
    )
    return render_template(
        "documents/list.html", lines=lines, missing=bundle.missing_in(made), day=day_text(today())
    )


@blueprint.get("/dokumenter/<code>")
@guarded(Action.READ_REGISTERS)
def read(code: str) -> str:
    """One document, to read; NotFound for one that is not made."""
    if code not in declared():
        raise NotFound(gettext("Det dokument laves ikke."))
    gathered = _gathered()
    made: dict[str, Any] = document_of(declared()[code], gathered.facts)
    return render_template(
        "documents/one.html", document=made, version=version_of(made), day=day_text(today()), words=words,
        since=since,
    )  # fmt: skip


def _gathered() -> Gathered:
    settings = runtime().settings
    files = Files(settings.retention, settings.contacts)
    with reading(runtime().engine) as session:
        place = session.get_one(Municipality, current_actor().municipality_id)
        return gather(session, runtime().shelf, place, now(), files)
