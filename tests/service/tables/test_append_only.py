"""Rows are only added: every table not listed as mutable refuses change and removal, on both engines."""

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from service.database import require_current
from service.errors import UnsafeStart
from service.tables import METADATA, MUTABLE
from service.tables.append_only import protect, protected_tables, unprotected
from service.tables.log import STEPS
from tests.parts.steps import one_of_everything

PROTECTED = sorted(set(METADATA.tables) - set(MUTABLE))


def count(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def refused(engine: Engine, statement: str) -> bool:
    try:
        with engine.begin() as connection:
            connection.execute(text(statement))
    except DBAPIError as error:
        return "only added" in str(error.orig)
    return False


def test_every_table_is_either_mutable_or_protected(any_engine: Engine) -> None:
    with any_engine.connect() as connection:
        assert list(protected_tables(connection)) == PROTECTED
        assert unprotected(connection) == []
    assert set(MUTABLE) < set(METADATA.tables)
    assert set(STEPS.values()) <= set(PROTECTED)


def test_no_row_can_be_changed_or_removed(any_engine: Engine) -> None:
    one_of_everything(any_engine)

    for table in PROTECTED:
        column = next(iter(METADATA.tables[table].primary_key)).name
        with any_engine.connect() as connection:
            before = count(connection, table)
        assert before > 0, f"{table} has no row to try"
        assert refused(any_engine, f"UPDATE {table} SET {column} = {column}"), table
        assert refused(any_engine, f"DELETE FROM {table}"), table
        with any_engine.connect() as connection:
            assert count(connection, table) == before, table


def test_a_row_cannot_be_replaced_past_the_triggers(engine: Engine) -> None:
    one_of_everything(engine)

    for table in PROTECTED:
        plain = [column.name for column in METADATA.tables[table].columns if column.computed is None]
        names = ", ".join(plain)
        assert refused(engine, f"INSERT OR REPLACE INTO {table} ({names}) SELECT {names} FROM {table}"), table


@pytest.mark.postgres
def test_a_table_cannot_be_emptied(postgres_engine: Engine) -> None:
    one_of_everything(postgres_engine)

    for table in PROTECTED:
        assert refused(postgres_engine, f"TRUNCATE {table} CASCADE"), table


def test_mutable_tables_can_be_changed(any_engine: Engine) -> None:
    for table in MUTABLE:
        with any_engine.begin() as connection:
            connection.execute(text(f"DELETE FROM {table}"))


def test_the_service_does_not_start_on_a_table_that_lost_its_trigger(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER decisions_append_only_update"))

    with pytest.raises(UnsafeStart, match="decisions"):
        require_current(engine)

    with engine.begin() as connection:
        protect(connection)
    require_current(engine)


@pytest.mark.postgres
def test_a_trigger_that_is_switched_off_counts_as_lost(postgres_engine: Engine) -> None:
    with postgres_engine.begin() as connection:
        connection.execute(text("ALTER TABLE decisions DISABLE TRIGGER ALL"))

    with pytest.raises(UnsafeStart, match="decisions"):
        require_current(postgres_engine)
