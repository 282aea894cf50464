"""`skoen access sample` and `skoen access reviews`: the log control from the command line, without names."""

import json
import sys
from datetime import date, datetime
from secrets import token_hex
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from sqlmodel import Session, select

from service.clock import local, local_date, utc_now
from service.commands.naming import A_DAY, municipality_meant
from service.commands.opening import opened_for
from service.database import reading, writing
from service.errors import NotFound
from service.identity import Actor, actors_of
from service.policy import Action, permits
from service.tables.intake import Case
from service.tables.oversight import LogSample
from service.workflow import log_control, staff
from service.workflow.log_control.draw import MOST, newest_period
from service.workflow.log_control.look_ups import beginnings
from service.workflow.log_control.overview import Tally
from service.workflow.oversight.access_export import export_access

USUAL_COUNT = 20
WIDE = 140
"""Columns of a table that is not read on a screen."""
as_document = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")


@click.group("access")
def access() -> None:
    """The log of who looked: routine control by samples."""


@access.command("sample")
@click.option("--from", "first", type=A_DAY, help="The first day; else the last month that can be drawn.")
@click.option("--to", "last", type=A_DAY, help="The last day; it must be more than a week ago.")
@click.option("--count", default=USUAL_COUNT, show_default=True, type=click.IntRange(1, MOST))
@click.option(
    "--seed", help="Decides the draw; a fresh one when left out. The same seed gives the same sample."
)
@click.option("--by", "username", required=True, help="The user name of the auditor who draws.")
@as_document
def sample(
    first: datetime | None, last: datetime | None, count: int, seed: str | None, username: str, as_json: bool
) -> None:
    """Draw look-ups of a period, by rule and at random. The draw is an entry in the log, like every other."""
    now = utc_now()
    engine = opened_for("access.sample", now=now)
    if (first is None) != (last is None):
        raise click.UsageError("Give both --from and --to, or neither.")
    start, end = (first.date(), last.date()) if first and last else newest_period(local_date(now))
    with reading(engine) as session:
        by = _auditor(session, username, local_date(now))
    drawn = log_control.draw(
        engine, starts_on=start, ends_on=end, wanted=count, seed=seed or token_hex(6), now=now, by=by
    )
    with reading(engine) as session:
        told = _told(session, drawn)
    if as_json:
        click.echo(json.dumps(told, indent=2))
        return
    table = Table("", "When", "Case", "Purpose", "Place in the log", "Why it was drawn")
    for number, one in enumerate(told["look_ups"], start=1):
        when = f"{local(datetime.fromisoformat(one['at'])):%Y-%m-%d %H:%M}" if one["at"] else "retired"
        place = f"{one['shard']} {one['seq']}"
        table.add_row(str(number), when, one["case"][:8], one["purpose"], place, one["why"])
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
    click.echo(
        f"{len(told['look_ups'])} of {told['eligible']} look-ups from {start} to {end}, seed {drawn.seed}."
        " Who looked is shown on the page Logkontrol, where they are reviewed."
    )


@access.command("reviews")
@click.option("--municipality", help="The four-digit code; needed where there are several.")
@click.option(
    "--year", type=click.IntRange(2000, 2999), help="The year of the draws; this one when left out."
)
@as_document
def reviews(municipality: str | None, year: int | None, as_json: bool) -> None:
    """Say in numbers how the control of a year goes: drawn, reviewed, found. For the yearly report."""
    now = utc_now()
    with reading(opened_for("access.reviews", now=now)) as session:
        place = municipality_meant(session, municipality)
        found = log_control.overview(session, place.id, year or local_date(now).year)
    lines = {
        **{f"{one.starts_on} to {one.ends_on}, seed {one.seed}": tally for one, tally in found.samples},
        **{f"drawn: {code}": tally for code, tally in found.by_rule},
        "all": found.total,
    }
    if as_json:
        document = {
            "municipality": place.code, "year": found.year, "eligible": found.eligible,
            "total": _counts(found.total),
            "samples": [
                {"id": one.id, "from": str(one.starts_on), "to": str(one.ends_on), "seed": one.seed,
                 "eligible": one.eligible, **_counts(tally)}
                for one, tally in found.samples
            ],
            "by_rule": {code: _counts(tally) for code, tally in found.by_rule},
        }  # fmt: skip
        click.echo(json.dumps(document, indent=2))
        return
    table = Table("", "Drawn", "Reviewed", "In order", "To examine", "Breach", "Open", "Gone")
    for words, tally in lines.items():
        table.add_row(words, *(str(count) for count in _counts(tally).values()))
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
    click.echo(
        f"{place.name} {found.year}: {len(found.samples)} samples from {found.eligible} look-ups,"
        f" {found.total.reviewed} of {found.total.drawn} reviewed."
    )


@access.command("export")
@click.argument("serial", type=click.IntRange(1, 999_999_999))
@click.option("--municipality", help="The four-digit code; needed where there are several.")
@click.option("--opening", help="The id of a request for the names that two people have opened.")
def export(serial: int, municipality: str | None, opening: str | None) -> None:
    """Write the look-ups of one case as JSON, in the manner of MinLog2; names only when they are opened."""
    now = utc_now()
    engine = opened_for("access.export", now=now)
    with reading(engine) as session:
        place = municipality_meant(session, municipality)
        query = select(Case).where(Case.municipality_id == place.id, Case.serial == serial)
        case = session.exec(query).first()
    if case is None:
        raise NotFound(f"{place.name} has no case {serial}.")
    with writing(engine) as session:
        document = export_access(session, case, now=now, opening=opening)
    click.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _auditor(session: Session, username: str, today: date) -> Actor:
    """The person as she may control the log today, else as she is, and the workflow refuses her."""
    roles = actors_of(session, staff.find_person(session, username).id, today)
    if not roles:
        raise NotFound(f"{username} works nowhere today.")
    return next((actor for actor in roles if permits(actor, Action.CONTROL_LOG)), roles[0])


def _told(session: Session, drawn: LogSample) -> dict[str, Any]:
    """A sample as it was drawn, with what the log says of each look-up; nobody is named."""
    begun = beginnings(session, ((shard, int(seq)) for shard, seq, _ in drawn.lookups))
    look_ups = []
    for shard, seq, why in drawn.lookups:
        one = begun.get((shard, int(seq)))
        look_ups.append({
            "shard": shard, "seq": int(seq), "why": why,
            "id": one.id if one else "", "at": one.at.isoformat() if one else "",
            "case": one.case_id if one else "", "purpose": one.purpose if one else "",
        })  # fmt: skip
    return {
        "id": drawn.id, "from": str(drawn.starts_on), "to": str(drawn.ends_on), "seed": drawn.seed,
        "count": drawn.wanted, "eligible": drawn.eligible, "look_ups": look_ups,
    }  # fmt: skip


def _counts(tally: Tally) -> dict[str, int]:
    return {
        "drawn": tally.drawn, "reviewed": tally.reviewed, "in_order": tally.in_order,
        "to_examine": tally.to_examine, "breach": tally.breach, "open": tally.open, "gone": tally.gone,
    }  # fmt: skip
