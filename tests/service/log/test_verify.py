"""Whatever is changed behind the log's back is found, and named."""

import pytest
from sqlalchemy import Engine, text

from service import log
from service.database import writing
from service.log import Event
from service.tables.base import Logged
from service.tables.log import STEPS
from tests.parts.steps import LATER, RETIRED, SHARD, a_case, facts_of, one_of_everything, put
from tests.parts.tampering import rewritten_entry, tamper

Rows = dict[str, Logged]


@pytest.fixture
def rows(engine: Engine) -> Rows:
    """One row of every step, in the SQLite database."""
    return one_of_everything(engine)[1]


def test_an_untouched_log_is_clean(any_engine: Engine) -> None:
    _, rows = one_of_everything(any_engine)
    told: list[tuple[int, int]] = []

    found = log.verify(any_engine, lambda done, total: told.append((done, total)))

    assert found.problems == []
    assert found.ok
    assert found.entries == told[-1][0] == told[-1][1] >= len(STEPS)
    assert set(found.roots) == {SHARD, RETIRED}
    assert set(rows) == set(STEPS)


def test_an_empty_log_is_clean(any_engine: Engine) -> None:
    assert log.verify(any_engine) == log.Verification(entries=0, roots={}, problems=[])


def test_a_long_log_is_verified_in_pieces(engine: Engine, rows: Rows) -> None:
    told: list[int] = []

    assert log.verify(engine, lambda done, _: told.append(done), batch=7).ok
    assert len(told) > 3
    assert told == sorted(told)


def test_a_changed_entry_is_found(any_engine: Engine) -> None:
    _, rows = one_of_everything(any_engine)
    seq = rows["decision"].log_seq

    found = tamper(
        any_engine,
        f"UPDATE log_entries SET entry = replace(entry, 'visitator', 'teamleder') WHERE seq = {seq}",
    )

    assert f"{SHARD} {seq}: the entry does not fit its leaf hash" in found
    assert f"{SHARD}: the root of the entries is not the root of the head" in found


def test_a_changed_entry_with_a_new_leaf_hash_is_found(engine: Engine, rows: Rows) -> None:
    seq = rows["taken"].log_seq
    with engine.connect() as connection:
        values = rewritten_entry(connection, seq, {"actor": "q" * 32})

    found = tamper(
        engine, f"UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE seq = {seq}", **values
    )

    assert found == [f"{SHARD}: the root of the entries is not the root of the head"]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"seq": "99"}, "the entry's seq is not"),
        ({"log": "decisions/2025"}, "the entry's log is not"),
        ({"type": "decision:made"}, "the entry's type is not"),
        ({"step": "decision"}, "the entry's step is not"),
        ({"t": "2020-01-01T00:00:00.000000Z"}, "the entry's t is earlier"),
        ({"id": "x"}, "case_takings.id is not the entry's id"),
        ({"case": "x"}, "case_takings.case_id is not the entry's case"),
        ({"commit": "0" * 64}, "does not fit the entry's commitment"),
    ],
)
def test_an_entry_that_says_something_else_is_found(
    engine: Engine, rows: Rows, fields: dict[str, str], problem: str
) -> None:
    seq = rows["taken"].log_seq
    with engine.connect() as connection:
        values = rewritten_entry(connection, seq, fields)

    found = tamper(
        engine, f"UPDATE log_entries SET entry = :entry, leaf_hash = :leaf WHERE seq = {seq}", **values
    )

    assert any(line.startswith(f"{SHARD} {seq}: ") and problem in line for line in found), found


@pytest.mark.parametrize("entry", ["not json", "[]", '{"b":1, "a":2}', "null"])
def test_an_entry_that_is_no_entry_is_found(engine: Engine, rows: Rows, entry: str) -> None:
    seq = rows["taken"].log_seq

    found = tamper(engine, f"UPDATE log_entries SET entry = :entry WHERE seq = {seq}", entry=entry)

    assert f"{SHARD} {seq}: the entry is not canonical JSON" in found


def test_an_entry_that_is_gone_is_found(any_engine: Engine) -> None:
    _, rows = one_of_everything(any_engine)
    seq = rows["taken"].log_seq

    found = tamper(any_engine, f"DELETE FROM log_entries WHERE shard = '{SHARD}' AND seq = {seq}")

    assert f"{SHARD} {seq}: the entry is missing" in found
    assert f"{SHARD} {seq}: the row in case_takings has no entry" in found


def test_the_last_entries_cannot_be_cut_off(engine: Engine, rows: Rows) -> None:
    last = max(row.log_seq for row in rows.values())

    found = tamper(engine, f"DELETE FROM log_entries WHERE shard = '{SHARD}' AND seq = {last}")

    assert f"{SHARD}: the head says {last + 1} entries, {last} are there" in found


def test_a_whole_shard_cannot_vanish(engine: Engine, rows: Rows) -> None:
    found = tamper(engine, "DELETE FROM log_entries", "DELETE FROM log_heads")

    assert f"{SHARD} {rows['decision'].log_seq}: the row in decisions has no entry" in found


def test_swapped_entries_are_found(engine: Engine, rows: Rows) -> None:
    first, second = rows["facts"].log_seq, rows["taken"].log_seq

    found = tamper(
        engine,
        f"UPDATE log_entries SET seq = 5000 WHERE seq = {first}",
        f"UPDATE log_entries SET seq = {first} WHERE seq = {second}",
        f"UPDATE log_entries SET seq = {second} WHERE seq = 5000",
    )

    assert f"{SHARD} {first}: the entry's seq is not {first}" in found
    assert f"{SHARD} {second}: the entry's seq is not {second}" in found


def test_every_single_changed_character_of_an_entry_is_found(engine: Engine, rows: Rows) -> None:
    seq = rows["decision"].log_seq
    with engine.connect() as connection:
        entry = connection.execute(text(f"SELECT entry FROM log_entries WHERE seq = {seq}")).scalar_one()

    for place in range(0, len(entry), 23):
        other = "x" if entry[place] != "x" else "y"
        changed = entry[:place] + other + entry[place + 1 :]
        tamper(engine, "UPDATE log_entries SET entry = :entry WHERE seq = :seq", entry=changed, seq=seq)
        assert f"{SHARD} {seq}: the entry does not fit its leaf hash" in log.verify(engine).problems


def test_what_is_written_during_a_verification_is_left_for_the_next(engine: Engine) -> None:
    cast, _ = one_of_everything(engine)
    written: list[int] = []

    def write_meanwhile(done: int, total: int) -> None:
        if written:
            return
        with writing(engine) as session:
            case = a_case(cast.alma, serial=2)
            put(session, Event.CASE_RECEIVED, case)
            put(session, Event.FACTS_RECORDED, facts_of(case))
            log.append(session, Event.SIGNED_IN, at=LATER, by=cast.alma)
            session.commit()
        written.append(done)

    found = log.verify(engine, write_meanwhile)

    assert found.problems == []
    assert written
    assert log.verify(engine).entries == found.entries + 3
