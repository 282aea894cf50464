"""`skoen data import` and `skoen data export-outcomes`: what comes in from files, and how it went."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import astuple
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any, TextIO

import click
from sqlalchemy import Engine
from sqlmodel import Session, select

from models.cells import cell
from models.decided_case import OUTCOME_COLUMNS
from models.label_sanity import Finding
from service import log
from service.clock import utc_now
from service.commands.import_progress import ImportProgress
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading, writing
from service.files import room_in, settle, whole
from service.intake_formats.problem import Problem
from service.intake_formats.rejects import write_rejects
from service.intake_formats.staging import Stage, files_in
from service.intake_formats.takeover import NOTHING_TAKEN, STAYS, Taken, take_over
from service.keys import read_keys
from service.log import Event
from service.tables.organisation import Municipality
from service.workflow import delivery

TAKEN, REFUSED, REST_TAKEN, NOT_JUDGED = 0, 3, 4, 5
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
    if rejects is None and not dry_run:
        rejects = settings.var / "rejects" / f"{now:%Y%m%dT%H%M%S%fZ}.jsonl"
    stage = Stage(now, settings.var / "history", municipality, _only_municipality(engine, municipality))
    try:
        with ImportProgress(quiet=as_json) as progress:
            stage.count = progress.count
            with room_in(settings.var, NOTHING_TAKEN):
                for path in progress.each(list(files_in(paths))):
                    stage.add(path)
                # Before anything is taken over: what is refused must not be lost to a full disk.
                _keep_rejects(stage, (), rejects)
            progress.begin("Taking over")
            taken = take_over(
                stage, engine, pepper=read_keys(settings).pepper, accept_rejects=accept_rejects,
                dry_run=dry_run, with_outcomes=outcomes, record=partial(_record_taken, now=now),
            )  # fmt: skip
        if taken.problems:
            with room_in(settings.var, STAYS if taken.changed else NOTHING_TAKEN):
                _keep_rejects(stage, taken.problems, rejects)
        count = len(stage.problems) + len(taken.problems)
        _print_problems(chain(stage.problems, taken.problems), count)
    finally:
        stage.discard()
        engine.dispose()
    refused = bool(count) and not accept_rejects
    findings = [each for history in stage.histories for each in history.findings]
    _print_findings(findings)
    result = _result(stage, taken, count, rejects, refused, dry_run)
    _print_result(result | {"labels": [each.to_json() for each in findings]}, as_json)
    context.exit(_exit_code(bool(count), refused or dry_run, any(each.refuses for each in findings)))


@data.command("export-outcomes")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The CSV file to write."
)
@municipality_option
def export_outcomes(out: Path, municipality: str | None) -> None:
    """Write how every reported course went: request id and outcome, no identity.

    The file appears whole or not at all, and only after the export stands in the access log.
    """
    now = utc_now()
    engine = opened_for("data.export-outcomes", now=now)
    try:
        code = municipality or _only_municipality(engine, None)
        if code is None:
            raise click.UsageError("There are several municipalities here. Say which with --municipality.")
        with room_in(out.parent, "Nothing was written."), whole(out) as file:
            count = _write_outcomes(engine, code, file)
            settle(file)
            with writing(engine) as session:
                log.append(
                    session, Event.EXPORTED, at=now, by=None, what="outcomes", municipality=code,
                    count=str(count),
                )  # fmt: skip
                session.commit()
    finally:
        engine.dispose()
    click.echo(f"{count} outcomes written to {out}")


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


def _keep_rejects(stage: Stage, later: Sequence[Problem], rejects: Path | None) -> None:
    if rejects is not None and (stage.problems or later):
        write_rejects(chain(stage.problems, later), rejects)


def _result(
    stage: Stage, taken: Taken, problems: int, rejects: Path | None, refused: bool, dry_run: bool
) -> dict[str, Any]:
    checked = dict.fromkeys(taken.counts, 0) if refused else dict(taken.counts)
    if dry_run and not refused:
        checked["history_rows"] = sum(history.rows for history in stage.histories)
    return {
        "files": stage.files,
        "dry_run": dry_run,
        "rejects": problems,
        "rejects_file": str(rejects) if problems and rejects else None,
        "counts": {word: count for word, count in sorted(checked.items()) if count},
        "history": [str(path) for path in taken.history],
    }


def _exit_code(problems: bool, nothing_taken: bool, not_judged: bool) -> int:
    if problems:
        return REFUSED if nothing_taken else REST_TAKEN
    return NOT_JUDGED if not_judged else TAKEN


def _print_findings(findings: list[Finding]) -> None:
    for each in findings:
        click.echo(f"{each.found} {each.means} {each.cure}", err=True)


def _print_problems(problems: Iterator[Problem], count: int) -> None:
    for problem in islice(problems, MOST_LINES):
        click.echo(problem.line(), err=True)
    if count > MOST_LINES:
        click.echo(f"… and {count - MOST_LINES} more in the rejects file", err=True)


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


def _write_outcomes(engine: Engine, code: str, file: TextIO) -> int:
    with reading(engine) as session:
        municipality_id = session.exec(select(Municipality.id).where(Municipality.code == code)).one()
    writer, count = csv.writer(file, lineterminator="\n"), 0
    writer.writerow(("request_id", *OUTCOME_COLUMNS))
    for request_id, outcome in delivery.outcomes(engine, municipality_id):
        writer.writerow((request_id, *map(cell, astuple(outcome))))
        count += 1
    return count
