"""`skoen database …`: the tables, triggers and secrets of an installation, and who may do what to them."""

from collections.abc import Generator
from contextlib import contextmanager

import click
from sqlalchemy import Engine

from service import grants
from service.clock import utc_now
from service.commands.opening import opened_for
from service.config import Settings
from service.database import make_engine, require_current, upgrade
from service.keys import create_keys
from service.log.vault import OPTION, create_keystore, vault_of


@contextmanager
def let_go(engine: Engine) -> Generator[Engine]:
    """The engine; at the end none of its connections is left, nor of its keystore's."""
    try:
        yield engine
    finally:
        engine.dispose()
        if OPTION in engine.get_execution_options():
            vault_of(engine).keystore.engine.dispose()


@click.group("database")
def database() -> None:
    """The service's database."""


@database.command("upgrade")
def upgrade_() -> None:
    """Bring the database to this version and make what secrets are missing. Safe to repeat."""
    settings = Settings.from_environment()
    with let_go(make_engine(settings.database_url, settings.sqlite_journal)) as engine:
        upgrade(engine)
        create_keys(settings, engine)
        create_keystore(settings, engine)
        require_current(engine)
    with let_go(opened_for("database.upgrade", now=utc_now(), settings=settings)):
        pass  # recorded last, because only now there is a log to record it in
    click.echo("The database is of this version, and its rows are only added.")


@database.command("grant")
@click.argument("role")
@click.option("--signer", is_flag=True, help="ROLE is the signer's: it may read the log, and nothing else.")
def grant(role: str, signer: bool) -> None:
    """On PostgreSQL, give the service's own ROLE the least it needs. Repeat it after each upgrade.

    Run it as the owner of the tables. ROLE may then read and add, and change only what changes by nature:
    sessions, drafts and the log's heads. Upgrades, erasure, retention and restore stay with the owner.
    """
    grants.refuse_name(role)
    with let_go(opened_for("database.grant", now=utc_now(), granted_to=role)) as engine:
        with engine.begin() as connection:
            grants.grant(connection, role, grants.SIGNER if signer else grants.of_the_service(connection))
        keystore = vault_of(engine).keystore.engine
        if not signer and keystore.dialect.name == "postgresql":
            with keystore.begin() as connection:
                grants.grant(connection, role, grants.KEYSTORE)
    if signer:
        click.echo(f"{role} may read the log, and nothing else.")
    else:
        click.echo(f"{role} may read and add, and change only sessions, drafts and the log's heads.")
