"""`skoen report yearly`: the yearly report to the political level, from the log and the registers."""

from pathlib import Path

import click

from service import yearly_report
from service.clock import utc_now
from service.commands.naming import municipality_meant
from service.commands.opening import opened_for
from service.config import Settings
from service.database import reading
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.yearly.document import as_bytes, document_of
from service.workflow.yearly.sources import gather

FIRST_YEAR, LAST_YEAR = 2020, 2199


@click.group("report")
def report() -> None:
    """Reports that are made from what is stored."""


@report.command("yearly")
@click.argument("year", type=click.IntRange(FIRST_YEAR, LAST_YEAR))
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="A folder.")
@click.option("--municipality", help="The four-digit code; needed when there are several.")
def yearly(year: int, out: Path, municipality: str | None) -> None:
    """Make the report of YEAR and a cover note of at most two pages. Nothing is overwritten."""
    now, settings = utc_now(), Settings.from_environment()
    with reading(opened_for("report.yearly", now=now, settings=settings, year=str(year))) as session:
        place = municipality_meant(session, municipality)
        document = document_of(gather(session, ModelShelf(settings.models), place, year, now))
    name = f"redegoerelse-{year}-{place.code}"
    html = yearly_report.as_html(document)
    cover, cover_name = yearly_report.cover_of(document), f"sagsfremstilling-{year}-{place.code}"
    contents = {f"{name}.json": as_bytes(document), f"{name}.html": html.encode()}
    contents[f"{cover_name}.html"] = cover.encode()
    no_pdf: yearly_report.NoPdf | None = None
    try:
        contents[f"{name}.pdf"] = yearly_report.as_pdf(html)
        contents[f"{cover_name}.pdf"] = yearly_report.as_pdf(cover)
    except yearly_report.NoPdf as missing:
        no_pdf = missing
    write_all(out, contents)
    gaps = sum(len(section["mangler"]) for section in document["afsnit"])
    click.echo(f"{', '.join(contents)} in {out}. {gaps} facts are missing and say so.")
    if no_pdf is not None:
        raise click.ClickException(str(no_pdf))


def write_all(folder: Path, contents: dict[str, bytes]) -> None:
    """All of the files, none of which may be there already; what was begun is taken away again."""
    there = [name for name in contents if (folder / name).exists()]
    if there:
        raise click.ClickException(f"{folder / there[0]} is there already. Choose another folder.")
    begun: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            begun.append(folder / f".{name}.begun")
            begun[-1].write_bytes(content)
        for path, name in zip(begun, contents, strict=True):
            path.replace(folder / name)
    except OSError as error:
        for path in begun:
            path.unlink(missing_ok=True)
        raise click.ClickException(f"{folder} cannot be written: {error.strerror}.") from error
