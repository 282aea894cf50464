"""An installation to do harm to: a database with the cast in it, and passwords that they sign in with."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine

from service import passwords
from service.clock import local_date, utc_now
from service.config import Settings
from service.database import writing
from service.log import open_engine
from service.log.vault import vault_of
from service.tables.organisation import Credential
from tests.builders import a_case, an_admission
from tests.cast import LONG_AGO, PEOPLE, UNITS, Cast, acknowledges, gather
from tests.parts.postgres import PostgresServer
from tests.soak.postgres import fresh_database, postgres

SKOEN = Path(sys.executable).with_name("skoen")
ROOT = Path(__file__).parents[2]
PASSWORD = "en lang adgangskode"
CASEWORKERS = ("alma", "bent", "freja", "carla")


@dataclass(frozen=True)
class Installation:
    """Where an installation lies, and who works there."""

    environment: dict[str, str]
    settings: Settings
    engine: Engine
    cast: Cast

    def close(self) -> None:
        """Let go of every connection of ours."""
        let_go(self.engine)

    def receive(self, username: str, key: str) -> str:
        """A plan arrives in the caseworker's unit; gives the id of its case."""
        _, unit_name, _ = PEOPLE[username]
        municipality = next(code for code, (_, units) in UNITS.items() if unit_name in units)
        now = utc_now()
        today = local_date(now)
        case = a_case(
            self.engine,
            now=now,
            request_id=key,
            municipality_code=municipality,
            unit_name=unit_name,
            received_on=today,
            discharged_on=today - timedelta(days=1),
            contact_from=today - timedelta(days=11),
            contact_to=today - timedelta(days=1),
        )
        return case.id


def install(folder: Path, url: str | None = None, **more: str) -> Installation:
    """Make an installation as an operator does, with `skoen database upgrade`, and let the cast move in.

    Without a `url` the database is an SQLite file in the folder. `more` are further SKOEN_ variables.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SKOEN_")}
    environment |= {"SKOEN_VAR": str(folder / "var"), "PYTHONPATH": str(ROOT), **more}
    if url is not None:
        environment["SKOEN_DATABASE_URL"] = url
    done = subprocess.run(
        [SKOEN, "database", "upgrade"], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    settings = Settings.from_environment(environment)
    engine = engine_of(settings)
    cast = gather(engine)
    for actor in cast.people.values():
        acknowledges(engine, actor, utc_now())  # the trials run by the real clock
    an_admission(engine, cast.dan)
    _give_passwords(engine, cast)
    return Installation(environment, settings, engine, cast)


def install_on(server: PostgresServer, folder: Path) -> Installation:
    """An installation on a PostgreSQL server; the keystore has a database of its own there."""
    return install(folder, fresh_database(server), SKOEN_KEYSTORE_URL=fresh_database(server))


def on_each_engine() -> Iterator[tuple[str, Installation, Path]]:
    """An installation on SQLite, then one on PostgreSQL, each with its folder; gone when the next comes."""
    with tempfile.TemporaryDirectory() as folder:
        at = install(Path(folder))
        yield "SQLite", at, Path(folder)
        at.close()
    with tempfile.TemporaryDirectory() as folder, postgres() as server:
        at = install_on(server, Path(folder))
        yield "PostgreSQL", at, Path(folder)
        at.close()


def let_go(engine: Engine) -> None:
    """Close the connections of an engine and of its keystore."""
    engine.dispose()
    vault_of(engine).keystore.engine.dispose()


def engine_of(settings: Settings) -> Engine:
    """An engine as the program itself opens one."""
    return open_engine(settings)


def _give_passwords(engine: Engine, cast: Cast) -> None:
    password_hash = passwords.hash_password(PASSWORD)
    with writing(engine) as session:
        for actor in cast.people.values():
            row = Credential(person_id=actor.person_id, password_hash=password_hash, created_at=LONG_AGO)
            session.add(row)
        session.commit()
