"""No row without its entry, no entry without its row: the database itself refuses, on both engines."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from service import log
from service.tables.base import Logged
from service.tables.log import STEPS
from tests.parts.steps import SHARD, one_of_everything

Rows = dict[str, Logged]


def run(connection: Connection, statement: str, **values: object) -> None:
    connection.execute(text(statement), values)


def add_entry(connection: Connection, seq: int, step: str | None) -> None:
    run(
        connection,
        "INSERT INTO log_entries (shard, seq, event, step, entry, leaf_hash)"
        " SELECT shard, :seq, event, CAST(:step AS VARCHAR), entry, leaf_hash FROM log_entries"
        " WHERE seq = 0 AND shard = :shard",
        shard=SHARD, seq=seq, step=step,
    )  # fmt: skip


def add_taking(connection: Connection, seq: int, rows: Rows) -> None:
    run(
        connection,
        "INSERT INTO case_takings (id, at, shard, log_seq, part_id, case_id, person_id)"
        " SELECT :id, at, shard, :seq, part_id, case_id, person_id FROM case_takings WHERE id = :old",
        id=f"forged {seq}", seq=seq, old=rows["taken"].id,
    )  # fmt: skip


def row_without_entry(connection: Connection, rows: Rows) -> None:
    add_taking(connection, 1000, rows)


def entry_without_row(connection: Connection, rows: Rows) -> None:
    add_entry(connection, 1000, "taken")


def crossed_pair(connection: Connection, rows: Rows) -> None:
    add_entry(connection, 1000, "taken")
    add_entry(connection, 1001, "taken")
    add_taking(connection, 1001, rows)
    add_taking(connection, 1002, rows)


def entry_of_another_kind(connection: Connection, rows: Rows) -> None:
    add_entry(connection, 1000, "decision")
    add_taking(connection, 1000, rows)


def entry_of_no_kind(connection: Connection, rows: Rows) -> None:
    add_entry(connection, 1000, None)
    add_taking(connection, 1000, rows)


def same_number_twice(connection: Connection, rows: Rows) -> None:
    add_entry(connection, 0, "taken")


def two_rows_of_one_entry(connection: Connection, rows: Rows) -> None:
    add_taking(connection, rows["taken"].log_seq, rows)


def entry_moved_elsewhere(connection: Connection, rows: Rows) -> None:
    run(connection, "UPDATE log_entries SET seq = 1000 WHERE seq = :seq", seq=rows["taken"].log_seq)


def row_removed(connection: Connection, rows: Rows) -> None:
    run(connection, "DELETE FROM case_takings WHERE id = :id", id=rows["taken"].id)


VIOLATIONS = [
    row_without_entry, entry_without_row, crossed_pair, entry_of_another_kind, entry_of_no_kind,
    same_number_twice, two_rows_of_one_entry, entry_moved_elsewhere, row_removed,
]  # fmt: skip


@pytest.mark.parametrize("violate", VIOLATIONS, ids=lambda violate: violate.__name__)
def test_the_database_refuses(any_engine: Engine, violate: Callable[[Connection, Rows], None]) -> None:
    _, rows = one_of_everything(any_engine)

    with pytest.raises(IntegrityError), any_engine.begin() as connection:
        violate(connection, rows)

    assert log.verify(any_engine).ok


def test_a_pair_that_fits_is_taken(any_engine: Engine) -> None:
    """The statements above fail for what is wrong in them, not for how they are written."""
    _, rows = one_of_everything(any_engine)

    with any_engine.begin() as connection:
        add_entry(connection, 1000, "taken")
        add_taking(connection, 1000, rows)


def test_an_entry_without_a_row_is_written_to_two_indexes_alone(engine: Engine) -> None:
    """Every look-up at a page makes one: an index for each step would be a page to journal for each."""
    with engine.connect() as connection:
        indexes = connection.exec_driver_sql("PRAGMA index_list('log_entries')").all()

    assert sum(not each.partial for each in indexes) == 2
    assert sum(each.partial for each in indexes) == len(STEPS)
