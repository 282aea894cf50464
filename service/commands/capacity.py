"""`skoen capacity import`: places and waiting by offer from a file, for the capacity board."""

from pathlib import Path

import click

from service.clock import utc_now
from service.commands.naming import municipality_named, of_municipality
from service.commands.opening import opened_for
from service.database import writing
from service.intake_formats.problem import Refused
from service.workflow.capacity.importing import COLUMNS, take_over


@click.group("capacity")
def capacity() -> None:
    """The capacity board; never shown with a case."""


@capacity.command("import", help=f"Take in FILE, a CSV with the columns {', '.join(COLUMNS)}.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@of_municipality
@click.option("--by", "recorded_by", required=True, help="Who answers for the numbers: “name, role”.")
def import_(file: Path, municipality: str, recorded_by: str) -> None:
    """Take in every row of the file, or, when one of them is wrong, none."""
    now = utc_now()
    with writing(opened_for("capacity.import", now=now)) as session:
        place = municipality_named(session, municipality)
        try:
            taken = take_over(session, file, place.id, recorded_by=recorded_by, now=now)
        except Refused as refused:
            lines = [problem.line() for problem in refused.problems]
            message = "\n".join([*lines, "Nothing was taken in."])
            raise click.ClickException(message) from None
    click.echo(f"{taken} rows are on the board.")
