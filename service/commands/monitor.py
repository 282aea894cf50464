"""`skoen model monitor`: the monthly look at the model in use, written in the registers."""

import json

import click
from rich.console import Console
from rich.table import Table

from models import areas
from service.clock import local_date, utc_now
from service.commands.naming import municipality_named, of_municipality
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading, writing
from service.workflow import monitoring
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers.monitoring import before, month_code

WIDE = 160
ALARMED = 5
"""The exit code when there is an alarm, so that whoever runs it monthly is told."""


@click.group("model")
def model() -> None:
    """Models in use."""


@model.command("monitor")
@of_municipality
@click.option("--month", default="", help="A month that is over, as 2026-10; the last one.")
@click.option("--area", default="genoptraening", show_default=True, type=click.Choice(areas.names()))
@click.option("--by", "recorded_by", default="", help="Who enters it: “name, role”.")
@click.option("--dry-run", is_flag=True, help="Measure, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
def monitor(municipality: str, month: str, area: str, recorded_by: str, dry_run: bool, as_json: bool) -> None:
    """Look at a month: facts, own judgements, calibration, data quality, overrides, remarks, serving.

    Writes one entry in the register “monitoring”; an alarm is a task until somebody closes it. Run it
    monthly, by the tenth. Exits 5 when there is an alarm.
    """
    settings, now = Settings.from_environment(), utc_now()
    engine, shelf = opened_for("model.monitor", now=now, settings=settings), ModelShelf(settings.models)
    month = month or before(month_code(local_date(now)))
    with reading(engine) as session:
        place = municipality_named(session, municipality).id
        run = monitoring.look(session, shelf, place, areas.get(area), month, now=now)
    if not dry_run:
        with writing(engine) as session:
            monitoring.record(session, place, run, recorded_by=recorded_by, now=now, by=None)
    _say(run, as_json)
    if run.alarms:
        raise SystemExit(ALARMED)


def _say(run: monitoring.Run, as_json: bool) -> None:
    if as_json:
        told = {
            "month": run.month, "area": run.area, "version": run.version, "measures": run.lines(),
            "alarms": list(run.alarms), "shadow": dict(run.shadow),
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    table = Table(title=f"{run.version}, {run.month}", title_justify="left")
    for heading in ("Measure", "Value", "Cases", "Usual", "Alarm at", "Answer"):
        table.add_column(heading, overflow="fold")
    for line in run.lines():
        table.add_row(*line.values())
    Console(width=WIDE).print(table)
    click.echo(f"{len(run.alarms)} alarms." if len(run.alarms) != 1 else "1 alarm.")
