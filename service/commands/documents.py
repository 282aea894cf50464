"""`skoen documents …`: write the documents that are owed, list them, tell what changed between two times."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click

from service import document_pages, yearly_report
from service.clock import utc_now
from service.commands.naming import municipality_meant
from service.commands.opening import opened_for
from service.commands.report import write_all
from service.config import Settings
from service.database import reading
from service.workflow.documents import bundle
from service.workflow.documents.changes import Change, changes
from service.workflow.documents.document import as_bytes, declared
from service.workflow.documents.gather import Files, gather
from service.workflow.model_in_use.shelf import ModelShelf

a_folder = click.Path(exists=True, file_okay=False, path_type=Path)
FAIL_ON_CHANGES = 1


@click.group("documents")
def documents() -> None:
    """Documents about the system, made from what is known and never typed."""


@documents.command("write")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="A folder.")
@click.option("--municipality", help="The four-digit code; needed when there are several.")
@click.option("--pdf/--no-pdf", default=True, help="Whether to make PDFs too: half a minute.")
def write(out: Path, municipality: str | None, pdf: bool) -> None:
    """Write every document as JSON, HTML and PDF, with the forms for programs. Nothing is overwritten."""
    now, settings = utc_now(), Settings.from_environment()
    files = Files(settings.retention, settings.contacts)
    with reading(opened_for("documents.write", now=now, settings=settings)) as session:
        place = municipality_meant(session, municipality)
        gathered = gather(session, ModelShelf(settings.models), place, now, files)
    made = bundle.documents_of(gathered)
    contents = bundle.machine_readable(gathered)
    pages = {code: document_pages.as_html(document, gathered) for code, document in made.items()}
    for code, document in made.items():
        contents |= {f"{code}.json": as_bytes(document), f"{code}.html": pages[code].encode()}
    papers, no_pdf = _papers(pages) if pdf else ({}, "")
    contents |= papers
    contents[bundle.INDEX] = bundle.index_of(gathered, made, contents)
    write_all(out, contents)
    for code, document in made.items():
        click.echo(f"{code:16} {document['titel']}: {document['mangler']} missing")
    click.echo(f"{len(contents)} files in {out}. {bundle.missing_in(made)} facts are missing and say so.")
    if no_pdf:
        raise click.ClickException(no_pdf)


def _papers(pages: Mapping[str, str]) -> tuple[dict[str, bytes], str]:
    """Every page as a PDF, and "" or why there is none."""
    found: dict[str, bytes] = {}
    with click.progressbar(pages.items(), label="PDF", file=sys.stderr) as shown:
        for code, page in shown:
            try:
                found[f"{code}.pdf"] = yearly_report.as_pdf(page)
            except yearly_report.NoPdf:
                return {}, "No PDF was made: the library Pango is missing. HTML and JSON were written."
    return found, ""


@documents.command("list")
def list_() -> None:
    """Name every document, what it is owed by, and its sections."""
    for document in declared().values():
        click.echo(f"{document.code:16} {document.title} ({document.law})")


@documents.command("diff")
@click.argument("old", type=a_folder)
@click.argument("new", type=a_folder)
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Tell which numbers and sentences differ between the documents in OLD and NEW; exit 1 when any does."""
    found = [change for code in declared() for change in _between(old, new, code)]
    if as_json:
        click.echo(json.dumps([vars(each) for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            click.echo(f"{each.document} | {each.section} | {each.name} | {each.kind}")
            click.echo(f"  - {each.before}\n  + {each.after}")
        click.echo(f"{len(found)} changes.")
    if found:
        raise SystemExit(FAIL_ON_CHANGES)


def _between(old: Path, new: Path, code: str) -> tuple[Change, ...]:
    try:
        before, after = ((folder / f"{code}.json").read_bytes() for folder in (old, new))
        return changes(bundle.read(before), bundle.read(after))
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be read: {error.strerror}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException(f"{code}.json in {old} or {new} is no document of ours.") from error
