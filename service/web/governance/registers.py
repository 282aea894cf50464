"""The registers to read: every entry, every version of it, and how far each model version is approved."""

from dataclasses import dataclass

from flask import Blueprint, render_template, request
from sqlmodel import Session

from service.database import reading
from service.errors import NotFound
from service.policy import Action
from service.tables.governance import RegisterEntry
from service.web.current import now, runtime, today
from service.web.guard import current_actor, guarded
from service.workflow import monitoring
from service.workflow.registers import approval, book, documents, tasks, words
from service.workflow.registers.quality import quality_tasks
from service.workflow.registers.shadow_time import shadow_of
from service.workflow.registers.shapes import SHAPES, Shape
from service.workflow.registers.words import Standing, Value

blueprint = Blueprint("registers", __name__)

ALL = "register"


@dataclass(frozen=True)
class EntryLine:
    """An entry in a list: what it is called, what it is about, how it stands."""

    entry: RegisterEntry
    title: str
    about: str
    standing: Standing


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
        missed = tuple(monitoring.missed_tasks(session, current_actor().municipality_id, today()))
        said = quality_tasks(session, current_actor().municipality_id, rows)
        versions = tuple(_version_state(session, rows, each) for each in approval.versions_in(rows))
    parts = tuple(part_of(shape, rows) for shape in SHAPES.values() if chosen in ("", shape.kind))
    opened = (*tasks.open_tasks(rows, runtime().shelf.versions(), runtime().shelf.changes()), *missed, *said)
    opened = opened if chosen in ("", tasks.KIND) else ()
    report_due = documents.report_due_on(row.content for row in rows if row.kind == "document")
    return render_template(
        "registers/list.html", parts=parts, versions=versions, chosen=chosen, shapes=SHAPES.values(),
        report_due=report_due is not None and report_due <= today(), never_reported=report_due is None,
        tasks=opened, assessed_in=tasks.KIND,
        marks=sorted({(task.subject, task.mark) for task in opened if task.mark}),
    )  # fmt: skip


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


def _line(entry: RegisterEntry) -> EntryLine:
    return EntryLine(
        entry, words.title_of(entry), words.about_words(entry.subject), words.standing_of(entry, now())
    )


def _version_state(session: Session, rows: list[RegisterEntry], version: str) -> VersionState:
    state = approval.state_of(rows, version)
    onward = approval.next_state(state)
    reached = approval.STATES.index(state)
    shadow = shadow_of(session, current_actor().municipality_id, rows, version, today())
    return VersionState(
        version,
        tuple((each, number <= reached) for number, each in enumerate(approval.STATES)),
        approval.is_escalated(rows, version),
        onward,
        tuple(approval.missing_for(rows, version, onward, shadow)) if onward else (),
    )


def _entry_page(session: Session, entry_id: str) -> EntryPage:
    found = book.find(session, current_actor().municipality_id, entry_id)
    return EntryPage(
        found, SHAPES[found.kind], words.title_of(found), words.about_words(found.subject),
        words.values_of(found, now()), tuple(book.versions_of(session, found)),
    )  # fmt: skip
