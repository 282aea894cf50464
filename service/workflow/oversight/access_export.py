"""The access log of one case as a document that others can take in: fields in the manner of MinLog2.

Each registration says when, what, what for, from which authority and unit and in which role. Who it was is
only there when the names are opened by two (service.workflow.oversight.restricted_layer).
The shape is `access_export.schema.json`, beside this file.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, select

from service import log
from service.errors import Forbidden, NotFound
from service.identity import authority_of
from service.log import Event
from service.log.canonical import instant
from service.log.merkle import leaf_hash
from service.tables.intake import Case
from service.tables.organisation import Municipality, Person, Unit
from service.workflow.intake.responsible import responsible_for
from service.workflow.oversight import restricted_layer
from service.workflow.oversight.citizen_layer import TOLD, entries_about

SCHEMA = Path(__file__).with_name("access_export.schema.json")
FORMAT = "skoen.access/1"
SYSTEM = "Skøn"


def export_access(
    session: Session, case: Case, *, now: datetime, opening: str | None = None
) -> dict[str, Any]:
    """The look-ups of a case as a document; that it was made is logged first, and committed.

    `opening` is the id of an opened request for the names. Raises NotFound for one of another case, and
    Forbidden for one that is not open.
    """
    if opening is not None:
        _refuse_closed(session, case, opening, now)
    log.append(
        session, Event.EXPORTED, at=now, by=None, case_id=case.id, purpose="indsigt", what="access",
        opened=str(opening is not None), opening=opening,
    )  # fmt: skip
    session.commit()
    entries, damaged = _entries(session, case.id)
    people = _people(session, entries) if opening else {}
    answers = responsible_for(session, case)
    units = {unit.id: unit for unit in session.exec(select(Unit))}
    places = {place.id: place for place in session.exec(select(Municipality))}
    return {
        "format": FORMAT,
        "madeAt": instant(now),
        "system": SYSTEM,
        "subject": {"system": "skoen.case", "id": case.id},
        "ansvarlig_myndighed": {"kind": answers.kind, "name": answers.name, "since": str(answers.since)},
        "restricted": opening is not None,
        "damaged": damaged,
        "registrations": [_registration(entry, units, places, people) for entry in entries],
    }


def _refuse_closed(session: Session, case: Case, opening: str, now: datetime) -> None:
    for request in restricted_layer.requests(session, case.municipality_id):
        if request.asked.id == opening and request.asked.case_id == case.id:
            if request.is_open(now):
                return
            raise Forbidden("Navnene er ikke åbnet, eller de er lukket igen.")
    raise NotFound("Der er ingen anmodning om navnene i den sag med det nummer.")


def _entries(session: Session, case_id: str) -> tuple[list[dict[str, Any]], int]:
    found, damaged = [], 0
    for text, leaf in entries_about(session, case_id, TOLD):
        if leaf_hash(text.encode()) == leaf:
            found.append(json.loads(text))
        else:
            damaged += 1
    return found, damaged


def _registration(
    entry: dict[str, Any], units: dict[str, Unit], places: dict[str, Municipality], people: dict[str, str]
) -> dict[str, Any]:
    unit = units.get(entry.get("unit", ""))
    place = places.get(unit.municipality_id) if unit else None
    kind, _, number = str(entry.get("authority") or (authority_of(place) if place else "")).partition(":")
    registration: dict[str, Any] = {
        "registrationId": entry["id"],
        "registrationDateTime": entry["t"],
        "activity": entry["type"],
        "purpose": entry.get("purpose"),
        "userRole": entry.get("role"),
        "organisation": {"idType": kind, "id": number, "name": place.name} if place else None,
        "unit": (
            {"idType": "SOR" if unit.sor else "LOCAL", "id": unit.sor or unit.id, "name": unit.name}
            if unit
            else None
        ),
    }
    if people and entry.get("actor"):
        registration["user"] = {"id": entry["actor"], "name": people.get(entry["actor"], "")}
    return registration


def _people(session: Session, entries: Iterable[dict[str, Any]]) -> dict[str, str]:
    ids = {entry["actor"] for entry in entries if entry.get("actor")}
    query = select(Person.id, Person.display_name).where(col(Person.id).in_(ids))
    return dict(session.exec(query).all())
