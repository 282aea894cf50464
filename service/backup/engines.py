"""Engines that are let go of: a replaced database is another one, whatever a connection still believes."""

from collections.abc import Generator
from contextlib import contextmanager

from sqlalchemy import Engine


@contextmanager
def using(engine: Engine) -> Generator[Engine]:
    """The engine, and none of its connections left at the end."""
    try:
        yield engine
    finally:
        engine.dispose()
