"""`skoen log retire`: remove what one shard of the log says, when its time is over."""

from pathlib import Path

import click

from service.clock import local_date, utc_now
from service.commands.opening import opened_for, operator
from service.commands.retention import of_file
from service.config import Settings
from service.database import reading
from service.log.append import CODE
from service.workflow.retention.clock_doubt import refuse_doubtful
from service.workflow.retention.retirement import retire, why_not
from service.workflow.retention.schedule import read_schedule


@click.group("log")
def log() -> None:
    """The log of decisions and of access."""


@log.command("retire")
@click.argument("shard")
@click.option("--reason", required=True, help="Why, in a few words. It stands in the log.")
@of_file
@click.option("--clock-is-right", is_flag=True, help="The service stood still for weeks; the clock is right.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_context
def retire_(
    context: click.Context, shard: str, reason: str, file: Path | None, clock_is_right: bool, yes: bool
) -> None:
    """Remove the entries of SHARD; its number of entries, root and last checkpoint stay.

    Refused unless its time is over by the schedule, all of it is sealed, the log verifies, and everybody in
    it is erased.
    """
    settings, now = Settings.from_environment(), utc_now()
    schedule = read_schedule(file or settings.retention)
    if not CODE.fullmatch(shard):
        raise click.UsageError("A shard is called like access/2026Q1.")
    engine = opened_for("log.retire", now=now, settings=settings, retires=shard, schedule=schedule.name)
    context.call_on_close(engine.dispose)
    schedule.require_approval()
    refuse_doubtful(engine, now, local_date(now), clock_is_right=clock_is_right)
    with reading(engine) as session:
        why = why_not(session, settings, shard, schedule, now=now, as_of=local_date(now))
    if why is not None:
        raise why
    if not yes:
        click.confirm(f"It cannot be undone. Remove what {shard} says?", abort=True)
    row = retire(engine, settings, shard, reason=reason, schedule=schedule, operator=operator(), now=now)
    click.echo(f"{shard} is retired: {row.size} entries, root {row.root}. Its last checkpoint stays.")
