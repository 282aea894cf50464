"""`skoen database upgrade`: the tables, the triggers and the secrets of an installation."""

import click

from service.config import Settings
from service.database import make_engine, require_current, upgrade
from service.keys import create_keys
from service.log.vault import create_keystore


@click.group("database")
def database() -> None:
    """The service's database."""


@database.command("upgrade")
def upgrade_() -> None:
    """Bring the database to this version and make what secrets are missing. Safe to repeat."""
    settings = Settings.from_environment()
    engine = make_engine(settings.database_url, settings.sqlite_journal)
    upgrade(engine)
    create_keys(settings, engine)
    create_keystore(settings, engine)
    require_current(engine)
    click.echo("The database is of this version, and its rows are only added.")
