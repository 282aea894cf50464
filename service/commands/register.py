"""`skoen register …`: write and read the registers of the municipality."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from service.clock import local, local_date, utc_now
from service.commands.naming import municipality_named, of_municipality
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading, writing
from service.errors import Refused
from service.tables.governance import REGISTERS
from service.workflow import monitoring
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import approval, book, tasks
from service.workflow.registers.fields import Field, Kind
from service.workflow.registers.quality import quality_tasks
from service.workflow.registers.shadow_time import shadow_of
from service.workflow.registers.shapes import SHAPES, SUBJECT_OF, Shape

ABOUT = "om"
EXAMPLES = {
    Kind.TEXT: '""', Kind.LINES: '[""]', Kind.PEOPLE: '[{ fag = "", rolle = "" }]', Kind.DAY: "2026-01-31",
    Kind.INSTANT: "2026-01-31T13:40:00", Kind.FLAG: "false", Kind.COUNT: "0",
    Kind.MONTH: '"2026-01"',
    Kind.MEASURES: '[{ maal = "", vaerdi = "", sager = "", saedvanligt = "", graense = "", svar = "" }]',
}  # fmt: skip

kind_of_register = click.Choice(REGISTERS)


@click.group("register")
def register() -> None:
    """Projects, dilemmas, balances, involvement, approvals, competence, incidents and complaints."""


@register.command("add")
@click.argument("kind", type=kind_of_register)
@click.option("--file", "path", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--by", "recorded_by", required=True, help="Who enters it: “name, role”.")
@click.option("--replaces", help="The entry that this is a new version of.")
@of_municipality
def add(kind: str, path: Path, recorded_by: str, replaces: str | None, municipality: str) -> None:
    """Add an entry of KIND from a TOML file; see `skoen register template KIND`."""
    now = utc_now()
    with writing(opened_for("register.add", now=now, register=kind)) as session:
        place = municipality_named(session, municipality)
        content = _read(path)
        subject = content.pop(ABOUT, "")
        row = book.add(
            session, place.id, kind, subject=str(subject), content=content, recorded_by=recorded_by, now=now,
            by=None, replaces=replaces,
        )  # fmt: skip
        click.echo(f"{row.id} stands in the register ({SHAPES[kind].label}, {row.subject}).")


@register.command("template")
@click.argument("kind", type=kind_of_register)
def template(kind: str) -> None:
    """Print an empty file of KIND, with what each field is for."""
    opened_for("register.template", now=utc_now())
    click.echo(template_of(SHAPES[kind]))


@register.command("list")
@click.argument("kind", type=kind_of_register, required=False)
@of_municipality
def list_(kind: str | None, municipality: str) -> None:
    """The newest version of every entry, and how far each model version is approved."""
    now = utc_now()
    with reading(opened_for("register.list", now=now)) as session:
        place = municipality_named(session, municipality)
        rows = book.standing(session, place.id, kind)
        for row in rows:
            click.echo(f"{row.id}  {local_date(row.at)}  {row.kind:<11}  {row.subject}  {row.recorded_by}")
        _say_states(session, place.id, local_date(now))
    click.echo(f"{len(rows)} entries.")


@register.command("tasks")
@of_municipality
def tasks_(municipality: str) -> None:
    """What has to be weighed: new facts, sources and versions, and what caseworkers said against them."""
    settings = Settings.from_environment()
    now = utc_now()
    with reading(opened_for("register.tasks", now=now, settings=settings)) as session:
        place = municipality_named(session, municipality).id
        rows = book.standing(session, place)
        missed = tuple(monitoring.missed_tasks(session, place, local_date(now)))
        said = quality_tasks(session, place, rows)
    shelf = ModelShelf(settings.models)
    found = (*tasks.open_tasks(rows, shelf.versions(), shelf.changes()), *missed, *said)
    for task in found:
        mark = f'  {tasks.MARK} = "{task.mark}"' if task.mark else ""
        click.echo(f"{task.words}  ({task.register}, {task.subject}){mark}")
    click.echo(f"{len(found)} open tasks.")


@register.command("show")
@click.argument("entry_id")
@of_municipality
def show(entry_id: str, municipality: str) -> None:
    """One entry with every version of it, as JSON."""
    with reading(opened_for("register.show", now=utc_now())) as session:
        found = book.find(session, municipality_named(session, municipality).id, entry_id)
        click.echo(_as_json(book.exported(book.versions_of(session, found))))


@register.command("export")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A file that is not there yet.")
@of_municipality
def export(out: Path, municipality: str) -> None:
    """Write every version of every entry to a JSON file."""
    now = utc_now()
    with reading(opened_for("register.export", now=now)) as session:
        place = municipality_named(session, municipality)
        rows = book.exported(book.every_version(session, place.id))
    document = {"kommune": place.code, "udskrevet": local(now).isoformat(), "registre": rows}
    try:
        with out.open("x", encoding="utf-8") as file:
            file.write(_as_json(document) + "\n")
    except FileExistsError:
        raise click.ClickException(f"{out} is there already. Choose another name.") from None
    except OSError as error:
        raise click.ClickException(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"{len(rows)} entries in {out}.")


def template_of(shape: Shape) -> str:
    """An empty TOML file of a register: what must be there stands, the rest is commented out."""
    about = " eller ".join(f"{each}:NAVN ({SUBJECT_OF[each]})" for each in shape.subjects)
    return "\n".join(
        [f"# {shape.label}. Skriv intet om en borger.", f'{ABOUT} = ""  # {about}', *map(_line, shape.fields)]
    )


def _line(field: Field) -> str:
    example = f'"{next(iter(field.choices))}"' if field.choices else EXAMPLES[field.kind]
    listed = f": {', '.join(field.choices)}" if field.choices else ""
    return f"{'' if field.must else '# '}{field.key} = {example}  # {field.label}{listed}"


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # The parser's own message may repeat what stands in the file.
        raise Refused(f"{path.name} er ikke en gyldig TOML-fil i UTF-8.") from None


def _say_states(session: Session, place: str, today: date) -> None:
    rows = book.standing(session, place)
    for version in approval.versions_in(rows):
        state = approval.state_of(rows, version)
        onward = approval.next_state(state)
        shadow = shadow_of(session, place, rows, version, today)
        lacking = approval.missing_for(rows, version, onward, shadow) if onward else []
        wants = f"; {onward} mangler: {'; '.join(lacking)}" if lacking else ""
        click.echo(f"model:{version}: {state}{' (løftet)' * approval.is_escalated(rows, version)}{wants}")


def _as_json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)
