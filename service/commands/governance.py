"""`skoen unit …` and `skoen phase …`: the stop button, a unit's mode, the phase with its legal basis."""

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
from service.tables.governance import PHASES
from service.tables.suggestion import MODES
from service.workflow import go_live, governance
from service.workflow.go_live import rollout


@click.group("unit")
def unit() -> None:
    """How evidence is shown in a unit."""


@unit.command("stop")
@click.argument("name")
@on_behalf_of
@because
def stop(name: str, username: str, reason: str) -> None:
    """Show no evidence in unit NAME from the next request on."""
    now = utc_now()
    with writing(opened_for("unit.stop", now=now)) as session:
        by = actor_named(session, username, now)
        row = governance.stop(session, unit_named(session, name, by), reason=reason, now=now, by=by)
    click.echo(f"{name} shows no evidence." if row else f"{name} was stopped already. Nothing was written.")


@unit.command("release")
@click.argument("name")
@on_behalf_of
@because
def release(name: str, username: str, reason: str) -> None:
    """Show evidence in unit NAME again."""
    now = utc_now()
    with writing(opened_for("unit.release", now=now)) as session:
        by = actor_named(session, username, now)
        row = governance.release(session, unit_named(session, name, by), reason=reason, now=now, by=by)
    click.echo(f"{name} shows evidence again." if row else f"{name} was not stopped. Nothing was written.")


@unit.command("mode")
@click.argument("name")
@click.argument("mode", type=click.Choice(MODES))
@on_behalf_of
def mode(name: str, mode: str, username: str) -> None:
    """Choose how evidence is shown in unit NAME: without or with a headline."""
    now = utc_now()
    with writing(opened_for("unit.mode", now=now)) as session:
        by = actor_named(session, username, now)
        row = governance.set_mode(session, unit_named(session, name, by), mode, now=now, by=by)
    click.echo(
        f"{name} is shown {mode}." if row else f"{name} was shown {mode} already. Nothing was written."
    )


@click.group("phase")
def phase() -> None:
    """The phase a municipality is in, and its legal basis."""


@phase.command("set")
@click.argument("code", type=click.Choice(PHASES))
@of_municipality
@click.option("--legal-basis", default="", help="The law it rests on; else as in the register.")
@click.option("--approver", default="", help="Who signed it; else as in the register.")
@click.option("--from", "valid_from", type=A_DAY, help="The first day; today.")
def set_(code: str, municipality: str, legal_basis: str, approver: str, valid_from: datetime | None) -> None:
    """Enter phase CODE from a day on.

    Beyond oevelse its legal basis must stand in the register of approvals (skoen register add approval);
    from skygge on, the model in use must be approved that far.
    """
    now = utc_now()
    first = valid_from.date() if valid_from else local_date(now)
    with writing(opened_for("phase.set", now=now)) as session:
        place = municipality_named(session, municipality)
        rollout.enter_phase(
            session, place.id, code, legal_basis=legal_basis, approved_by=approver, valid_from=first,
            now=now, by=None,
        )  # fmt: skip
        click.echo(f"{place.name} is in the phase {code} from {first}.")


@phase.command("show")
@of_municipality
def show(municipality: str) -> None:
    """Say which phase is in force today, and what it rests on."""
    now = utc_now()
    with reading(opened_for("phase.show", now=now)) as session:
        place = municipality_named(session, municipality)
        record = governance.phase_record(session, place.id, local_date(now))
        in_force = governance.phase_of(session, place.id, local_date(now))
    if record is None:
        click.echo(f"{place.name} is in no phase: no evidence is shown.")
        return
    click.echo(f"{place.name}: {record.phase} from {record.valid_from}.")
    click.echo(
        f"Legal basis: {record.legal_basis or 'none needed'}. Approved by: {record.approved_by or 'nobody'}."
    )
    if in_force is None:
        click.echo("The legal basis is missing or has run out: no evidence is shown.")


@phase.command("ready")
@of_municipality
def ready(municipality: str) -> None:
    """Every point of the gate before real use, with what it rests on or MANGLER."""
    now = utc_now()
    with reading(opened_for("phase.ready", now=now)) as session:
        found = go_live.points(session, municipality_named(session, municipality).id, now)
    for point in found:
        told = " ".join(point.evidence) or "MANGLER"
        mark = "" if point.met or not point.evidence else "IKKE OPFYLDT: "
        click.echo(f"{point.number:>2}. {point.title} (fra {point.needed_from}): {mark}{told}")
    click.echo(f"{sum(point.met for point in found)} of {len(found)} points are met.")
