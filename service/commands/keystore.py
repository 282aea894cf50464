"""`skoen keystore …`: the keys have a backup of their own, kept for a short time only."""

from contextlib import ExitStack
from pathlib import Path

import click
from sqlalchemy import Engine, inspect, make_url

from service.backup.engines import using
from service.backup.expiry import remove_older
from service.backup.folder import refuse_mixing, refuse_near_keys
from service.backup.keystore import restore_keystore
from service.backup.make import back_up_keystore
from service.backup.manifest import KEYSTORE
from service.clock import utc_now
from service.commands.opening import opened_for, operator, record_command
from service.config import Settings
from service.database import require_version, writing
from service.keys import Keys, read_keys
from service.log.append import OPERATOR
from service.log.vault import engine_with_vault, vault_of

LONGEST_DAYS = 30
"""An erased citizen's key lives on in older backups of the keystore, so none is kept for longer."""


@click.group("keystore")
def keystore() -> None:
    """The citizens' keys."""


@keystore.command("backup")
@click.option(
    "--out", required=True, type=click.Path(path_type=Path, file_okay=False), help="Folder of their own."
)
@click.option(
    "--keep-days", default=LONGEST_DAYS, show_default=True, type=click.IntRange(1, LONGEST_DAYS),
    help="Backups of the keystore older than this are removed from OUT.",
)  # fmt: skip
def backup(out: Path, keep_days: int) -> None:
    """Copy the keystore, and nothing else, into a new folder of OUT; remove the ones that are too old."""
    settings, now = Settings.from_environment(), utc_now()
    with using(opened_for("keystore.backup", now=now, settings=settings)) as engine:
        refuse_near_keys(out, settings)
        refuse_mixing(out, KEYSTORE)
        pepper, store = read_keys(settings).pepper, vault_of(engine).keystore
        with using(store.engine):
            folder = back_up_keystore(store.engine, out, origin=settings.origin, pepper=pepper, now=now)
    removed = remove_older(out, days=keep_days, now=now)
    click.echo(f"{folder} holds the wrapped keys. {len(removed)} older backups of the keystore were removed.")
    click.echo(
        "They open with secrets/kek alone, which is not in it, nor is secrets/pepper:"
        " keep both apart from every backup, printed or in a safe."
    )


@keystore.command("restore")
@click.option(
    "--from", "folder", required=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The backup: DIR/<timestamp>.",
)  # fmt: skip
def restore(folder: Path) -> None:
    """Bring back the keys that the keystore lost, without those of citizens who were erased since."""
    settings = Settings.from_environment()
    keys = read_keys(settings)
    with ExitStack() as stack:
        casework = _casework(settings, keys)
        if casework is not None:
            stack.enter_context(using(casework))
        done = restore_keystore(settings, keys, folder, casework)
    click.echo(f"{done.added} keys came back, {done.mended} were mended, {done.kept} were there already.")
    click.echo(f"{done.erased} are destroyed for good: their citizens were erased.")
    if casework is None:
        click.echo("There is no casework database, so no log to write this in. Go on with: skoen restore")


def _casework(settings: Settings, keys: Keys) -> Engine | None:
    """The casework, with the entry that somebody restores its keys; None when it is lost too."""
    file = make_url(settings.database_url).database or ""
    if settings.database_url.startswith("sqlite") and not Path(file).exists():
        return None
    engine = engine_with_vault(settings, keys)
    engine.update_execution_options(**{OPERATOR: operator()})
    if not inspect(engine).get_table_names():
        engine.dispose()
        return None
    require_version(engine)
    with writing(engine) as session:
        record_command(session, "keystore.restore", now=utc_now())
        session.commit()
    return engine
