"""`skoen data synthesize`: a municipality that does not exist, as files."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from models.declaration import Area
from models.label_sanity import Finding, findings_of
from training.command_model import AREA, FILES, JSON, NEW_FOLDER, refusals_told
from training.console import Steps, print_json, print_table
from training.dataset import read_cases
from training.lessons import lessons_in
from training.readiness_told import sentences
from training.synthesize import Order, SynthesisRefused, synthesize


@click.group()
def data() -> None:
    """Cases in files: invent them, or see what they can carry."""


@data.command("synthesize")
@click.option("--cases", type=click.IntRange(1), required=True, help="Decided cases in the history.")
@click.option("--seed", type=click.IntRange(0), required=True, help="The same seed gives the same bytes.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The last day there is.")
@click.option("--out", type=NEW_FOLDER, required=True, help="A new or empty folder.")
@AREA
@click.option("--referrals", type=click.IntRange(0), help="Plans that arrive; default follows from --cases.")
@click.option("--reports", type=click.IntRange(0), help="Courses reported on; default follows from --cases.")
@click.option("--json", "as_json", is_flag=True, help="Print only JSON.")
@click.option("--dry-run", is_flag=True, help="Say what would be invented and write nothing.")
def synthesize_command(
    cases: int,
    seed: int,
    as_of: datetime,
    out: Path,
    area: Area,
    referrals: int | None,
    reports: int | None,
    as_json: bool,
    dry_run: bool,
) -> None:
    """Invent a municipality: history, protected attributes apart, referrals with their truth, reports."""
    order = Order(area, cases, seed, as_of.date(), referrals, reports)
    if dry_run:
        print_json({"dry_run": True, "out": str(out), "arguments": order.arguments()})
        return
    with Steps(5, quiet=as_json).shown() as steps:
        try:
            written = synthesize(order, out, steps)
        except SynthesisRefused as refused:
            raise click.ClickException(str(refused)) from refused
    manifest = json.loads(written.read_text("utf-8"))
    if as_json:
        print_json({"out": str(out), "arguments": manifest["arguments"], "counts": manifest["counts"]})
        return
    print_table(f"Invented in {out}", ("what", "how many"), manifest["counts"].items(), numbers=1)


@data.command("labels")
@FILES
@AREA
@JSON
def labels_command(files: tuple[Path, ...], area: Area, as_json: bool) -> None:
    """Do these levels look judged by people? Exit code 1 when nothing may be learned from them."""
    with refusals_told():
        found = findings_of(area, read_cases(area, files).cases)
    if as_json:
        print_json({"findings": [each.to_json() for each in found], "refused": any(f.refuses for f in found)})
    else:
        _print_findings(found)
    if any(each.refuses for each in found):
        raise SystemExit(1)


def _print_findings(found: tuple[Finding, ...]) -> None:
    for each in found:
        click.echo(f"{'Stop' if each.refuses else 'Se efter'}: {each.found}\n  {each.means}\n  {each.cure}")
    if not found:
        click.echo("Intet tyder på, at niveauerne er skrevet af et system.")


@data.command("lessons")
@FILES
@AREA
@JSON
def lessons_command(files: tuple[Path, ...], area: Area, as_json: bool) -> None:
    """Why people decided otherwise than most similar cases, by what may be learned from it."""
    with refusals_told():
        found = lessons_in(area, read_cases(area, files).cases)
    if as_json:
        print_json(found)
        return
    rows = [(each["label"], each["cases"], ", ".join(each["reasons"])) for each in found["lessons"]]
    print_table(
        f"{found['otherwise']} of {found['compared']} compared cases decided otherwise",
        ("may be about", "cases", "reasons"), rows, numbers=1,
    )  # fmt: skip


@data.command("readiness")
@FILES
@AREA
@JSON
def readiness_command(files: tuple[Path, ...], area: Area, as_json: bool) -> None:
    """Fact by fact and level by level: what can these records carry?"""
    from training.readiness import readiness

    with refusals_told():
        found = readiness(read_cases(area, files))
    if as_json:
        print_json(found)
        return
    facts = [
        (each["label"], f"{each['known']:.0%}", "" if each["enough"] else "too little")
        for each in found["facts"]
    ]
    print_table(
        f"Facts in {found['human_labelled']} human-labelled cases", ("fact", "known", ""), facts, numbers=1
    )
    levels = [
        (each["label"], each["human"], each["robot"], each["unknown"], each["learned_from"])
        for each in found["levels"]
    ]
    print_table(
        "Who wrote the levels", ("level", "human", "robot", "unknown", "learned from"), levels, numbers=1
    )
    minima = [
        (name, each["cases"], each["per_level"], f"{each['facts']:.0%}", _missing(found["missing"][name]))
        for name, each in found["minima"].items()
    ]
    head = ("for", "cases", "of each level", "facts known in half the cases", "what is missing")
    print_table("Minima", head, minima, numbers=1)
    if found["learning_curve"]:
        _print_curve(found["learning_curve"])
    for each in found["findings"]:
        click.echo(f"{each['found']} {each['means']}")
    for sentence in sentences(found):
        click.echo(sentence)


def _missing(missing: list[dict[str, Any]]) -> str:
    told = [
        f"{each['name'] or each['what']} {_amount(each, 'there_is')} of {_amount(each, 'needed')}"
        for each in missing
    ]
    return "; ".join(told) or "nothing"


def _amount(each: dict[str, Any], key: str) -> str:
    return f"{each[key]:.0%}" if each["what"] in ("fact", "facts") else f"{int(each[key])}"


def _print_curve(curve: dict[str, Any]) -> None:
    points = [
        (each["cases"], *(f"{each[key]['value']:.4f} ± {each[key]['standard_error']:.4f}"
                          for key in ("log_loss", "better_than_prior")))
        for each in curve["points"]
    ]  # fmt: skip
    head = ("cases", "log-loss ± standard error", "better than the shares alone")
    print_table(f"Learning curve on {curve['tested']} later cases", head, points, numbers=0)
    click.echo("More cases still help." if curve["more_helps"] else "More of the same cases help no more.")
