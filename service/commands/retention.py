"""`skoen retention …`: what is kept how long, and the run that lets go of what is over."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from service.clock import local_date, utc_now
from service.commands.naming import A_DAY
from service.commands.opening import opened_for, operator
from service.config import Settings
from service.database import reading
from service.workflow import retention as keeping
from service.workflow.retention import Done, Plan
from service.workflow.retention.clock_doubt import doubt
from service.workflow.retention.schedule import RULES, Schedule, read_schedule

of_file = click.option(
    "--schedule", "file", type=click.Path(path_type=Path, dir_okay=False),
    help="The schedule; otherwise SKOEN_RETENTION, or the one that comes along.",
)  # fmt: skip


@click.group("retention")
def retention() -> None:
    """How long what is kept."""


@retention.command("show")
@of_file
def show(file: Path | None) -> None:
    """Print the schedule, with the least for each line and where it comes from."""
    settings = Settings.from_environment()
    opened_for("retention.show", now=utc_now(), settings=settings).dispose()
    schedule = read_schedule(file or settings.retention)
    for line, rule in RULES.items():
        kept = f"{schedule.periods[line]} {rule.unit}"
        click.echo(f"{line:18}{kept:12}at least {rule.least}: {rule.source}")
    click.echo(_approval(schedule))


@retention.command("run")
@of_file
@click.option(
    "--plan", "only_plan", is_flag=True, help="Show what would be done; so does a run without --yes."
)
@click.option("--yes", is_flag=True, help="Do it.")
@click.option(
    "--as-of", type=A_DAY,
    help="As if it were that day. A day to come is tried only where every citizen is invented.",
)  # fmt: skip
@click.option("--clock-is-right", is_flag=True, help="The service stood still for weeks; the clock is right.")
@click.pass_context
def run(
    context: click.Context, file: Path | None, only_plan: bool, yes: bool, as_of: datetime | None,
    clock_is_right: bool,
) -> None:  # fmt: skip
    """Let go of what is over: citizens, shards of the log, drafts and the like.

    \b
    It may be broken off at any time; the next run goes on. Exit codes:
    0 all of it done, or shown; 1 something could not be done.
    """
    settings, now = Settings.from_environment(), utc_now()
    schedule = read_schedule(file or settings.retention)
    day = as_of.date() if as_of else local_date(now)
    engine = opened_for(
        "retention.run", now=now, settings=settings, schedule=schedule.name, schedule_sha256=schedule.sha256,
        as_of=day.isoformat(), does="run" if yes and not only_plan else "plan",
        clock="vouched" if clock_is_right else "believed",
    )  # fmt: skip
    context.call_on_close(engine.dispose)
    if only_plan or not yes:
        with reading(engine) as session:
            why = doubt(session, now)
        lines = _planned(keeping.plan(engine, settings, schedule, now=now, as_of=day), schedule)
        click.echo("\n".join([*lines, *([why] if why else []), "Nothing was done. To do it: --yes"]))
        return
    done = keeping.run(
        engine, settings, schedule, now=now, as_of=day, operator=operator(), clock_is_right=clock_is_right,
        tell=click.echo,
    )  # fmt: skip
    click.echo(_told(done))
    for problem in done.problems:
        click.echo(f"Not done: {problem}", err=True)
    context.exit(1 if done.problems else 0)


def _planned(plan: Plan, schedule: Schedule) -> Iterator[str]:
    yield f"By the schedule {schedule.name}, as of {plan.as_of}:"
    yield _approval(schedule)
    if plan.is_empty:
        yield "Nothing is over."
    if plan.citizens:
        yield f"{len(plan.citizens)} citizens would be erased."
    if plan.waiting:
        serials = ", ".join(map(str, plan.waiting))
        yield f"Kept though their time is over, for a case is open: {serials}. Somebody must end it."
    yield from (f"{shard} would be retired." for shard in plan.shards)
    yield from (f"{shard} is over and stays: {why}" for shard, why in plan.held_back.items())
    yield from (f"{count} of {line} would be removed." for line, count in plan.passing.items() if count)


def _told(done: Done) -> str:
    counts = [f"{count} {kind.replace('_', ' ')}" for kind, count in done.counts.items() if count]
    return (
        f"Done: {', '.join([*counts, *(f'{shard} retired' for shard in done.shards)]) or 'nothing was over'}."
    )


def _approval(schedule: Schedule) -> str:
    if schedule.approved_by:
        return f"Approved by {schedule.approved_by}."
    return "Approved by nobody: nothing is erased by it until the DPO has set every period."
