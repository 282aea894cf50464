"""`skoen trial …`: cases decided with and without evidence by lot, from the plan to what it came to."""

import json
from collections.abc import Sequence
from datetime import datetime

import click

from service.clock import local_date, utc_now
from service.commands.naming import (
    A_DAY,
    actor_named,
    because,
    municipality_named,
    of_municipality,
    on_behalf_of,
    unit_named,
)
from service.commands.opening import opened_for
from service.database import reading, writing
from service.workflow import trial as trials
from service.workflow.statistics.shares import Share
from service.workflow.trial import Plan
from service.workflow.trial.planning import Size, sample_size
from service.workflow.trial.results import WHO, ArmResult, Results, results

SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
share = click.option(
    "--share", type=SHARE, required=True, help="The share of cases without evidence, as in 0.1."
)
with_evidence = click.option(
    "--from",
    "with_evidence",
    type=SHARE,
    required=True,
    help="The share expected to be changed with evidence, as in 0.35.",
)
without = click.option(
    "--to", "without", type=SHARE, required=True, help="The share expected to be changed without, as in 0.45."
)


@click.group("trial")
def trial() -> None:
    """Cases decided with and without evidence by lot, to know what the evidence does."""


@trial.command("plan")
@share
@with_evidence
@without
@click.option("--power", type=SHARE, default=0.8, show_default=True, help="The chance to see it.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def plan(share: float, with_evidence: float, without: float, power: float, as_json: bool) -> None:
    """How many cases a trial needs to tell two shares apart. It writes nothing."""
    opened_for("trial.plan", now=utc_now())
    found = _size(with_evidence, without, share, power)
    if as_json:
        click.echo(json.dumps({"cases": found.cases, "control": found.control}))
        return
    click.echo(f"{found.cases} cases in all, {found.control} of them without evidence.")


@trial.command("register")
@click.argument("name")
@click.option("--unit", "units", multiple=True, required=True, help="A unit's name; may be repeated.")
@share
@with_evidence
@without
@click.option("--starts", required=True, type=A_DAY, help="The first day.")
@click.option("--ends", required=True, type=A_DAY, help="The last day, within a year.")
@click.option("--approver", required=True, help='Who approved it, as in "Name, role".')
@click.option("--null-option", required=True, help="What it would mean to let it be.")
@click.option("--margin", type=int, default=5, show_default=True, help="Points that count as worse.")
@click.option("--looks", type=int, default=4, show_default=True, help="Interim looks.")
@click.option("--exempt", multiple=True, help="A fact for which no lots are drawn, as in question=code.")
@click.option("--area", default="genoptraening", show_default=True)
@on_behalf_of
def register(
    name: str, units: Sequence[str], share: float, with_evidence: float, without: float, starts: datetime,
    ends: datetime, approver: str, null_option: str, margin: int, looks: int, exempt: Sequence[str],
    area: str, username: str,
) -> None:  # fmt: skip
    """Settle the plan of trial NAME before anybody is drawn. Somebody else starts it."""
    now = utc_now()
    engine = opened_for("trial.register", now=now)
    size = _size(with_evidence, without, share, 0.8)
    with writing(engine) as session:
        by = actor_named(session, username, now)
        ids = tuple(unit_named(session, each, by) for each in units)
        row = trials.register(
            session,
            Plan(
                name=name, area=area, units=ids, share=round(100 * share), starts_on=starts.date(),
                ends_on=ends.date(), approver=approver, null_option=null_option,
                expected_with=round(100 * with_evidence), expected_without=round(100 * without),
                cases=size.cases, looks=looks, margin=margin, exempt=tuple(exempt),
            ),
            now=now, by=by,
        )  # fmt: skip
        click.echo(f"{row.name}: {row.cases} cases planned, {row.share} % without evidence.")
        click.echo(f"Plan {row.plan_hash}")


@trial.command("start")
@click.argument("name")
@on_behalf_of
def start(name: str, username: str) -> None:
    """Let cases be drawn from the first day on."""
    now = utc_now()
    with writing(opened_for("trial.start", now=now)) as session:
        trials.start(session, name, now=now, by=actor_named(session, username, now))
        click.echo(f"{name} is started.")


@trial.command("look")
@click.argument("name")
@on_behalf_of
def look(name: str, username: str) -> None:
    """Look whether either arm does harm; a look that finds it stops the trial by itself."""
    now = utc_now()
    with writing(opened_for("trial.look", now=now)) as session:
        seen = trials.look_at(session, name, now=now, by=actor_named(session, username, now))
    told = {
        "too_few": "Too few cases can be followed yet. Nothing was looked at.",
        "go_on": "Go on.",
        "evidence_worse": "STOPPED: cases went worse with evidence. No evidence is shown in its units.",
        "control_worse": "STOPPED: cases went worse without evidence. No more cases are drawn.",
    }[seen.verdict]
    click.echo(told if seen.information is None else f"{told} ({seen.information} % of what was planned)")
    if seen.verdict not in ("too_few", "go_on"):
        raise SystemExit(3)


@trial.command("stop")
@click.argument("name")
@because
@on_behalf_of
def stop(name: str, reason: str, username: str) -> None:
    """Draw no more cases from the next judgement on; those drawn keep their arm."""
    now = utc_now()
    with writing(opened_for("trial.stop", now=now)) as session:
        trials.stop(session, name, reason=reason, now=now, by=actor_named(session, username, now))
        click.echo(f"{name} is stopped. No more cases are drawn.")


@trial.command("unseal")
@click.argument("name")
@because
@on_behalf_of
def unseal(name: str, reason: str, username: str) -> None:
    """Open what a trial that is over came to; by another than whoever started it."""
    now = utc_now()
    with writing(opened_for("trial.unseal", now=now)) as session:
        trials.unseal(session, name, reason=reason, now=now, by=actor_named(session, username, now))
        click.echo(f"{name} is open: skoen trial report {name}")


@trial.command("report")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@on_behalf_of
def report(name: str, as_json: bool, username: str) -> None:
    """What an opened trial came to: people alone, people with evidence, evidence alone."""
    now = utc_now()
    engine = opened_for("trial.report", now=now)
    with writing(engine) as session:
        by = actor_named(session, username, now)
        found = trials.find(session, by.municipality_id, name, now)
        trials.note_reading(session, found, now=now, by=by)
    with reading(engine) as session:
        told = results(session, trials.find(session, by.municipality_id, name, now), now)
        wrong = trials.misdrawn(session, found.trial)
    if wrong:
        click.echo(f"WARNING: drawn again, {wrong} lots give another arm than was written down.", err=True)
    click.echo(json.dumps(_told(told), ensure_ascii=False, indent=2) if as_json else _lines(told))


@trial.command("list")
@of_municipality
def list_(municipality: str) -> None:
    """The trials of a municipality: where each stands, and what was done about it."""
    now = utc_now()
    with reading(opened_for("trial.list", now=now)) as session:
        place = municipality_named(session, municipality)
        found = trials.standings(session, place.id, now)
    for each in found:
        row = each.trial
        click.echo(f"{row.name}  {each.state}  {row.starts_on} to {row.ends_on}  {row.share} % without")
        for step in each.steps:
            said = step.verdict or step.reason
            click.echo(f"  {local_date(step.at)}  {step.kind}{f': {said}' if said else ''}")
    click.echo(f"{len(found)} trials.")


def _size(with_evidence: float, without: float, share: float, power: float) -> Size:
    try:
        return sample_size(with_evidence, without, share, power=power)
    except ValueError as wrong:
        raise click.UsageError(f"Give two different shares: {wrong}.") from wrong


def _lines(told: Results) -> str:
    lines = [f"Quarters: {', '.join(each.code for each in told.quarters) or 'none that can be read yet'}"]
    for name, arm in (("with evidence", told.evidence), ("without evidence", told.control)):
        lines.append(f"{name}: {_count(arm.side.cases)} cases")
        lines += [f"  {label}: {_words(each)}" for label, each in _shares(arm).items()]
        middle = arm.side.minutes.middle
        lines.append(f"  minutes per case: {'hidden or none' if middle is None else f'{middle:g}'}")
    lines.append(f"Right first time, with less without: {_points(told)}")
    lines.append(f"Against the margin of the plan: {told.verdict}")
    return "\n".join(lines)


def _told(told: Results) -> dict[str, object]:
    return {
        "quarters": [each.code for each in told.quarters],
        "arms": {
            name: {
                "cases": arm.side.cases,
                "minutes": arm.side.minutes.middle,
                **{label: {"hits": each.hits, "of": each.of} for label, each in _shares(arm).items()},
            }
            for name, arm in (("evidence", told.evidence), ("control", told.control))
        },
        "difference_right": None if told.right is None else vars(told.right),
        "verdict": told.verdict,
    }


def _shares(arm: ArmResult) -> dict[str, Share]:
    return {
        "right first time": arm.side.right,
        "start in time": arm.in_time,
        "asked to see nothing": arm.left,
        **{f"decided {level}": each for level, each in arm.levels},
        **{f"the level that held, {who}": arm.met[who] for who in WHO},
    }


def _points(told: Results) -> str:
    if told.right is None:
        return "cannot be measured"
    return f"{told.right.points} percentage points ({told.right.low} to {told.right.high})"


def _words(each: Share) -> str:
    return "hidden" if each.of is None else f"{each.hits} of {each.of}"


def _count(count: int | None) -> str:
    return "hidden" if count is None else str(count)
