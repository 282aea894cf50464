"""`skoen documents …`: write the documents that are owed, list and check them, tell what changed."""

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from service import document_pages, yearly_report
from service.clock import utc_now
from service.commands.naming import municipality_meant
from service.commands.opening import opened_for
from service.commands.report import write_all
from service.config import Settings
from service.database import reading, writing
from service.workflow.documents import bundle, kept
from service.workflow.documents.changes import Change, changes
from service.workflow.documents.document import as_bytes, declared
from service.workflow.documents.gather import Files, gather
from service.workflow.model_in_use.shelf import ModelShelf

a_folder = click.Path(exists=True, file_okay=False, path_type=Path)
FAIL_ON_CHANGES, BY_HAND = 1, 3
"""Exit codes: the documents differ; a file is not the one that was written."""
READ_ONLY = 0o444


@click.group("documents")
def documents() -> None:
    """Documents about the system, made from what is known and never typed."""


@documents.command("write")
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="A folder.")
@click.option("--municipality", help="The four-digit code; needed when there are several.")
@click.option("--pdf/--no-pdf", default=True, help="Whether to make PDFs too: half a minute.")
def write(out: Path, municipality: str | None, pdf: bool) -> None:
    """Write every document as JSON, HTML and PDF, with the forms for programs, in a folder of their own.

    The log keeps the hash of every file. Nothing is overwritten: the folder must be new or empty.
    """
    now, settings = utc_now(), Settings.from_environment()
    files = Files(settings.retention, settings.contacts)
    engine = opened_for("documents.write", now=now, settings=settings)
    _refuse_used(out)
    with reading(engine) as session:
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
    with writing(engine) as session:
        receipt = kept.record(session, place, gathered, contents)
        write_all(out, contents)
        try:
            session.commit()
        except BaseException:
            for name in contents:
                (out / name).unlink(missing_ok=True)
            raise
    for name in contents:
        (out / name).chmod(READ_ONLY)
    for code, document in made.items():
        click.echo(f"{code:16} {document['titel']}: {document['mangler']} missing")
    click.echo(f"{len(contents)} files in {out}. {bundle.missing_in(made)} facts are missing and say so.")
    click.echo(f"Their hashes stand in the log: {receipt.shard}, number {receipt.seq}.")
    if no_pdf:
        raise click.ClickException(no_pdf)


def _refuse_used(out: Path) -> None:
    if out.is_dir() and any(out.iterdir()):
        raise click.ClickException(f"{out} is there already, with files in it. Choose another folder.")


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


@documents.command("written")
@click.option("--municipality", help="The four-digit code; needed when there are several.")
def written(municipality: str | None) -> None:
    """List every writing that the log knows, with the model it told of."""
    with reading(opened_for("documents.written", now=utc_now())) as session:
        known = kept.writings(session, municipality_meant(session, municipality))
    for each in known:
        click.echo(
            f"{each.shard} {each.seq}  {each.at}  {len(each.files)} files  {each.version} {each.window}"
        )
    click.echo(f"{len(known)} writings.")


@documents.command("check")
@click.argument("folders", nargs=-1, required=True, type=a_folder)
@click.option("--municipality", help="The four-digit code; needed when there are several.")
def check(folders: tuple[Path, ...], municipality: str | None) -> None:
    """Hold each of FOLDERS against what the log says was written; exit 3 when a file is not the one."""
    with reading(opened_for("documents.check", now=utc_now())) as session:
        known = kept.writings(session, municipality_meant(session, municipality))
    if sum([_say_checked(folder, known) for folder in folders]):
        raise SystemExit(BY_HAND)


def _say_checked(folder: Path, known: Sequence[kept.Writing]) -> int:
    """Tell how a folder stands against the log; how many files are not the ones."""
    found = kept.writing_of(folder, known)
    if found is None:
        click.echo(f"{folder}: the log knows no writing with any of these files.")
        return 1
    wrong = kept.differences(folder, found.files)
    for name, how in wrong:
        click.echo(f"{folder / name}: {how}")
    click.echo(f"{folder}: {len(wrong)} files differ from {found.shard}, number {found.seq} ({found.at}).")
    return len(wrong)


@documents.command("diff")
@click.argument("old", type=a_folder)
@click.argument("new", type=a_folder)
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
def diff(old: Path, new: Path, as_json: bool) -> None:
    """Tell which numbers and sentences differ between the documents in OLD and NEW; exit 1 when any does.

    Exit 3 when a file is not what its folder's own index says: it was changed by hand. `check` asks the log.
    """
    found = [change for code in declared() for change in _between(old, new, code)]
    if as_json:
        click.echo(json.dumps([vars(each) for each in found], ensure_ascii=False, indent=1))
    else:
        for each in found:
            click.echo(f"{each.document} | {each.section} | {each.name} | {each.kind}")
            click.echo(f"  - {each.before}\n  + {each.after}")
        click.echo(f"{len(found)} changes.")
    by_hand = [folder / name for folder in dict.fromkeys((old, new)) for name, _ in kept.by_index(folder)]
    for path in by_hand:
        click.echo(f"{path} is not the file that was written.", err=True)
    if by_hand:
        raise SystemExit(BY_HAND)
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
