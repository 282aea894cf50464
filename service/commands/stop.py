"""`skoen stop --all` and `skoen release --all`: the stop button of every unit of a municipality at once."""

import time
from collections.abc import Callable
from datetime import datetime
from functools import partial

import click
from sqlalchemy import Engine
from sqlmodel import Session

from service.clock import utc_now
from service.commands.naming import acting, because, municipality_named
from service.commands.opening import opened_for
from service.database import reading, writing
from service.errors import SkoenError
from service.identity import Actor
from service.policy import Action
from service.workflow.governance import stop_all

on_behalf_of = click.option(
    "--by", "who", required=True, help='Whoever decides it: "name, role", or the user name.'
)
of_municipality = click.option("--municipality", help="The four-digit code; else where that person works.")
every = click.option("--all", "everywhere", is_flag=True, help="In every unit; there is no other way.")
Press = Callable[..., stop_all.Pressed]


class NotWithheld(SkoenError):
    """The button was pressed, and a unit is still shown evidence."""

    sentence = "Evidence is still shown somewhere. See: skoen selftest"


@click.command("stop")
@every
@because
@on_behalf_of
@of_municipality
@click.option("--drill", is_flag=True, help="It is a drill: the reason says so, and the time is measured.")
def stop(everywhere: bool, reason: str, who: str, municipality: str | None, drill: bool) -> None:
    """Show no evidence in any unit from the next request on."""
    _require_all(everywhere, "stop")
    now = utc_now()
    engine = opened_for("stop", now=now)
    began = time.monotonic()
    by, pressed = _press(engine, partial(stop_all.stop_all, drill=drill), reason, who, municipality, now)
    with reading(engine) as session:
        withheld = stop_all.all_stopped(session, by.municipality_id)
    seconds = time.monotonic() - began
    if not withheld:
        raise NotWithheld
    if not pressed.changed:
        click.echo("Every unit was stopped already. Nothing was written.")
        return
    click.echo(f"No evidence is shown in: {', '.join(pressed.changed)}.")
    if pressed.left:
        click.echo(f"Stopped already: {', '.join(pressed.left)}.")
    if drill:
        click.echo(f"Drill: evidence was withheld everywhere after {seconds:.2f} s.")
        click.echo("End it with: skoen release --all")


@click.command("release")
@every
@because
@on_behalf_of
@of_municipality
def release(everywhere: bool, reason: str, who: str, municipality: str | None) -> None:
    """Show evidence again in the units that were stopped all at once."""
    _require_all(everywhere, "release")
    now = utc_now()
    engine = opened_for("release", now=now)
    _, pressed = _press(engine, stop_all.release_all, reason, who, municipality, now)
    if pressed.changed:
        click.echo(f"Evidence is shown again in: {', '.join(pressed.changed)}.")
    else:
        click.echo("No unit was stopped together with the others. Nothing was written.")
    if pressed.left:
        click.echo(f"Stopped on its own, and left so: {', '.join(pressed.left)}. See: skoen unit release")


def _require_all(everywhere: bool, verb: str) -> None:
    if not everywhere:
        raise click.UsageError(f"Say --all, or name one unit: skoen unit {verb} NAME")


def _press(
    engine: Engine, press: Press, reason: str, who: str, municipality: str | None, now: datetime
) -> tuple[Actor, stop_all.Pressed]:
    with writing(engine) as session:
        by = _actor(session, who, municipality, now)
        return by, press(session, reason=reason, now=now, by=by)


def _actor(session: Session, who: str, municipality: str | None, now: datetime) -> Actor:
    """Whoever is named, in the role that may stop every unit if it is one of hers; raises NotFound."""
    if municipality is not None:
        municipality_named(session, municipality)
    return acting(session, who, Action.STOP_ALL_UNITS, now=now, municipality=municipality)
