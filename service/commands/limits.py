"""`skoen limits show` and `skoen limits check FILE`: what no unit may loosen, and what is tightened here."""

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from service.clock import utc_now
from service.commands.opening import opened_for
from service.limits import CENTRAL, Bound, Limits, in_force, read_limits


@click.group("limits")
def limits() -> None:
    """The limits that a municipality or a unit may tighten and never loosen."""


@limits.command("show")
def show() -> None:
    """Every limit: the central value and the one in force, and by unit where one is stricter."""
    opened_for("limits.show", now=utc_now())
    _print(in_force())


@limits.command("check")
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Read a local file without putting it in force; a line that loosens a limit is refused by name."""
    opened_for("limits.check", now=utc_now())
    _print(read_limits(file))
    click.echo(f"{file} can be used. Point SKOEN_LIMITS at it and start again.")


def _print(found: Limits) -> None:
    table = Table(
        "Limit", "Central", "In force", "May be", *(f"{name} ({code})" for code, name in found.units)
    )
    for limit in CENTRAL:
        values = [limit.value, found.values[limit.name]]
        by_unit = [str(unit[limit.name]) for unit in found.units.values()]
        may = {Bound.LEAST: "raised", Bound.MOST: "lowered", Bound.FIXED: "kept"}[limit.bound]
        table.add_row(limit.name, *(str(value) for value in values), may, *by_unit)
    Console(width=140).print(table)
