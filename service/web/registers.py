"""The registers to read: every entry, every version of it, and how far each model version is approved."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext
from sqlmodel import Session

from service.database import reading
from service.errors import NotFound
from service.policy import Action
from service.tables.governance import RegisterEntry
from service.web.current import now, runtime
from service.web.formatting import clock_time, short_date
from service.web.guard import current_actor, guarded
from service.workflow.registers import approval, book
from service.workflow.registers.fields import PROFESSION, ROLE, Field, Kind
from service.workflow.registers.incidents import Notice, clock_of
from service.workflow.registers.shapes import SHAPES, STEP, STEPS, Shape

blueprint = Blueprint("registers", __name__)

ALL = "register"


@dataclass(frozen=True)
class Value:
    """One field in words: a label and one or more lines."""

    label: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class EntryLine:
    """An entry in a list: what it is called, what it is about, how it stands."""

    entry: RegisterEntry
    title: str
    about: str
    standing: str = ""
    attention: bool = False


@dataclass(frozen=True)
class RegisterPart:
    """One register on the page."""

    shape: Shape
    lines: tuple[EntryLine, ...]


@dataclass(frozen=True)
class VersionState:
    """How far a model version is approved, and what the next step lacks."""

    version: str
    states: tuple[tuple[str, bool], ...]
    escalated: bool
    onward: str | None
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class EntryPage:
    """One version of an entry, with the others."""

    entry: RegisterEntry
    shape: Shape
    title: str
    about: str
    values: tuple[Value, ...]
    versions: tuple[RegisterEntry, ...]

    @property
    def newest(self) -> RegisterEntry:
        """The version that counts."""
        return self.versions[-1]


@blueprint.get("/registre")
@guarded(Action.READ_REGISTERS)
def show() -> str:
    """Every register, the newest version of each entry."""
    chosen = request.args.get(ALL, "")
    if chosen and chosen not in SHAPES:
        raise NotFound("Det register findes ikke.")
    with reading(runtime().engine) as session:
        rows = book.standing(session, current_actor().municipality_id)
    parts = tuple(part_of(shape, rows) for shape in SHAPES.values() if chosen in ("", shape.kind))
    versions = tuple(_version_state(rows, each) for each in approval.versions_in(rows))
    return render_template(
        "registers/list.html", parts=parts, versions=versions, chosen=chosen, shapes=SHAPES.values()
    )


@blueprint.get("/registre/<entry_id>")
@guarded(Action.READ_REGISTERS)
def entry(entry_id: str) -> str:
    """One entry as it was written, with its other versions."""
    with reading(runtime().engine) as session:
        page = _entry_page(session, entry_id)
    return render_template("registers/entry.html", page=page)


def part_of(shape: Shape, rows: list[RegisterEntry]) -> RegisterPart:
    """The entries of one register, newest first."""
    return RegisterPart(shape, tuple(_line(row) for row in reversed(rows) if row.kind == shape.kind))


def values_of(entry: RegisterEntry) -> tuple[Value, ...]:
    """What stands in an entry, in words and in the order of its shape."""
    held = [
        (field, entry.content[field.key]) for field in SHAPES[entry.kind].fields if field.key in entry.content
    ]
    return tuple(Value(field.label, _words(field, value)) for field, value in held)


def title_of(entry: RegisterEntry) -> str:
    """What an entry is called: what its own register names it by."""
    content, step = entry.content, entry.content.get(STEP)
    if step is not None:
        return _capital(STEPS[step])
    for key in ("titel", "navn", "forloeb", "emne"):
        if key in content:
            return str(content[key])
    fields = {field.key: field for field in SHAPES[entry.kind].fields}
    key = "gruppe" if "gruppe" in fields else "konklusion"
    return _capital(_words(fields[key], content[key])[0])


def about_words(subject: str) -> str:
    """What an entry is about, as people say it."""
    of, _, name = subject.partition(":")
    return {
        "model": gettext("model %(name)s", name=name),
        "fase": gettext("fasen %(name)s", name=name),
        "projekt": gettext("projekt %(name)s", name=name),
        "system": gettext("systemet"),
    }[of]


def _line(entry: RegisterEntry) -> EntryLine:
    standing, attention = _standing(entry)
    return EntryLine(entry, title_of(entry), about_words(entry.subject), standing, attention)


def _standing(entry: RegisterEntry) -> tuple[str, bool]:
    """How an entry stands today, where that is a question, and whether it asks for somebody's attention."""
    content = entry.content
    if entry.kind == "incident":
        clock = clock_of(content, now())
        words = notice_words(clock.notice, clock.due)
        return words, clock.notice in (Notice.RUNNING, Notice.OVERDUE)
    if entry.kind == "complaint":
        return (gettext("besvaret"), False) if "besvaret" in content else (gettext("ikke besvaret"), True)
    if entry.kind == "project":
        return _words(SHAPES["project"].fields[1], content["status"])[0], False
    if "udloeber" in content:
        return gettext("gælder til og med %(day)s", day=_day(content["udloeber"])), False
    return "", False


def notice_words(notice: Notice, due: datetime) -> str:
    """How a breach stands against the 72 hours."""
    return {
        Notice.NOT_NEEDED: gettext("skal ikke anmeldes"),
        Notice.IN_TIME: gettext("anmeldt inden 72 timer"),
        Notice.LATE: gettext("anmeldt efter 72 timer"),
        Notice.RUNNING: gettext("skal anmeldes senest %(due)s", due=clock_time(due)),
        Notice.OVERDUE: gettext("skulle være anmeldt %(due)s", due=clock_time(due)),
    }[notice]


def _version_state(rows: list[RegisterEntry], version: str) -> VersionState:
    state = approval.state_of(rows, version)
    onward = approval.next_state(state)
    reached = approval.STATES.index(state)
    return VersionState(
        version,
        tuple((each, number <= reached) for number, each in enumerate(approval.STATES)),
        approval.is_escalated(rows, version),
        onward,
        tuple(approval.missing_for(rows, version, onward)) if onward else (),
    )


def _entry_page(session: Session, entry_id: str) -> EntryPage:
    found = book.find(session, current_actor().municipality_id, entry_id)
    values = values_of(found)
    if found.kind == "incident":
        clock = clock_of(found.content, now())
        values = (*values, Value(gettext("72-timers-fristen"), (notice_words(clock.notice, clock.due),)))
    return EntryPage(
        found, SHAPES[found.kind], title_of(found), about_words(found.subject), values,
        tuple(book.versions_of(session, found)),
    )  # fmt: skip


def _words(field: Field, value: Any) -> tuple[str, ...]:
    match field.kind:
        case Kind.LINES:
            return tuple(value)
        case Kind.PEOPLE:
            return tuple(f"{each[PROFESSION]}, {each[ROLE]}" for each in value)
        case Kind.DAY:
            return (_day(value),)
        case Kind.INSTANT:
            return (clock_time(datetime.fromisoformat(value)),)
        case Kind.CHOICE:
            return (field.choices[value],)
        case Kind.FLAG:
            return (gettext("ja") if value else gettext("nej"),)
        case _:
            return (str(value),)


def _day(text: str) -> str:
    return short_date(date.fromisoformat(text))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
