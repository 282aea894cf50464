"""Build a restored database beside the one in use, and put it in its place in one step."""

import shutil
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from psycopg import OperationalError
from sqlalchemy import Engine, make_url

from service.backup import postgresql, schemas, sqlite
from service.backup.engines import using
from service.backup.errors import RestoreRefused
from service.backup.live import refuse_growth
from service.backup.manifest import Manifest, measured
from service.config import Settings
from service.database import make_engine, private_file, require_current, upgrade, writing
from service.errors import LogUnavailable
from service.log.append import OPERATOR
from service.log.vault import open_engine

BESIDE = ".restoring"


@contextmanager
def staged(settings: Settings, folder: Path, manifest: Manifest, operator: str) -> Generator[Engine]:
    """The backup as a database of this version, beside the one in use; at the end nothing is left of it.

    What a broken-off restore left is removed first. Raises RestoreRefused.
    """
    make = _staged_file if manifest.engine == "sqlite" else _staged_schema
    with make(settings, folder, manifest) as engine:
        engine.update_execution_options(**{OPERATOR: operator})
        require_current(engine)
        yield engine


def put_in_place(settings: Settings, engine: Engine, expected: Mapping[str, int] | None) -> None:
    """Let the staged database be the one in use. Whatever breaks this off, it is the old one or the new one.

    `expected` is how far the old one's log has come, so that nothing is lost that was not looked at; None
    where there is no old one. Raises RestoreRefused.
    """
    with using(make_engine(settings.database_url, settings.sqlite_journal)) as live:
        if live.dialect.name == "sqlite":
            private_file(live)
            with sqlite.holding(live) as connection:
                if expected is not None:
                    refuse_growth(expected, sqlite.sizes(connection))
                sqlite.replace(engine, connection)
        else:
            _change_schemas(live, expected)
        require_current(live)


def _change_schemas(live: Engine, expected: Mapping[str, int] | None) -> None:
    try:
        with writing(live) as session:
            if expected is not None:
                refuse_growth(expected, postgresql.sizes(session))
            schemas.replace(session)
            session.commit()
    except (LogUnavailable, OperationalError) as error:
        raise RestoreRefused("The database is in use. Stop the service and try again.") from error


@contextmanager
def _staged_file(settings: Settings, folder: Path, manifest: Manifest) -> Generator[Engine]:
    live = make_url(settings.database_url)
    file = Path(f"{live.database}{BESIDE}")
    _remove(file)
    try:
        engine = _engine(settings, live.set(database=str(file)).render_as_string(hide_password=False))
        with using(engine):
            private_file(engine)
            shutil.copyfile(folder / sqlite.FILE, file)
            if measured(file) != manifest.files[sqlite.FILE]:
                raise RestoreRefused(f"{folder} changed while it was read.")
            upgrade(engine)
            yield engine
    finally:
        _remove(file)


@contextmanager
def _staged_schema(settings: Settings, folder: Path, manifest: Manifest) -> Generator[Engine]:
    url = make_url(settings.database_url)
    with using(make_engine(settings.database_url)) as live:
        schemas.make_schema(live)
        try:
            engine = _engine(settings, schemas.in_schema(url).render_as_string(hide_password=False))
            with using(engine):
                upgrade(engine, manifest.revision or "head")
                with writing(engine) as session:
                    postgresql.copy_in(session, folder, manifest)
                    session.commit()
                upgrade(engine)
                yield engine
        finally:
            schemas.drop_schema(live)


def _engine(settings: Settings, url: str) -> Engine:
    return open_engine(replace(settings, database_url=url))


def _remove(file: Path) -> None:
    for each in (file, *(file.with_name(file.name + end) for end in ("-journal", "-wal", "-shm"))):
        each.unlink(missing_ok=True)
