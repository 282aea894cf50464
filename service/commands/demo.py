"""`skoen demo prepare`: a made-up municipality in an empty database, ready to be tried."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy.engine import make_url

from service import log
from service.clock import utc_now
from service.commands.opening import opened_for
from service.config import Settings
from service.database import make_engine, reading, upgrade
from service.demo import town
from service.keys import create_keys, read_keys
from service.log.vault import create_keystore
from service.signer.state import FILE as STATE

BEGUN, READY = "demo.begun", "demo.ready"


@click.group("demo")
def demo() -> None:
    """The demonstration with invented citizens."""


@demo.command("prepare")
@click.option(
    "--synthetic",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The folder that `data synthesize` wrote.",
)
@click.option(
    "--models",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    required=True,
    help="The folder that `model train` wrote to.",
)
def prepare(synthetic: Path, models: Path) -> None:
    """Build the town, play a quarter of casework and fill the inbox.

    A preparation that was broken off is begun again; a database it did not begin is never touched.
    """
    from service.demo import double_review, trial
    from service.demo import prepare as preparation
    from service.web.suggestion.basis import TEMPLATE_VERSION, render_basis

    settings = Settings.from_environment()
    if models.absolute() != settings.models:
        raise click.UsageError(f"The service reads its models from {settings.models}, not from {models}.")
    if (settings.var / READY).exists():
        opened_for("demo.prepare", now=utc_now(), settings=settings)
        click.echo("The demonstration is ready already.")
        return
    _empty_database(settings)
    engine, pepper = log.open_engine(settings), read_keys(settings).pepper
    now = _end_of(preparation.as_of(synthetic))
    with _progress() as progress:
        task = progress.add_task("A quarter of casework", total=None)
        counts = preparation.prepare(
            engine, settings, synthetic, preparation.first_version(models), render=render_basis,
            template_version=TEMPLATE_VERSION, pepper=pepper, now=now,
            progress=lambda done: progress.update(task, completed=done),
        )  # fmt: skip
    reports = preparation.import_reports(engine, synthetic, pepper, now)
    trial.end(engine, now)
    again = double_review.play(engine, preparation.AREA, now)
    click.echo(
        f"{counts['plans']} plans, {counts['steps']} steps of casework, {reports} delivery reports, "
        f"{again} cases judged again."
    )
    opened_for("demo.prepare", now=utc_now(), settings=settings)  # last: the quarter lies before it
    (settings.var / READY).touch()


def _empty_database(settings: Settings) -> None:
    """A migrated database and a keystore without a row, in place of what a broken-off preparation left."""
    settings.var.mkdir(parents=True, exist_ok=True)
    begun = settings.var / BEGUN
    for file in (_sqlite_file(settings.database_url), _sqlite_file(settings.keystore_url)):
        if file is None or not file.exists():
            continue
        if not begun.exists():
            raise click.ClickException(f"{file} is not a demonstration's database. Move it away first.")
        for leftover in (file, file.with_name(file.name + "-journal")):
            leftover.unlink(missing_ok=True)
    if not begun.exists() and (settings.signer / STATE).exists():
        raise click.ClickException(
            f"{settings.signer} remembers the log of another database and would never seal this one. "
            "Move it away too."
        )
    begun.touch()
    engine = make_engine(settings.database_url, settings.sqlite_journal)
    upgrade(engine)
    with reading(engine) as session:
        if town.is_built(session):
            raise click.ClickException("The database is in use. Give SKOEN_DATABASE_URL an empty one.")
    create_keys(settings, engine)
    create_keystore(settings, engine)
    engine.dispose()


def _sqlite_file(url: str) -> Path | None:
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


def _end_of(day: object) -> datetime:
    """Early on the day after the quarter that was made, and never after the clock on the wall."""
    midnight = datetime.fromisoformat(f"{day}T00:00:00").replace(tzinfo=UTC)
    return min(midnight + timedelta(hours=6), utc_now())


def _progress() -> Progress:
    return Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
