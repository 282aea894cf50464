"""Engines on both databases, for what must hold on both."""

from collections.abc import Generator
from itertools import count

import pytest
from sqlalchemy import Engine

from service.database import upgrade
from tests.parts.postgres import PostgresServer
from tests.parts.vaults import sealed_engine

NUMBERS = count(1)


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: PostgresServer) -> str:
    """The name of an empty PostgreSQL database with every migration applied."""
    postgres_server.execute("CREATE DATABASE migrated")
    made = sealed_engine(postgres_server.url("migrated"))
    upgrade(made)
    made.dispose()
    return "migrated"


@pytest.fixture
def postgres_engine(postgres_server: PostgresServer, migrated_postgres: str) -> Generator[Engine]:
    """An engine on a migrated PostgreSQL database of the test's own."""
    name = f"copy_{next(NUMBERS)}"
    postgres_server.execute(f"CREATE DATABASE {name} TEMPLATE {migrated_postgres}")
    made = sealed_engine(postgres_server.url(name))
    yield made
    made.dispose()
    postgres_server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Each of the two databases in turn."""
    name = "engine" if request.param == "sqlite" else "postgres_engine"
    found: Engine = request.getfixturevalue(name)
    return found
