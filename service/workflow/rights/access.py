"""Access (GDPR art. 15): everything sealed about one citizen, and who looked, as one document.

It is complete by construction: every personal part of hers is in it, whatever step it belongs to. Left out
are employees, other citizens (the similar cases are told as counts), and what is sealed for everybody.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Table
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from service import log
from service.errors import PartUnreadable
from service.identity import Actor
from service.log import Event
from service.log.canonical import instant
from service.tables import METADATA
from service.tables.base import CaseStep
from service.tables.intake import Case, PersonalPart
from service.tables.log import STEPS
from service.tables.organisation import Person
from service.workflow.citizen_page.page import CitizenPage, page_of
from service.workflow.rights.standing import Standing, of_case

FORMAT = 1
PURPOSE = "aktindsigt"
OURS = frozenset(
    {"part_id", "shard", "log_seq", "idempotency_key", "lookup", "citizen_id", "payload_hash", "sha256"}
)
"""Columns that say something about the record and nothing about her."""
SOMEBODY = "en medarbejder"
UNREADABLE = {"kan_ikke_laeses": True}
SEALED = "Systemet regnede på sagen, men svaret er forseglet. Ingen har set det."
HOW_IT_WORKS = (
    "Først læser et menneske planen og skriver ned, hvad hun selv mener.",
    "Før det er gjort, viser systemet ikke noget.",
    "Systemet finder gamle sager, der ligner din. Det ser kun på det, der står her.",
    "Det viser, hvor mange af dem der fik hvert niveau, og hvordan det gik.",
    "Det viser også, hvad der trak op og ned, og hvor meget.",
    "Systemet bestemmer ikke noget. Et menneske beslutter og skriver hvorfor.",
)
LEFT_OUT = (
    "Navne på ansatte er ikke med. Du kan se hvornår, hvorfor og hvorfra nogen har set på din sag.",
    "Andre borgeres sager står kun som tal.",
)


def document_of(
    session: Session, citizen_id: str, contacts_file: Path | None, *, now: datetime, today: date
) -> dict[str, Any]:
    """Everything about a citizen as plain JSON. Raises ContactsMissing where nobody can be turned to."""
    cases = session.exec(select(Case).where(Case.citizen_id == citizen_id).order_by(col(Case.serial))).all()
    steps = _steps(session, citizen_id)
    names = _names(session)
    return _without(
        names,
        {
            "format": FORMAT,
            "made_at": instant(now),
            "how_it_works": list(HOW_IT_WORKS),
            "left_out": list(LEFT_OUT),
            "cases": [
                {
                    "number": case.serial,
                    **_page(page_of(session, case.id, contacts_file, today)),
                    "rights": [_right(each) for each in of_case(session, case.id)],
                    "steps": steps.pop(case.id, []),
                }
                for case in cases
            ],
            "reports": [step for listed in steps.values() for step in listed],
        },
    )


def steps_in(document: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """Every step in a document, of cases and of reports."""
    for case in document["cases"]:
        yield from case["steps"]
    yield from document["reports"]


def _steps(session: Session, citizen_id: str) -> dict[str, list[dict[str, Any]]]:
    """Every step with a personal part of hers, by the case or report it belongs to, in the order of time."""
    found: dict[str, list[dict[str, Any]]] = {}
    parts = session.exec(select(PersonalPart).where(PersonalPart.citizen_id == citizen_id))
    for part in parts:
        table = METADATA.tables[STEPS[part.step]]
        row = session.execute(select_columns(table).where(table.c.part_id == part.id)).mappings().one()
        found.setdefault(part.subject_id, []).append(_step(session, part, table, dict(row)))
    for listed in found.values():
        listed.sort(key=lambda step: (step["at"], step["step"]))
    return found


def _step(session: Session, part: PersonalPart, table: Table, row: dict[str, Any]) -> dict[str, Any]:
    told = {
        name: _plain(value)
        for name, value in row.items()
        if name not in OURS and name != "at" and not name.endswith("_id") and not _names_staff(table, name)
    }
    told.pop("id")
    told.pop("reference_keys", None)
    return {
        "step": part.step,
        "at": instant(row["at"]),
        "recorded": told,
        "content": _content(session, part, row),
    }


def _content(session: Session, part: PersonalPart, row: Mapping[str, Any]) -> Any:
    try:
        content = log.open_part(session, _opened(part, row))
    except PartUnreadable:
        return dict(UNREADABLE)
    if part.step == "exploration":
        return content["payload"]
    return _evidence(content, row) if part.step == "suggestion" else content


def _opened(part: PersonalPart, row: Mapping[str, Any]) -> CaseStep:
    """As much of a row as its part is opened by."""
    return CaseStep(id=row["id"], at=row["at"], part_id=part.id)


def _evidence(content: Mapping[str, Any], row: Mapping[str, Any]) -> dict[str, Any]:
    """What was shown, without the other citizens' cases; what nobody may see is only said to be there."""
    payload = content.get("payload")
    if payload is None:
        return {}
    if row["outcome"] == "withheld" and row["reason"] != "abstained":
        return {"sealed": SEALED}
    similar = payload.get("similar")
    counts = similar and {name: similar[name] for name in ("count", "spread", "sentence")}
    return {**{name: payload[name] for name in payload if name != "similar"}, "similar": counts}


def _names_staff(table: Table, name: str) -> bool:
    return any(key.column.table.name == "people" for key in table.c[name].foreign_keys)


def _names(session: Session) -> list[str]:
    return sorted(set(session.exec(select(Person.display_name))), key=len, reverse=True)


def _without(names: list[str], value: Any) -> Any:
    """The same without the names of employees, wherever somebody has written one."""
    if isinstance(value, str):
        for name in names:
            value = value.replace(name, SOMEBODY)
        return value
    if isinstance(value, dict):
        return {key: _without(names, each) for key, each in value.items()}
    return [_without(names, each) for each in value] if isinstance(value, list | tuple) else value


def _page(page: CitizenPage) -> dict[str, Any]:
    """What her own page says, as JSON; the letter is among the steps."""
    shown = asdict(page)
    kept = ("about", "plan", "uses", "looks", "deadlines", "help", "some_looks_deleted")
    facts = [fact for group in shown["groups"] for fact in group["facts"]]
    return {**{name: _plain(shown[name]) for name in kept}, "facts": facts, "decided": shown["decided"]}


def _right(standing: Standing) -> dict[str, Any]:
    return {
        "kind": standing.request.kind,
        "received_on": standing.request.received_on.isoformat(),
        "due_on": standing.due_on.isoformat(),
        "in_force": standing.is_in_force,
        "answered": standing.answer.kind if standing.answer else None,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return {name: _plain(each) for name, each in value.items()} if isinstance(value, dict) else value


def record(session: Session, case_id: str, made: bytes, *, now: datetime, by: Actor | None) -> None:
    """Write to the access log that an extract goes out, before it can; the caller commits."""
    log.append(
        session, Event.EXPORTED, at=now, by=by, case_id=case_id, purpose=PURPOSE, what="access",
        sha256=hashlib.sha256(made).hexdigest(),
    )  # fmt: skip
