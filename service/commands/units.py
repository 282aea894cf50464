"""`skoen units add`: a municipality and the units in which its cases are handled."""

import click

from service.clock import utc_now
from service.commands.opening import opened_for
from service.database import writing
from service.workflow import staff


@click.group("units")
def units() -> None:
    """Municipalities and their units."""


@units.command("add")
@click.argument("name")
@click.option("--municipality", required=True, help="The four-digit code.")
@click.option("--municipality-name", required=True, help="For example: Fjordby Kommune.")
@click.option("--cvr", help="The municipality's CVR number, eight digits; the access log names it by that.")
@click.option("--sor", help="The unit's SOR code.")
def add(name: str, municipality: str, municipality_name: str, cvr: str | None, sor: str | None) -> None:
    """Set up a unit, and its municipality when it is new. The same again changes nothing."""
    now = utc_now()
    with writing(opened_for("units.add", now=now)) as session:
        place = staff.add_municipality(session, municipality, municipality_name, now=now, cvr=cvr)
        unit = staff.add_unit(session, place.id, name, now=now, sor=sor)
    click.echo(f"{unit.name} is a unit of {place.name}.")
