"""The public record of the system as a page, as JSON, and the schema that the JSON follows."""

import json
from pathlib import Path
from typing import Any

from flask import Blueprint, Response, render_template
from sqlmodel import select

from models import areas
from service.database import reading
from service.tables.organisation import Municipality
from service.web.current import runtime, today
from service.web.guard import open_to_all
from service.web.public.about import AREA, contacts_of
from service.web.public.algorithm_record import record_of
from service.web.public.fact_terms import schedule_here
from service.web.public.in_use import not_used

blueprint = Blueprint("algorithm", __name__)

SCHEMA = Path(__file__).with_name("algorithm.schema.json")


@blueprint.get("/om-systemet/algoritme")
@open_to_all
def show() -> str:
    """The record, to read."""
    return render_template("public/algorithm.html", record=record_today())


@blueprint.get("/om-systemet/algoritme.json")
@open_to_all
def as_json() -> Response:
    """The record, to collect in a register."""
    return _document(json.dumps(record_today(), ensure_ascii=False, indent=2))


@blueprint.get("/om-systemet/algoritme.schema.json")
@open_to_all
def schema() -> Response:
    """The schema of the record."""
    return _document(SCHEMA.read_text("utf-8"))


def record_today() -> dict[str, Any]:
    """The record as it is today."""
    left_out = not_used(AREA)
    with reading(runtime().engine) as session:
        codes = session.exec(select(Municipality.code)).all()
        contacts = {code: contacts_of(code) for code in codes}
        return record_of(session, areas.get(AREA), schedule_here(), contacts, today(), left_out)


def _document(text: str) -> Response:
    return Response(text + "\n", mimetype="application/json")
