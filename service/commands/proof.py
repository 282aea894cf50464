"""`skoen log proof`: the proof file of one entry, for whoever is to check it without Skøn."""

from pathlib import Path

import click

from service.clock import utc_now
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading
from service.log.sealed import proof_of
from service.tables.log import LogEntry


@click.group("log")
def log() -> None:
    """The log of decisions and of access."""


@log.command("proof")
@click.argument("shard")
@click.argument("seq", type=click.IntRange(0))
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="A .tlog-proof file."
)
def proof(shard: str, seq: int, out: Path) -> None:
    """Write the proof that entry SEQ is in SHARD: skoen log proof decisions/2026 17 --out 17.tlog-proof"""
    settings = Settings.from_environment()
    engine = opened_for("log.proof", now=utc_now(), settings=settings)
    with reading(engine) as session:
        found = session.get(LogEntry, (shard, seq))
    if found is None or not found.entry:
        raise click.ClickException(f"There is no entry {seq} in {shard}, or it was retired.")
    made = proof_of(settings.seals, settings.origin, shard, seq, found.entry.encode())
    if made is None:
        raise click.ClickException("The entry is not sealed yet. It is within a minute, where a signer runs.")
    out.write_bytes(made)
    click.echo(f"{out} proves entry {seq} of {shard}.")
