"""`skoen units add`: a municipality and the units in which its cases are handled."""

import click

from service.clock import utc_now
from service.commands.opening import open_database, record_command
from service.database import writing
from service.workflow import staff


@click.group("units")
def units() -> None:
    """Municipalities and their units."""


@units.command("add")
@click.argument("name")
@click.option("--municipality", required=True, help="The four-digit code.")
@click.option("--municipality-name", required=True, help="For example: Fjordby Kommune.")
def add(name: str, municipality: str, municipality_name: str) -> None:
    """Set up a unit, and its municipality when it is new. The same again changes nothing."""
    with writing(open_database()) as session:
        place = staff.add_municipality(session, municipality, municipality_name)
        unit = staff.add_unit(session, place.id, name)
        record_command(session, "units.add", now=utc_now(), unit_id=unit.id)
        session.commit()
    click.echo(f"{unit.name} is a unit of {place.name}.")
