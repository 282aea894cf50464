"""`skoen restore`: let a backup be the casework again, in a new epoch of the log that says so."""

import sqlite3
from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy import Engine, inspect, make_url
from sqlalchemy.exc import DBAPIError

from service.backup.engines import using
from service.backup.errors import RestoreRefused
from service.backup.live import MOVE_AWAY
from service.backup.restore import Findings
from service.backup.restore import restore as restored
from service.clock import utc_now
from service.commands.opening import opened_for, operator, record_command
from service.config import Settings
from service.database import make_engine
from service.log.epochs import Declaration


@click.command("restore")
@click.option(
    "--from", "folder", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The backup: DIR/<timestamp>.",
)  # fmt: skip
@click.option("--reason", required=True, help="Why. It stands in the log for good: nothing about a citizen.")
@click.option("--name", "names", multiple=True, help="Who stands by it. Twice: two different people.")
@click.option("--dry-run", is_flag=True, help="Do everything but the last step, and say what it would bring.")
@click.option("--unproven", is_flag=True, help="The seals are lost: restore without holding it against them.")
def restore(folder: Path, reason: str, names: tuple[str, ...], dry_run: bool, unproven: bool) -> None:
    """Replace the database by a backup of it. Stop the service first; the signer waits by itself."""
    settings, now = Settings.from_environment(), utc_now()
    if len(names) != 2:
        raise click.UsageError("A restore needs two names: --name A --name B")
    declaration = Declaration(reason, *names, operator=operator())
    with ExitStack() as stack:
        live = _in_use(settings, now)
        if live is not None:
            stack.enter_context(using(live))
        columns = (TextColumn("Entries"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        bar = stack.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
        task = bar.add_task("Entries", total=None)
        restored(
            settings, folder, declaration, now=now, live=live, tell=_tell, tries_only=dry_run,
            record=partial(record_command, command="restore", now=now), accepts_unproven=unproven,
            progress=lambda done, total: bar.update(task, completed=done, total=total),
        )  # fmt: skip
    click.echo("Nothing was restored: this was a trial." if dry_run else AFTERWARDS)


AFTERWARDS = (
    "The backup is the database now. Start the service, let the signer make a round, and enter what is listed"
    " above again, from the receipts."
)


def _in_use(settings: Settings, now: datetime) -> Engine | None:
    """The database in use, with the entry that somebody restores; None when there is none."""
    file = make_url(settings.database_url).database or ""
    if settings.database_url.startswith("sqlite") and not Path(file).exists():
        return None
    try:
        with using(make_engine(settings.database_url, settings.sqlite_journal)) as engine:
            if not inspect(engine).get_table_names():
                return None
        return opened_for("restore", now=now, settings=settings)
    except (DBAPIError, sqlite3.Error) as error:
        raise RestoreRefused(MOVE_AWAY) from error


def _tell(found: Findings) -> None:
    click.echo(f"The backup of {found.manifest.made_at}: {found.entries} entries verified.")
    for shard in found.shards:
        signed = f"{shard.checkpoint.size} signed" if shard.checkpoint else "never signed"
        held = "" if shard.proven else ", NOT held against what was signed"
        click.echo(f"  {shard.name}: {shard.restored_size} come back, {signed}{held}")
    for name, ended in found.epochs.items():
        click.echo(f"  {name} begins, in place of {', '.join(each.shard for each in ended)}")
    erased = ", ".join(f"{count} {kind}" for kind, count in sorted(found.erased.items())) or "nobody"
    click.echo(f"Erased again: {erased}.")
    click.echo(f"Lost: {len(found.lost)} entries{'.' if not found.lost else ':'}")
    for entry in found.lost:
        click.echo(f"  {entry.line()}")
    for event, count in sorted(Counter(entry.event or "unknown" for entry in found.lost).items()):
        click.echo(f"  {count} × {event}")
