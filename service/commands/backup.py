"""`skoen backup`: a consistent copy of the casework while the service runs, and a look at one made."""

from pathlib import Path

import click

from service.backup import check as checking
from service.backup.engines import using
from service.backup.errors import BackupRefused
from service.backup.folder import refuse_mixing, refuse_near_keys
from service.backup.make import back_up_database
from service.backup.manifest import DATABASE, Manifest
from service.clock import utc_now
from service.commands.opening import opened_for
from service.config import Settings
from service.keys import read_keys

KEPT_APART = (
    "It holds no keys. Back up the keystore elsewhere (skoen keystore backup); keep secrets/kek and"
    " secrets/pepper apart from both, printed or in a safe."
)


@click.group("backup", invoke_without_command=True)
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), help="Folder that the backups go to."
)
@click.pass_context
def backup(context: click.Context, out: Path | None) -> None:
    """Copy the casework's database into a new folder of OUT, while the service runs."""
    if context.invoked_subcommand is not None:
        return
    if out is None:
        raise click.UsageError("Say where the backups go: skoen backup --out DIR")
    settings, now = Settings.from_environment(), utc_now()
    with using(opened_for("backup.make", now=now, settings=settings)) as engine:
        refuse_near_keys(out, settings)
        refuse_mixing(out, DATABASE)
        pepper = read_keys(settings).pepper
        folder = back_up_database(engine, out, origin=settings.origin, pepper=pepper, now=now)
    click.echo(f"{folder} is a complete backup. {KEPT_APART}")


@backup.command("check")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "--elsewhere", is_flag=True, help="On a machine without the service: no entry is made in its log."
)
@click.pass_context
def check(context: click.Context, folder: Path, elsewhere: bool) -> None:
    """Hash the files of a backup again, open them, and recompute the log. Exits with 1 on a problem."""
    manifest = Manifest.read(folder)
    pepper = None if elsewhere else _record_check()
    problems = checking.problems(folder, manifest, pepper)
    for problem in problems:
        click.echo(problem)
    if problems:
        raise BackupRefused(f"{folder} is not as it was made.")
    entries = sum(int(shard["size"]) for shard in manifest.shards.values())
    click.echo(
        f"{folder} of {manifest.made_at} is whole: the {manifest.of} in {len(manifest.files)} files,"
        f" with {entries} log entries."
    )
    if elsewhere:
        click.echo("That this installation wrote it can only be seen where its secrets/pepper is.")


def _record_check() -> bytes:
    """Write that a backup was looked at; gives the pepper, which tells whose backup it is."""
    settings = Settings.from_environment()
    with using(opened_for("backup.check", now=utc_now(), settings=settings)):
        return read_keys(settings).pepper
