"""`skoen keystore backup`: the keys have a backup of their own, kept for a short time only."""

from pathlib import Path

import click

from service.backup.engines import using
from service.backup.expiry import remove_older
from service.backup.folder import refuse_mixing, refuse_near_keys
from service.backup.make import back_up_keystore
from service.backup.manifest import KEYSTORE
from service.clock import utc_now
from service.commands.opening import opened_for
from service.config import Settings
from service.keys import read_keys
from service.log.vault import vault_of

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
