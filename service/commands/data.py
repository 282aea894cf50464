"""`skoen data import` and `skoen data export-outcomes`: what comes in from files, and how it went."""

import csv
import json
import os
from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import track
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.cells import cell
from models.decided_case import OUTCOME_COLUMNS
from models.label_sanity import Finding
from service import log
from service.clock import utc_now
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading, writing
from service.intake_formats.history import private
from service.intake_formats.rejects import write_rejects
from service.intake_formats.staging import Stage, files_in
from service.intake_formats.takeover import Taken, take_over
from service.keys import read_keys
from service.log import Event
from service.tables.delivery import DeliveryReport, ReportedResource
from service.tables.organisation import Municipality
from service.workflow.delivery import outcome_of

ALL_TAKEN, NOTHING_TAKEN, REST_TAKEN, NOT_JUDGED = 0, 3, 4, 5
MOST_LINES = 200
WORDS = {
    "cases_closed": ("closed case", "closed cases"),
    "histories_new": ("new history", "new histories"),
    "histories_unchanged": ("unchanged history", "unchanged histories"),
    "history_rows": ("row of history", "rows of history"),
    "plans_new": ("new plan", "new plans"),
    "plans_unchanged": ("unchanged plan", "unchanged plans"),
    "plans_updated": ("updated plan", "updated plans"),
    "reports_new": ("new report", "new reports"),
    "reports_unchanged": ("unchanged report", "unchanged reports"),
}

municipality_option = click.option(
    "--municipality",
    metavar="CODE",
    help="Four-digit code of the municipality. Delivery reports need it where there are several.",
)


@click.group("data")
def data() -> None:
    """What comes in from files, and what goes out to notebooks."""


@data.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@municipality_option
@click.option(
    "--accept-rejects", is_flag=True, help="Take over what is good; without it one reject stops it all."
)
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the rejects (.csv or .jsonl); otherwise under var/rejects/.",
)
@click.option(
    "--outcomes/--no-outcomes",
    default=True,
    show_default=True,
    help="Join history with the outcomes that delivery reports tell.",
)
@click.option("--dry-run", is_flag=True, help="Read and check everything; take nothing over.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@click.pass_context
def import_files(
    context: click.Context, paths: tuple[Path, ...], municipality: str | None, accept_rejects: bool,
    rejects: Path | None, outcomes: bool, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Take over referrals, KL § 140 bundles and history from PATHS (files or folders).

    Files are recognised by their content. Everything is read and checked before anything is written.

    \b
    Exit codes: 0 all taken over or unchanged; 3 rejects, nothing taken over;
    4 rejects, the rest taken over (--accept-rejects); 5 all taken over, but the levels look written
    by a system and no model may be learned from them; 2 wrong use; 1 anything else.
    """
    settings, now = Settings.from_environment(), utc_now()
    engine = opened_for("data.import", now=now, settings=settings)
    stage = Stage(now, settings.var / "history", municipality, _only_municipality(engine, municipality))
    try:
        for path in _followed(list(files_in(paths)), quiet=as_json):
            stage.add(path)
        taken = take_over(
            stage, engine, pepper=read_keys(settings).pepper, accept_rejects=accept_rejects, dry_run=dry_run,
            with_outcomes=outcomes, record=partial(_record_taken, now=now),
        )  # fmt: skip
    finally:
        stage.discard()
        engine.dispose()
    problems = [*stage.problems, *taken.problems]
    refused = bool(problems) and not accept_rejects
    if problems and not (dry_run and rejects is None):
        rejects = rejects or settings.var / "rejects" / f"{now:%Y%m%dT%H%M%S%fZ}.jsonl"
        write_rejects(problems, rejects)
    findings = [each for history in stage.histories for each in history.findings]
    _print_problems([problem.line() for problem in problems])
    _print_findings(findings)
    result = _result(stage, taken, problems, rejects, refused, dry_run)
    _print_result(result | {"labels": [each.to_json() for each in findings]}, as_json)
    context.exit(_exit_code(bool(problems), refused or dry_run, any(each.refuses for each in findings)))


@data.command("export-outcomes")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The CSV file to write."
)
@municipality_option
def export_outcomes(out: Path, municipality: str | None) -> None:
    """Write how every reported course went: request id and outcome, no identity."""
    now = utc_now()
    engine = opened_for("data.export-outcomes", now=now)
    try:
        code = municipality or _only_municipality(engine, None)
        if code is None:
            raise click.UsageError("There are several municipalities here. Say which with --municipality.")
        with writing(engine) as session:
            rows = _outcome_rows(session, code)
            log.append(
                session, Event.EXPORTED, at=now, by=None, what="outcomes", municipality=code,
                count=str(len(rows)),
            )  # fmt: skip
            _write(rows, out, out.with_name(f".{out.name}.{os.getpid()}"))
            session.commit()
    finally:
        engine.dispose()
    click.echo(f"{len(rows)} outcomes written to {out}")


def _record_taken(session: Session, *, now: datetime, **counts: Any) -> None:
    """Write what was taken over, in the transaction that takes it over."""
    log.append(session, Event.DATA_IMPORTED, at=now, by=None, **counts)


def _only_municipality(engine: Engine, asked_for: str | None) -> str | None:
    """The code of the only municipality there is; a code that was asked for must exist."""
    with reading(engine) as session:
        codes = list(session.exec(select(Municipality.code).order_by(Municipality.code)))
    if asked_for is not None and asked_for not in codes:
        raise click.UsageError(
            f"There is no municipality {asked_for} here; there are: {', '.join(codes) or 'none'}."
        )
    return codes[0] if len(codes) == 1 else None


def _followed(paths: list[Path], quiet: bool) -> Iterable[Path]:
    """The paths, with a progress bar where somebody is looking."""
    console = Console(stderr=True)
    if quiet or not console.is_terminal or len(paths) < 2:
        return paths
    return track(paths, description="Reading", console=console, transient=True)


def _result(
    stage: Stage, taken: Taken, problems: list[Any], rejects: Path | None, refused: bool, dry_run: bool
) -> dict[str, Any]:
    checked = dict.fromkeys(taken.counts, 0) if refused else dict(taken.counts)
    if dry_run and not refused:
        checked["history_rows"] = sum(history.rows for history in stage.histories)
    return {
        "files": stage.files,
        "dry_run": dry_run,
        "rejects": len(problems),
        "rejects_file": str(rejects) if problems and rejects else None,
        "counts": {word: count for word, count in sorted(checked.items()) if count},
        "history": [str(path) for path in taken.history],
    }


def _exit_code(problems: bool, nothing_taken: bool, not_judged: bool) -> int:
    if problems:
        return NOTHING_TAKEN if nothing_taken else REST_TAKEN
    return NOT_JUDGED if not_judged else ALL_TAKEN


def _print_findings(findings: list[Finding]) -> None:
    for each in findings:
        click.echo(f"{each.found} {each.means} {each.cure}", err=True)


def _print_problems(lines: list[str]) -> None:
    for line in lines[:MOST_LINES]:
        click.echo(line, err=True)
    if len(lines) > MOST_LINES:
        click.echo(f"… and {len(lines) - MOST_LINES} more in the rejects file", err=True)


def _print_result(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
        return
    counts = ", ".join(_counted(count, *WORDS[word]) for word, count in result["counts"].items())
    verb = "Would take over" if result["dry_run"] else "Taken over"
    click.echo(f"{_counted(result['files'], 'file', 'files')} read. {verb}: {counts or 'nothing'}.")
    for path in result["history"]:
        click.echo(f"History kept in {path}")
    if result["rejects"]:
        where = f", listed in {result['rejects_file']}" if result["rejects_file"] else ""
        click.echo(f"{_counted(result['rejects'], 'reject', 'rejects')}{where}.")


def _counted(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def _outcome_rows(session: Session, code: str) -> list[dict[str, str]]:
    municipality = session.exec(select(Municipality).where(Municipality.code == code)).one()
    ids = session.exec(
        select(ReportedResource.request_id)
        .join(DeliveryReport, col(DeliveryReport.id) == col(ReportedResource.report_id))
        .where(DeliveryReport.municipality_id == municipality.id, ReportedResource.request_id != "")
        .distinct()
    )
    found = outcome_of(session, list(ids), municipality_id=municipality.id)
    return [
        {
            "request_id": request_id,
            **dict(zip(OUTCOME_COLUMNS, map(cell, astuple(outcome)), strict=True)),
        }
        for request_id, outcome in sorted(found.items())
        if outcome.status is not None or outcome.started is not None
    ]


def _write(rows: list[dict[str, str]], out: Path, beside: Path) -> None:
    """Written beside and moved into place, so that nobody reads half a file."""
    with private(beside) as target:
        writer = csv.DictWriter(target, ("request_id", *OUTCOME_COLUMNS), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    beside.replace(out)
