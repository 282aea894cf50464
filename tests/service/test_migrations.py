"""The migrations make exactly the tables that the code declares, on both engines."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, inspect, text

from service.database import require_version, upgrade
from service.errors import UnsafeStart
from service.tables import METADATA
from service.tables.log import STEPS
from tests.parts.vaults import sealed_engine


@contextmanager
def declared(engine: Engine, tmp_path: Path) -> Iterator[Connection]:
    """A connection to a database of the same kind, made from the declarations without any migration."""
    if engine.dialect.name == "sqlite":
        other = sealed_engine(f"sqlite:///{tmp_path / 'declared.db'}")
        with other.begin() as connection:
            METADATA.create_all(connection)
            yield connection
        other.dispose()
        return
    with engine.begin() as connection:
        connection.execute(text("CREATE SCHEMA declared"))
        connection.execute(text("SET LOCAL search_path TO declared"))
        METADATA.create_all(connection)
        yield connection


def shape(connection: Connection, schema: str | None = None) -> dict[str, Any]:
    """What autogenerate does not compare: checks, generated columns, and when keys are checked."""
    look = inspect(connection)
    found: dict[str, Any] = {}
    for table in METADATA.tables:
        checks = {
            c["name"]: " ".join(c["sqltext"].split()) for c in look.get_check_constraints(table, schema)
        }
        keys = {
            k["name"]: (
                k["constrained_columns"],
                k["referred_table"],
                k["referred_columns"],
                k.get("options"),
            )
            for k in look.get_foreign_keys(table, schema)
        }
        columns = {
            c["name"]: (str(c["type"]), c["nullable"], c.get("computed"))
            for c in look.get_columns(table, schema)
        }
        found[table] = (checks, keys, columns, look.get_pk_constraint(table, schema))
    return found


def test_nothing_is_left_to_migrate(any_engine: Engine) -> None:
    with any_engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_checks_keys_and_generated_columns_are_as_declared(any_engine: Engine, tmp_path: Path) -> None:
    with any_engine.connect() as connection:
        migrated = shape(connection)
    with declared(any_engine, tmp_path) as connection:
        made = shape(connection, None if any_engine.dialect.name == "sqlite" else "declared")

    assert migrated == made
    assert sum(bool(options) for _, keys, *_ in made.values() for *_, options in keys.values()) == 2 * len(
        STEPS
    )


def test_upgrading_again_changes_nothing(any_engine: Engine) -> None:
    with any_engine.connect() as connection:
        before = shape(connection)

    upgrade(any_engine)

    with any_engine.connect() as connection:
        assert shape(connection) == before


def test_the_service_does_not_start_on_an_empty_database(tmp_path: Path) -> None:
    engine = sealed_engine(f"sqlite:///{tmp_path / 'empty.db'}")

    with pytest.raises(UnsafeStart, match="skoen database upgrade"):
        require_version(engine)
    engine.dispose()


def test_a_new_database_file_is_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "skoen.db"
    engine = sealed_engine(f"sqlite:///{file}")

    upgrade(engine)

    assert file.stat().st_mode & 0o777 == 0o600
    assert file.with_name("skoen.db-journal").stat().st_mode & 0o777 == 0o600
    engine.dispose()
