"""`skoen selftest`: what each web process asks itself, asked from the command line."""

import json

import click
from rich.console import Console
from rich.table import Table

from service.clock import utc_now
from service.commands.opening import refuse_no_database
from service.config import Settings
from service.log.vault import engine_with_vault
from service.selftest import CHECKS, OF_A_WEB_PROCESS, Installation, Report, State, Unanswered, run

MARKS = {State.OK: "ok", State.WARNING: "look", State.FAULT: "FAULT"}


@click.command("selftest")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
@click.pass_context
def selftest(context: click.Context, as_json: bool) -> None:
    """Is this installation fit to save anything? Exits with 1 when it is not; it writes nothing."""
    settings = Settings.from_environment()
    refuse_no_database(settings)
    engine = engine_with_vault(settings)
    try:
        ours = [name for name in CHECKS if name not in OF_A_WEB_PROCESS]
        report = run(Installation(settings, engine, utc_now()), ours)
    except Unanswered:
        raise click.ClickException("The database does not answer.") from None
    finally:
        engine.dispose()
    if as_json:
        click.echo(_as_json(report))
    else:
        Console().print(_as_table(report))
        click.echo(_verdict(report))
    context.exit(1 if report.faults else 0)


def _as_json(report: Report) -> str:
    checks = {
        name: {"state": each.state.value, "says": each.english, "where": each.where}
        for name, each in report.findings.items()
    }
    return json.dumps({"ok": not report.faults, "at": report.at.isoformat(), "checks": checks}, indent=2)


def _as_table(report: Report) -> Table:
    table = Table("Check", "", "What was found")
    for state in (State.FAULT, State.WARNING, State.OK):
        for name, each in report.those(state).items():
            table.add_row(name, MARKS[state], each.english)
    return table


def _verdict(report: Report) -> str:
    if report.faults:
        return f"A web process would save nothing: {', '.join(report.faults)}."
    return "Fit to save."
