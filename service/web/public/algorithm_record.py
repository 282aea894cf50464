"""The public record of the system: one JSON document from what the rows, the catalogue and the schedule say.

Its version is a mark of what stands in it, its date the newest day on which something in it changed. What
nobody has said reads "MANGLER: …" and is never invented.
"""

import hashlib
import json
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from models.declaration import Area, Question
from models.declared import catalogue_mark
from models.terms import Duty
from service.clock import local_date
from service.tables.governance import Admission, Phase, RegisterEntry
from service.tables.organisation import Municipality
from service.web.public.fact_terms import is_proposed, kept_words
from service.workflow import governance
from service.workflow.model_in_use import admission
from service.workflow.registers import tasks
from service.workflow.retention.schedule import Schedule

FORMAT = "skoen-algorithm-record/1"
MISSING = "MANGLER: "
NOT_IN_USE = "ikke_i_brug"
NOT_NEEDED = "Øvelse med opdigtede borgere: det er ikke nødvendigt."
WORDS = {
    "name": "Skøn: overblik over lignende sager i visitation",
    "description_short": (
        "Systemet finder tidligere sager, der ligner, og viser, hvad de fik, og hvilke oplysninger der"
        " trækker i en beregning. Medarbejderen vurderer først selv og beslutter selv."
        " Systemet beslutter ikke noget."
    ),
    "publication_category": "hoejrisiko",
    "goal": "At samle det, kommunen ved fra tidligere sager, uden at vælge for den, der skal beslutte.",
    "method": (
        "Hver oplysning bliver til et lille tal, og beregningen lægger tal fra tabeller sammen. Tabellerne er"
        " lavet af sager, som mennesker har vurderet, og kan læses i deres helhed. Lignende sager findes ved"
        " at sammenligne oplysning for oplysning."
    ),
    "process_integration": (
        "Medarbejderen gemmer sin egen vurdering, før systemet viser noget. Bagefter beslutter hun. Alt, der"
        " blev vist, bliver gemt, så det kan ses igen."
    ),
    "provided_information": (
        "Lignende sager med forskelle og udfald, hvor mange der fik hvert niveau, og de oplysninger, der trak"
        " i beregningen hver sin vej. Systemet viser ikke noget, når det har for lidt at bygge på eller ikke"
        " kan skelne mellem niveauerne."
    ),
    "human_decisions": "Alle beslutninger tages af mennesker. Der er ingen vej uden om et menneske.",
    "required_training": (
        "Medarbejdere kan øve sig på opdigtede sager og tage en prøve i, hvad tallene ikke siger."
    ),
    "appeals_and_review": (
        "Borgeren kan bede om en vurdering uden systemet, klage over beslutningen og klage til Datatilsynet."
    ),
    "impact": (
        "Tallene kan blive taget for et svar, og tidligere praksis kan have været forkert. Derfor gemmes den"
        " egne vurdering først, og der prøves for skævhed mellem grupper."
    ),
}
"""What is so because of how the system is built, and changes only with it."""


def record_of(
    session: Session, area: Area, schedule: Schedule | None, contacts: dict[str, dict[str, str]], on: date,
    left_out: Collection[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The record of an area on a day. `contacts` are what each municipality has said, by its code.

    `left_out` are learned facts that the model in use does not use.
    """
    places = session.exec(select(Municipality).order_by(col(Municipality.name))).all()
    active = admission.active_model(session, area.name)
    history = _history(session, area)
    record = {
        "format": FORMAT,
        "lang": "dan",
        "area": area.name,
        **WORDS,
        "model": {
            "version": active.version if active else f"{MISSING}ingen model er i brug",
            "manifest_sha256": active.manifest_hash if active else f"{MISSING}ingen model er i brug",
            "since": local_date(active.since).isoformat() if active else f"{MISSING}ingen model er i brug",
        },
        "facts": [_fact(area, question, left_out) for question in (*area.questions, *area.kept_apart)],
        "legal_basis": [{"law": law.name, "says": law.says} for law in area.laws],
        "retention": _retention(area, schedule),
        "organizations": [
            _organization(session, place, contacts.get(place.code, {}), on) for place in places
        ],
    }
    return {
        **record,
        "version": _mark(record),
        "version_date": _dated(area, history),
        "history": _told(history),
    }


def _retention(area: Area, schedule: Schedule | None) -> list[str]:
    periods = list(dict.fromkeys(kept_words(schedule, question.terms.kept) for question in area.questions))
    return (
        [*periods, f"{MISSING}ingen har godkendt planen for sletning"] if is_proposed(schedule) else periods
    )


def _fact(area: Area, question: Question, left_out: Collection[str]) -> dict[str, Any]:
    return {
        "name": question.name,
        "label": question.label,
        "source": question.source.label,
        "purpose": question.purpose,
        "law": area.law_of(question).name,
        "voluntary": question.terms.duty is Duty.VOLUNTARY,
        "used_in_model": question.learned and question.name not in left_out,
    }


def _organization(session: Session, place: Municipality, said: dict[str, str], on: date) -> dict[str, str]:
    phase = governance.phase_of(session, place.id, on)
    record = governance.phase_record(session, place.id, on)
    law = record.legal_basis if record and phase else ""
    return {
        "name": place.name,
        "status": phase or NOT_IN_USE,
        "phase_legal_basis": law
        or (NOT_NEEDED if phase == governance.PRACTICE else f"{MISSING}retsgrundlag"),
        "contact_email": said.get("email") or f"{MISSING}mail",
        "responsible": said.get("responsible") or f"{MISSING}ansvarlig",
        "data_protection": said.get("data_protection") or f"{MISSING}databeskyttelsesrådgiver",
    }


Change = tuple[date, str, str]
"""A day, what changed then in words, and the catalogue's mark that it covers ("" for no catalogue)."""


def _history(session: Session, area: Area) -> list[Change]:
    """Everything that made the record another one, oldest first."""
    found: list[Change] = [
        (local_date(row.at), _admitted(row), "") for row in admission.history(session, area.name)
    ]
    found += [(row.valid_from, f"Fase: {row.phase}", "") for row in session.exec(select(Phase))]
    found += [
        (local_date(row.at), "Oplysningerne i kataloget er vurderet", str(row.content[tasks.MARK]))
        for row in _assessments(session, area)
    ]
    return sorted(found)


def _assessments(session: Session, area: Area) -> Iterable[RegisterEntry]:
    rows = session.exec(
        select(RegisterEntry).where(
            RegisterEntry.kind == tasks.KIND, RegisterEntry.subject == tasks.subject_of(area)
        )
    )
    return (row for row in rows if row.content[tasks.RESULT] == tasks.APPROVED)


def _admitted(row: Admission) -> str:
    return (
        f"Model {row.version} taget i brug"
        if row.kind == "promotion"
        else f"Gået tilbage til model {row.version}"
    )


def _dated(area: Area, history: list[Change]) -> str:
    if not any(mark == catalogue_mark(area) for _, _, mark in history):
        return f"{MISSING}oplysningerne er ændret og ikke vurderet"
    return history[-1][0].isoformat()


def _told(history: list[Change]) -> list[dict[str, str]]:
    return [{"date": day.isoformat(), "change": words} for day, words, _ in reversed(history)]


def _mark(record: dict[str, Any]) -> str:
    canonical = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
