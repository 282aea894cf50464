"""`skoen log verify`: recomputes the log and holds every row against it."""

import json

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine

from service.clock import utc_now
from service.commands.opening import open_database, record_command
from service.database import writing
from service.log import Verification, verify


@click.group("log")
def log() -> None:
    """The log of decisions and of access."""


@log.command("verify")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of text.")
@click.pass_context
def verify_(context: click.Context, as_json: bool) -> None:
    """Recompute every leaf and root, and hold every row against its entry. Exits with 1 on a problem."""
    engine = open_database()
    columns = (TextColumn("Entries"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=as_json, transient=True) as bar:
        task = bar.add_task("Entries", total=None)
        found = verify(engine, lambda done, total: bar.update(task, completed=done, total=total))
    click.echo(_as_json(found) if as_json else _as_text(found))
    _record(engine, found)
    context.exit(0 if found.ok else 1)


def _record(engine: Engine, found: Verification) -> None:
    """Write that the log was verified, and how it came out: last, for a damaged log must be told of first."""
    try:
        with writing(engine) as session:
            verdict = "ok" if found.ok else "problems"
            record_command(session, "log.verify", now=utc_now(), verdict=verdict)
            session.commit()
    except Exception as error:  # whatever is wrong with this log, it is said above; this is said beside it
        click.echo(f"That it was verified could not be written to it ({type(error).__name__}).", err=True)


def _as_json(found: Verification) -> str:
    content = {"ok": found.ok, "entries": found.entries, "roots": found.roots, "problems": found.problems}
    return json.dumps(content, indent=2)


def _as_text(found: Verification) -> str:
    roots = [f"{shard}: root {root}" for shard, root in found.roots.items()]
    if found.ok:
        verdict = f"{found.entries} entries verified: every row fits its entry, and every entry its row."
    else:
        verdict = f"{len(found.problems)} problems in {found.entries} entries."
    return "\n".join([*roots, *found.problems, verdict])
