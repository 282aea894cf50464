"""`skoen challenge …`: a version held against the one in use, on the same cases, and shown to nobody."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from models import areas, artifact
from service.clock import utc_now
from service.commands.model import approved_by, dry, of_area, with_note
from service.commands.naming import A_DAY, acting
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading, writing
from service.policy import Action
from service.workflow import challenger
from service.workflow.challenger.comparison import SILENT, Paired
from service.workflow.model_in_use.shelf import ModelShelf

WIDE = 140
HEADINGS = ("Against", "Measure", "Level", "Cases", "Challenger", "In use", "Difference", "95 % interval")


@click.group("challenge")
def challenge() -> None:
    """A version held against the one in use, sealed until its days are over."""


@challenge.command("start")
@click.argument("version")
@click.option("--until", required=True, type=A_DAY, help="The last day; the cases count from tomorrow.")
@approved_by
@with_note
@dry
def start(version: str, until: datetime, approver: str, note: str, dry_run: bool) -> None:
    """Hold VERSION (on the shelf, or a folder that `model train` wrote) against the one in use until a day.

    Refused for whatever `model promote` refuses, but that approval to `skygge` is enough; without a model in
    use; and while another is not ended. Nothing is computed before its days are over, and nothing is shown.
    """
    settings, now, last = Settings.from_environment(), utc_now(), until.date()
    engine, shelf = opened_for("challenge.start", now=now, settings=settings), ModelShelf(settings.models)
    folder = Path(version) if (Path(version) / artifact.MANIFEST).is_file() else None
    found = artifact.load(folder) if folder else shelf.open(version)
    version = found.manifest.version if folder else version
    with reading(engine) as session:
        by = acting(session, approver, Action.MANAGE_MODEL, now=now)
        against = challenger.check_start(
            session, found, version, folder=folder or shelf.path(version), last=last, approver=approver,
            note=note, now=now, by=by,
        )  # fmt: skip
    if dry_run:
        click.echo(f"{version} would be held against {against.version}. Nothing was changed.")
        return
    if folder:
        shelf.take_in(folder, version)
    with writing(engine) as session:
        row = challenger.start(
            session, shelf, version, last=last, approver=approver, note=note, now=now, by=by
        )
        first, last_day = row.content["fra"], row.content["til"]
    click.echo(f"{version} is held against {against.version} on the cases of {first} to {last_day}.")
    click.echo(f"After that, two people open them: skoen shadow ask --from {first} --to {last_day}")


@challenge.command("look")
@of_area
@approved_by
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
def look(area: str, approver: str, as_json: bool) -> None:
    """Compute both versions on the cases of the days that are over, once, and write what it came to."""
    settings, now = Settings.from_environment(), utc_now()
    engine, shelf = opened_for("challenge.look", now=now, settings=settings), ModelShelf(settings.models)
    with reading(engine) as session:
        by = acting(session, approver, Action.MANAGE_MODEL, now=now)
    seen = challenger.look(engine, shelf, areas.get(area), now=now, by=by)
    title, cases = seen.entry.content["titel"], seen.cases
    window = [each.isoformat() for each in seen.window]
    if as_json:
        measures = [asdict(each) for each in seen.measures]
        document = {"title": title, "window": window, "cases": cases, "measures": measures}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    table = Table(title=f"{title}, {' to '.join(window)}, {cases} own judgements", title_justify="left")
    for heading in HEADINGS:
        table.add_column(heading, overflow="fold")
    for each in seen.measures:
        table.add_row(*_cells(each))
    Console(width=WIDE).print(table)
    click.echo("Decisions were made with the version in use beside them, so they lean to it.")


@challenge.command("end")
@of_area
@approved_by
@click.option("--decided", required=True, help="What was decided, in Danish; it stands in the register.")
def end(area: str, approver: str, decided: str) -> None:
    """End it with what was decided. One that nobody looked at stays sealed for good."""
    now = utc_now()
    with writing(opened_for("challenge.end", now=now)) as session:
        by = acting(session, approver, Action.MANAGE_MODEL, now=now)
        row = challenger.end(session, area, decided=decided, now=now, by=by)
        click.echo(f"{row.content['titel']} is ended.")


def _cells(each: Paired) -> tuple[str, ...]:
    names = (each.against, each.measure, each.level or "alle", "" if each.cases is None else str(each.cases))
    if each.challenger is None or each.champion is None:
        return (*names, SILENT, "", "", "")
    told = (f"{each.challenger:.3f}", f"{each.champion:.3f}")
    if each.difference is None or each.low is None or each.high is None:
        return (*names, *told, "", "")
    return (*names, *told, f"{each.difference:+.3f}", f"{each.low:+.3f} to {each.high:+.3f}")
