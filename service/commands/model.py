"""`skoen model promote | rollback | history`: which model version is in use, and who approved it."""

import json
import sys
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from models import areas, artifact
from service import policy
from service.clock import local, utc_now
from service.commands.naming import acting
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading, writing
from service.identity import Actor
from service.policy import Action
from service.tables.governance import Admission
from service.workflow.go_live import rollout
from service.workflow.model_in_use import admission
from service.workflow.model_in_use.shelf import ModelShelf

WIDE = 140
"""Columns of a table that is not read on a screen."""

approved_by = click.option(
    "--approver", default="", help="The data steward who approved it: name and role, or user name."
)
with_note = click.option(
    "--note", default="", help="What is new, in plain Danish; it is shown on Om modellen."
)
of_area = click.option("--area", default="genoptraening", show_default=True, type=click.Choice(areas.names()))
dry = click.option("--dry-run", is_flag=True, help="Check everything and change nothing.")
as_document = click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")


@click.group("model")
def model() -> None:
    """Models in use."""


@model.command("promote")
@click.argument("version")
@approved_by
@with_note
@dry
@as_document
def promote(version: str, approver: str, note: str, dry_run: bool, as_json: bool) -> None:
    """Take VERSION into use: a version on the shelf, or a folder that `model train` wrote.

    Refused without approver and note, when the artifact cannot be trusted, and when it is worse than the
    prior by more than one standard error, or than the model in use by more than chance gives, on the same
    time split; when it weighs a strong fact otherwise than the model in use and no dilemma names the fact;
    when its test for bias (`model audit`) is missing or was not passed; and when the registers
    do not let it on: while it is lifted, or where a municipality is in a phase it is not approved for.
    """
    settings, now = Settings.from_environment(), utc_now()
    engine, shelf = opened_for("model.promote", now=now, settings=settings), ModelShelf(settings.models)
    folder = Path(version) if (Path(version) / artifact.MANIFEST).is_file() else None
    found = artifact.load(folder) if folder else shelf.open(version)
    version = found.manifest.version if folder else version
    with reading(engine) as session:
        by = _steward(session, approver, now)
        rollout.check_promotion(
            session,
            found,
            version,
            approver=approver,
            note=note,
            now=now,
            folder=folder or shelf.path(version),
        )
    if dry_run:
        click.echo(f"{version} would be taken into use. Nothing was changed.")
        return
    if folder:
        shelf.take_in(folder, version)
    with writing(engine) as session:
        row = rollout.promote(session, shelf, version, approver=approver, note=note, now=now, by=by)
        _say(row, as_json, f"{version} is in use from the next request on.")


@model.command("rollback")
@of_area
@approved_by
@with_note
@dry
@as_document
def rollback(area: str, approver: str, note: str, dry_run: bool, as_json: bool) -> None:
    """Go back to the version that was in use before the present one."""
    settings, now = Settings.from_environment(), utc_now()
    engine, shelf = opened_for("model.rollback", now=now, settings=settings), ModelShelf(settings.models)
    with reading(engine) as session:
        by = _steward(session, approver, now)
    if dry_run:
        with reading(engine) as session:
            before = rollout.check_rollback(session, shelf, area, approver=approver, note=note, now=now)
        click.echo(f"{before.version} would be in use again. Nothing was changed.")
        return
    with writing(engine) as session:
        row = rollout.rollback(session, shelf, area, approver=approver, note=note, now=now, by=by)
        _say(row, as_json, f"{row.version} is in use again from the next request on.")


def _steward(session: Session, approver: str, now: datetime) -> Actor | None:
    """Whoever approves it; raises Forbidden for a role that is not the data steward's."""
    if not approver.strip():
        return None  # refused by the workflow, with the words for it
    by = acting(session, approver, Action.MANAGE_MODEL, now=now)
    policy.authorize(by, Action.MANAGE_MODEL)
    return by


@model.command("history")
@of_area
@click.option("--in-use", is_flag=True, help="Print the folder of the version in use, and nothing else.")
@as_document
def history(area: str, in_use: bool, as_json: bool) -> None:
    """Every promotion and rollback, oldest first."""
    settings = Settings.from_environment()
    with reading(opened_for("model.history", now=utc_now(), settings=settings)) as session:
        rows = [_described(row) for row in admission.history(session, area)]
        active = _active_version(session, area)
    if in_use:
        if active is None:
            raise click.ClickException(f"No model of {area} is in use.")
        click.echo(settings.models / active)
        return
    if as_json:
        click.echo(json.dumps({"active": active, "history": rows}, ensure_ascii=False, indent=2))
        return
    table = Table(title=f"Models of {area}", title_justify="left")
    for heading in ("When", "What", "Version", "Approved by", "Note", "Manifest"):
        # A version is copied from here into the next command, so it is never cut.
        table.add_column(heading, overflow="fold", no_wrap=heading == "Version")
    for row in rows:
        table.add_row(
            row["when"], row["kind"], row["version"], row["approver"], row["note"], row["manifest"][:12]
        )
    Console(width=None if sys.stdout.isatty() else WIDE).print(table)
    click.echo(f"In use: {active or 'none'}")


def _active_version(session: Session, area: str) -> str | None:
    active = admission.active_model(session, area)
    return active.version if active else None


def _described(row: Admission) -> dict[str, str]:
    return {
        "when": local(row.at).strftime("%Y-%m-%d %H:%M"),
        "kind": row.kind,
        "version": row.version,
        "approver": row.approver,
        "note": row.note,
        "manifest": row.manifest_hash,
    }


def _say(row: Admission, as_json: bool, sentence: str) -> None:
    click.echo(json.dumps(_described(row), ensure_ascii=False, indent=2) if as_json else sentence)
