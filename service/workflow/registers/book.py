"""Write and read the registers. Entries are only added: an edit is a new version that names the old one."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from service import log
from service.clock import local_date
from service.cpr import masked
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.tables.governance import RegisterEntry
from service.workflow.registers import approval, challenge, monitoring, shadow_time, tasks
from service.workflow.registers.fields import stored
from service.workflow.registers.shapes import HELD_ON, SHAPES, SUBJECT_OF, Shape

SUBJECT = re.compile(r"([a-z]+):([A-Za-z0-9][A-Za-z0-9_.-]{0,79})")
NAME_AND_ROLE = re.compile(r"[^,]*\w[^,]*,.*\w.*")


class AboutSomebody(Refused):
    """Something in an entry looks like a CPR number. The sentence does not repeat it."""

    sentence = "Registrene må ikke indeholde noget om en borger. Noget i teksten ligner et CPR-nummer."


def add(
    session: Session, municipality_id: str, kind: str, *, subject: str, content: Mapping[str, Any],
    recorded_by: str, now: datetime, by: Actor | None, replaces: str | None = None, measured: bool = False,
) -> RegisterEntry:  # fmt: skip
    """Write an entry, or with `replaces` a new version of one, and commit.

    `measured` is for whoever has measured what a monitoring or a comparison says; nobody types it in.

    Raises Refused for what does not fit the register's shape or looks like a CPR number, Conflict when the
    version to replace is not the newest or an approval lacks what it needs, and NotFound for another
    municipality's entry.
    """
    shape = shape_of(kind)
    _refuse_a_citizen([subject, recorded_by, *_texts(content)])
    if not NAME_AND_ROLE.fullmatch(recorded_by.strip()):
        raise Refused("Skriv, hvem der indfører det, som “navn, rolle”.", field="recorded_by")
    subject = _subject(shape, subject)
    fitted = _fitted(shape, content)
    if fitted.get(HELD_ON, "") > local_date(now).isoformat():
        raise Refused("Datoen ligger i fremtiden. Indfør det, når det er sket.", field=HELD_ON)
    if kind == tasks.KIND:
        fitted = tasks.completed(subject, fitted)
    before = _replaced(session, municipality_id, shape, subject, replaces)
    if kind == approval.KIND:
        entries, today = standing(session, municipality_id), local_date(now)
        shadow = shadow_time.shadow_of(session, municipality_id, entries, subject.partition(":")[2], today)
        approval.refuse_unready(entries, subject, fitted, before, shadow)
    if kind == monitoring.KIND:
        monitoring.refuse_by_hand(fitted, before, measured=measured)
    if kind == challenge.KIND:
        challenge.refuse_by_hand(measured=measured)
    row = RegisterEntry(
        at=now, municipality_id=municipality_id, kind=kind, subject=subject, content=fitted,
        recorded_by=recorded_by.strip(), replaces=before.id if before else None,
    )  # fmt: skip
    log.append(session, Event.REGISTER_WRITTEN, at=now, by=by, row=row, kind=kind, replaces=row.replaces)
    session.commit()
    return row


def shape_of(kind: str) -> Shape:
    """The shape of a register; raises Refused for one that does not exist."""
    if kind not in SHAPES:
        raise Refused(f"Der er intet register “{kind}”. Vælg et af: {', '.join(SHAPES)}.", field="kind")
    return SHAPES[kind]


def standing(session: Session, municipality_id: str, kind: str | None = None) -> list[RegisterEntry]:
    """The newest version of every entry, oldest first; of one register, or of all."""
    rows = every_version(session, municipality_id, kind)
    replaced = {row.replaces for row in rows}
    return [row for row in rows if row.id not in replaced]


def every_version(session: Session, municipality_id: str, kind: str | None = None) -> list[RegisterEntry]:
    """Every entry that was ever written, oldest first; of one register, or of all."""
    rows = select(RegisterEntry).where(RegisterEntry.municipality_id == municipality_id)
    if kind is not None:
        rows = rows.where(RegisterEntry.kind == kind)
    return list(session.exec(rows.order_by(col(RegisterEntry.at), col(RegisterEntry.log_seq))))


def find(session: Session, municipality_id: str, entry_id: str) -> RegisterEntry:
    """An entry of the municipality, of whatever version; raises NotFound for any other."""
    row = session.get(RegisterEntry, entry_id)
    if row is None or row.municipality_id != municipality_id:
        raise NotFound("Der er ingen sådan indførsel i registrene.")
    return row


def versions_of(session: Session, entry: RegisterEntry) -> list[RegisterEntry]:
    """Every version of an entry, the first one first."""
    rows = every_version(session, entry.municipality_id, entry.kind)
    by_id, after = {row.id: row for row in rows}, {row.replaces: row for row in rows}
    first = entry
    while first.replaces is not None:
        first = by_id[first.replaces]
    found = [first]
    while found[-1].id in after:
        found.append(after[found[-1].id])
    return found


def is_public(entry: RegisterEntry) -> bool:
    """Whether an entry is for everybody to read."""
    return SHAPES[entry.kind].public or entry.content.get("offentlig") is True


def exported(rows: Sequence[RegisterEntry]) -> list[dict[str, Any]]:
    """Entries as they are handed on, as JSON."""
    return [
        {
            "id": row.id, "register": row.kind, "om": row.subject, "indfoert": row.at.isoformat(),
            "indfoert_af": row.recorded_by, "erstatter": row.replaces,
            "log": {"del": row.shard, "nummer": row.log_seq}, "indhold": row.content,
        }
        for row in rows
    ]  # fmt: skip


def _fitted(shape: Shape, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content in the order of the shape; raises Refused for a field too many, too few or unfit."""
    strangers = sorted(set(content) - shape.keys)
    if strangers:
        raise Refused(f"{shape.label} har ikke feltet “{strangers[0]}”.", field=strangers[0])
    missing = [field for field in shape.fields if field.must and field.key not in content]
    if missing:
        listed = ", ".join(f"{field.label} ({field.key})" for field in missing)
        raise Refused(f"{shape.label} mangler: {listed}.", field=missing[0].key)
    fitted = {f.key: stored(f, content[f.key]) for f in shape.fields if f.key in content}
    wrong = shape.rule(fitted)
    if wrong is not None:
        raise Refused(wrong)
    return fitted


def _subject(shape: Shape, subject: str) -> str:
    found = SUBJECT.fullmatch(subject.strip())
    if found is None or found[1] not in shape.subjects:
        kinds = " eller ".join(f"{each}:NAVN ({SUBJECT_OF[each]})" for each in shape.subjects)
        raise Refused(f"{shape.label} skal handle om {kinds}.", field="om")
    return found[0]


def _replaced(
    session: Session, municipality_id: str, shape: Shape, subject: str, replaces: str | None
) -> RegisterEntry | None:
    """The entry that a new version takes the place of; it must be the newest, and of the same thing."""
    if replaces is None:
        return None
    before = find(session, municipality_id, replaces)
    if (before.kind, before.subject) != (shape.kind, subject):
        raise Refused("En ny version skal stå i samme register og handle om det samme.", field="om")
    newest = versions_of(session, before)[-1]
    if newest.id != before.id:
        raise Conflict(f"Der er en nyere version: {newest.id}. Læs den, og erstat den i stedet.")
    return before


def _refuse_a_citizen(texts: Sequence[str]) -> None:
    # Whatever has the shape, not only what could be a number: a register has no use for either.
    if any(masked(text) != text for text in texts):
        raise AboutSomebody


def _texts(given: Any) -> list[str]:
    """Every text in what was given, keys and numbers included, however deep."""
    if isinstance(given, Mapping):
        return [text for pair in given.items() for each in pair for text in _texts(each)]
    if isinstance(given, list | tuple):
        return [text for each in given for text in _texts(each)]
    return [str(given)]
