"""`skoen shadow …`: the seal of what was computed and shown to nobody; two people open it."""

from datetime import datetime

import click
from sqlmodel import Session

from service.clock import utc_now
from service.commands.naming import A_DAY, actor_named, municipality_named, of_municipality, on_behalf_of
from service.commands.opening import opened_for
from service.database import reading, writing
from service.tables.organisation import Person
from service.workflow import shadow as seals


@click.group("shadow")
def shadow() -> None:
    """The sealed results of the phases udvikling and skygge."""


@shadow.command("ask")
@click.option("--from", "first", required=True, type=A_DAY, help="The first day of the period.")
@click.option("--to", "last", required=True, type=A_DAY, help="The last day; it must be over.")
@click.option("--reason", required=True, help="What you want to find out, said before anybody sees anything.")
@on_behalf_of
def ask(first: datetime, last: datetime, reason: str, username: str) -> None:
    """Say why the results of a period should be opened. It opens nothing."""
    now = utc_now()
    with writing(opened_for("shadow.ask", now=now)) as session:
        by = actor_named(session, username, now)
        row = seals.ask(session, first.date(), last.date(), reason=reason, now=now, by=by)
        click.echo(f"{row.id}  Somebody else can open it from tomorrow: skoen shadow open {row.id}")


@shadow.command("open")
@click.argument("asked_id")
@on_behalf_of
def open_(asked_id: str, username: str) -> None:
    """Break the seal that somebody else asked to have broken on an earlier day."""
    now = utc_now()
    with writing(opened_for("shadow.open", now=now)) as session:
        row = seals.break_seal(session, asked_id, now=now, by=actor_named(session, username, now))
        click.echo(f"The results of {row.starts_on} to {row.ends_on} are open.")


@shadow.command("show")
@click.argument("asked_id")
@on_behalf_of
def show(asked_id: str, username: str) -> None:
    """What an opened period says, as one count."""
    now = utc_now()
    with writing(opened_for("shadow.show", now=now)) as session:
        found = seals.read(session, asked_id, now=now, by=actor_named(session, username, now))
    if found.cases is None:
        click.echo("Too few cases or people to be told.")
        return
    click.echo(f"In {found.same} of {found.cases} cases the own judgement was what most similar cases got.")


@shadow.command("list")
@of_municipality
def list_(municipality: str) -> None:
    """What was asked for, why, by whom, and whether it is open."""
    with reading(opened_for("shadow.list", now=utc_now())) as session:
        place = municipality_named(session, municipality)
        found = seals.seals(session, place.id)
        for seal in found:
            asked, opened = seal.asked, seal.opened
            state = f"opened by {_name(session, opened.named)}" if opened else "sealed"
            click.echo(
                f"{asked.id}  {asked.starts_on} to {asked.ends_on}  {_name(session, asked.named)}:"
                f" {asked.reason}  ({state})"
            )
    click.echo(f"{len(found)} periods.")


def _name(session: Session, person_id: str) -> str:
    return session.get_one(Person, person_id).display_name
