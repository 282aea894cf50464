"""`skoen signer`: the process that seals the log, and its key."""

import os
import signal
from threading import Event as Flag

import click
from sqlalchemy import Engine, select

from service import log as log_of
from service import logging
from service.clock import utc_now
from service.commands.opening import record_command, refuse_no_database
from service.config import Settings
from service.database import make_engine, require_version, writing
from service.log import Event
from service.log.append import HEADS
from service.log.shards import newest_epoch, shard_of
from service.signer.key import published_vkeys
from service.signer.ledger import signers_engine
from service.signer.loop import Signer
from service.signer.report import OK
from service.signer.rotate import replace_lost, rotate

LOGS = ("decisions", "access")


@click.group("signer")
def signer() -> None:
    """Seal the log with signed checkpoints. Needs the database to read, and no other secret."""
    os.umask(0o022)  # what is public is made so at once; what is private names its own mode


@signer.command("run")
@click.option("--with-parent", is_flag=True, hidden=True, help="End when the process that started it ends.")
def run(with_parent: bool) -> None:
    """Seal every minute, or as soon as 100 entries are new, until stopped."""
    logging.configure()
    stop = Flag()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())  # the round under way is finished first
    Signer(Settings.from_environment(), utc_now).run(stop, os.getppid() if with_parent else None)


@signer.command("once")
@click.pass_context
def once(context: click.Context) -> None:
    """Make one round and say how it went. Exits with 1 unless everything is sealed."""
    status = Signer(Settings.from_environment(), utc_now).round()
    for shard, sealed in status.shards.items():
        click.echo(f"{shard}: {sealed['size']} entries sealed at {sealed['sealed_at']}")
    for _, english in status.why:
        click.echo(english)
    context.exit(0 if status.state == OK else 1)


@signer.command("vkey")
def vkey() -> None:
    """Print the public keys that auditors pin, the newest last."""
    keys = published_vkeys(Settings.from_environment())
    if not keys:
        raise click.ClickException("There is no key yet. Run: skoen signer once")
    for key in keys:
        click.echo(key.vkey)


@signer.command("rotate-key")
@click.option("--lost", is_flag=True, help="The old key is gone and can sign nothing any more.")
def rotate_key(lost: bool) -> None:
    """Change to a new key. The logs name it, and the old key seals that before it goes."""
    settings = Settings.from_environment()
    refuse_no_database(settings)
    database, reader = make_engine(settings.database_url, settings.sqlite_journal), signers_engine(settings)
    require_version(database)
    with writing(database) as session:
        record_command(session, "signer.rotate-key", now=utc_now())
        session.commit()
    change = replace_lost if lost else rotate
    new = change(settings, reader, lambda text: _announce(database, text), utc_now())
    reader.dispose()
    database.dispose()
    click.echo(f"The signing key is now:\n{new.vkey}\nGive this line to everybody who checks the log.")


def _announce(engine: Engine, text: str) -> None:
    """An entry in each log that is added to now."""
    operator = f"uid:{os.getuid()}"
    with writing(engine) as session:
        now = utc_now()
        there = session.execute(select(HEADS.c.shard)).scalars().all()
        for name in LOGS:
            shard = newest_epoch(shard_of(name, now), there)
            log_of.append(
                session, Event.SIGNER_KEY_CHANGED, at=now, by=None, shard=shard, vkey=text, operator=operator
            )
        session.commit()
