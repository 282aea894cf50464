"""A quarter of case-work, played through the real steps once, and a copy of it for each test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.identity import actor_of
from service.tables.organisation import Person
from tests.cast import PEOPLE, TODAY, Cast, gather
from tests.parts.vaults import copy_database, plant_pepper, sealed_engine


def played_once(migrated_file: Path, folder: Path, play: Callable[[Engine, Cast], object]) -> Path:
    """The file of a database in which a quarter was played."""
    path = folder / "skoen.db"
    copy_database(migrated_file, path)
    engine = sealed_engine(f"sqlite:///{path}")
    play(engine, gather(engine))
    engine.dispose()
    return path


@contextmanager
def copied(played: Path, folder: Path) -> Iterator[Engine]:
    """A copy of a played quarter in a folder of its own, beside the key of its CPR numbers."""
    path = folder / "skoen.db"
    copy_database(played, path)
    plant_pepper(folder / "secrets")
    engine = sealed_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def cast_in(engine: Engine) -> Cast:
    """The cast as it was gathered when the quarter was played."""
    with reading(engine) as session:
        ids = {person.username: person.id for person in session.exec(select(Person))}
        return Cast(engine, {name: actor_of(session, ids[name], TODAY) for name in PEOPLE})
