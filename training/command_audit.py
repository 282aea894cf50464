"""`skoen model audit`: try a version for bias, with the vault that training cannot open."""

from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import Any

import click

from models import audit as record
from models.artifact import load
from models.promotion import STATUS, Verdict, verdict
from training.command_model import DRY_RUN, FILE, FILES, JSON, NEW_FILE, NEW_FOLDER, SEED, refusals_told
from training.console import Steps, area_named, print_json, print_table
from training.dataset import read_cases
from training.fairness.told import (
    AGE_HEAD,
    BASIS_HEAD,
    HEAD,
    TOLD_HEAD,
    age_rows,
    basis_rows,
    rows_of,
    told_rows,
)
from training.vault_reading import open_vault

VAULT = click.option("--vault", type=FILE, required=True, help="The folder of protected attributes.")
DRAWS = click.option(
    "--draws", type=click.IntRange(199), default=1999, show_default=True, help="Permutations."
)


def _reasons(context: click.Context, parameter: click.Parameter, given: tuple[str, ...]) -> dict[str, str]:
    """By attribute, why it is missing; an attribute without a reason is refused."""
    found = dict(each.partition("=")[::2] for each in given)
    empty = [name for name, why in found.items() if not why.strip()]
    if empty:
        raise click.BadParameter(f"{empty[0]}: write why it is missing, as {empty[0]}=WHY")
    return {name: why.strip() for name, why in found.items()}


WITHOUT = click.option(
    "--without", "reasons", multiple=True, callback=_reasons, metavar="ATTRIBUTE=WHY",
    help="Why an attribute is not in the vault; without a reason the version is not admitted.",
)  # fmt: skip


@click.command("audit")
@click.argument("folder", type=FILE, metavar="DIR")
@FILES
@VAULT
@WITHOUT
@click.option("--against", type=FILE, help="The version in use, on the same cases.")
@SEED
@DRAWS
@JSON
@DRY_RUN
def audit_command(
    folder: Path, files: tuple[Path, ...], vault: Path, reasons: dict[str, str], against: Path | None,
    seed: int, draws: int, as_json: bool, dry_run: bool,
) -> None:  # fmt: skip
    """Try a version for bias on the cases decided after it stopped learning; the record lies beside DIR.

    Exit code 0 whatever was found: the record says it, and promotion reads the record.
    """
    from training.fairness.suite import Plan, audit

    with refusals_told(), Steps(6, quiet=as_json).shown() as steps:
        steps("Reading")
        version = load(folder)
        attributes = open_vault(version.area, vault)
        data = read_cases(version.area, files)
        active = None if against is None else load(against)
        found = audit(version, data, attributes, Plan(seed, draws, reasons), active, steps)
    digest = "" if dry_run else record.save(found, folder)
    said = verdict(found, version.evaluation)
    if as_json:
        print_json({"record": str(record.beside(folder)), "sha256": digest, "dry_run": dry_run,
                    **_told(said), "audit": found})  # fmt: skip
        return
    _print(found)
    _print_verdict(said)
    click.echo("Nothing was written." if dry_run else f"Record {record.beside(folder)}\nSHA-256 {digest}")


@click.command("audit-decisions")
@FILES
@VAULT
@WITHOUT
@click.option("--month", required=True, metavar="YYYY-MM", help="The last month of the window.")
@click.option("--months", type=click.IntRange(1, 36), default=12, show_default=True, help="How many months.")
@click.option("--out", type=NEW_FILE, required=True, help="The file for `skoen register add`.")
@click.option("--force", is_flag=True, help="Write over an earlier file.")
@click.option("--area", callback=area_named, help="Visitation area; default is the only one.")
@SEED
@DRAWS
@JSON
def audit_decisions_command(
    files: tuple[Path, ...], vault: Path, reasons: dict[str, str], month: str, months: int, out: Path,
    force: bool, area: Any, seed: int, draws: int, as_json: bool,
) -> None:  # fmt: skip
    """Try what people decided, month by month: findings become an entry of the register of bias."""
    from training.fairness.entry import entry_of
    from training.fairness.suite import Plan, monthly

    if out.exists() and not force:
        raise click.ClickException(f"{out} is there already; --force writes over it")
    first, last = _window(month, months)
    with refusals_told(), Steps(4, quiet=as_json).shown() as steps:
        steps("Reading")
        attributes, data = open_vault(area, vault), read_cases(area, files)
        found = monthly(data, attributes, Plan(seed, draws, reasons), first, last, steps)
    entry = entry_of(found, month)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(entry, encoding="utf-8")
    if as_json:
        print_json({"entry": str(out), "audit": found})
        return
    _print(found)
    click.echo(f"Write the findings into the register: skoen register add fairness --file {out}")


def _window(month: str, months: int) -> tuple[date, date]:
    """The first and the last day of so many months up to and with one."""
    try:
        last = date.fromisoformat(f"{month}-01")
    except ValueError:
        raise click.BadParameter(f"{month} is no month; write it as 2026-10") from None
    count = last.year * 12 + last.month - months
    first = date(count // 12, count % 12 + 1, 1)
    return first, last.replace(day=monthrange(last.year, last.month)[1])


def _told(said: Verdict) -> dict[str, Any]:
    return {
        "status": said.status,
        "findings": [str(each) for each in said.findings],
        "doubts": [str(each) for each in said.doubts],
    }


def _print(found: dict[str, Any]) -> None:
    counts = ", ".join(f"{each['label']} {each['n']}" for each in found["objects"])
    title = f"{found['n']} cases from {found['window'][0]} to {found['window'][1]} ({counts})"
    print_table(title, HEAD, rows_of(found), numbers=2)
    for about, head, rows in (
        ("How well groups are told (* more than need and chance)", TOLD_HEAD, told_rows(found)),
        ("Same function, another age", AGE_HEAD, age_rows(found)),
        ("The basis each group gets (* unlike the others)", BASIS_HEAD, basis_rows(found)),
    ):
        if rows:
            print_table(about, head, rows, numbers=2)


def _print_verdict(said: Verdict) -> None:
    click.echo(f"Prøve for skævhed: {STATUS[said.status]}")
    for each in (*said.findings, *said.doubts):
        click.echo(f"- {each}")


@click.command("vault")
@click.argument("source", type=FILE)
@click.option("--out", type=NEW_FOLDER, required=True, help="The vault: a new folder that only you can open.")
@click.option("--area", callback=area_named, help="Visitation area; default is the only one.")
@JSON
def vault_command(source: Path, out: Path, area: Any, as_json: bool) -> None:
    """Put protected attributes by request id, from SOURCE, into a vault; then delete SOURCE."""
    from training.vault_writing import write_vault

    with refusals_told():
        count = write_vault(area, source, out)
    if as_json:
        print_json({"vault": str(out), "cases": count})
        return
    click.echo(f"{count} cases in {out}. Delete {source}: it lies outside the vault.")
