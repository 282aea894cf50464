"""`skoen model note` and `skoen model reproduce`: what is new in a version, and can it be made again?"""

from pathlib import Path

import click

from models.artifact import load
from training.command_model import FILE, FILES, JSON, NEW_FILE, refusals_told
from training.console import Steps, print_json
from training.dataset import read_cases
from training.vault import closed


@click.command("note")
@click.argument("old", type=FILE, metavar="OLD")
@click.argument("new", type=FILE, metavar="NEW")
@click.option(
    "--out", type=NEW_FILE, help="Write it to a file that is not there yet: .html with drawings, or Markdown."
)
@JSON
def note_command(old: Path, new: Path, out: Path | None, as_json: bool) -> None:
    """The release note of NEW beside OLD, in Danish: what weighs more now, and what less."""
    from training.release_note import release_note
    from training.report_news import news_page

    if out is not None and out.exists():
        raise click.ClickException(f"{out} is there already")
    with refusals_told():
        before, now = load(old), load(new)
        note = release_note(before, now)
    if out is not None:
        drawn = out.suffix == ".html"
        out.write_text(news_page(before, now) if drawn else note.text(), encoding="utf-8")
    print_json(note.to_json()) if as_json else click.echo(note.text(), nl=False)


@click.command("reproduce")
@click.argument("folder", type=FILE, metavar="DIR")
@FILES
@click.option("--against", type=FILE, help="The version it was measured against, if it was.")
@JSON
def reproduce_command(folder: Path, files: tuple[Path, ...], against: Path | None, as_json: bool) -> None:
    """Make a version again from its manifest and DATA. Exit code 1 when a single byte comes out otherwise."""
    from training.reproduce import CannotReproduce, reproduce

    with closed(), refusals_told(), Steps(16, quiet=as_json).shown() as steps:
        steps("Reading")
        version = load(folder)
        active = None if against is None else load(against)
        try:
            found = reproduce(version, folder, read_cases(version.area, files), active, steps)
        except CannotReproduce as error:
            raise click.ClickException(f"{version.manifest.version} cannot be made again: {error}") from error
    if as_json:
        print_json(
            {
                "version": version.manifest.version,
                "same": found.same,
                "manifest_hash": found.manifest_hash,
                "differs": list(found.differs),
                "libraries": list(found.libraries),
            }
        )
    elif found.same:
        click.echo(
            f"{version.manifest.version} came out the same, byte for byte. Manifest {found.manifest_hash}"
        )
    else:
        click.echo(f"{version.manifest.version} came out otherwise in: {', '.join(found.differs)}")
        for each in found.libraries:
            click.echo(f"Another version is installed now: {each}")
    if not found.same:
        raise SystemExit(1)
