"""Whatever is changed behind the log's back is found, and named."""

import json

import pytest
from sqlalchemy import Connection, Engine, text

from service import log
from service.database import writing
from service.log import Event
from service.log.canonical import canonical
from service.log.merkle import leaf_hash
from service.tables.base import Logged
from service.tables.log import STEPS
from tests.parts.steps import LATER, SHARD, a_case, facts_of, one_of_everything, put

Rows = dict[str, Logged]


def defenceless(connection: Connection) -> None:
    """Take down what the database itself would refuse with: the verifier must not lean on it."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET session_replication_role = replica"))
        return
    triggers = (
        connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
    )
    for trigger in triggers:
        connection.execute(text(f"DROP TRIGGER {trigger}"))


def tamper(engine: Engine, *statements: str, **values: object) -> list[str]:
    """Run statements with triggers and keys out of the way; gives what the verifier then finds of it."""
    before = set(log.verify(engine).problems)
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            connection.connection.driver_connection.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
        defenceless(connection)
        for statement in statements:
            connection.execute(text(statement), values)
        connection.commit()
        connection.invalidate()
    found = [line for line in log.verify(engine).problems if "triggers" not in line]
    return [line for line in found if line not in before]


def rewritten_entry(connection: Connection, seq: int, fields: dict[str, str]) -> dict[str, object]:
    """An entry changed by somebody who knows how leaves are made."""
    query = text("SELECT entry FROM log_entries WHERE shard = :shard AND seq = :seq")
    entry = json.loads(connection.execute(query, {"shard": SHARD, "seq": seq}).scalar_one())
    changed = canonical({**entry, **fields})
    return {"entry": changed.decode(), "leaf": leaf_hash(changed)}


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
    assert set(found.roots) == {SHARD}
    assert set(rows) == set(STEPS)


def test_an_empty_log_is_clean(any_engine: Engine) -> None:
    assert log.verify(any_engine) == log.Verification(entries=0, roots={}, problems=[])


def test_a_long_log_is_verified_in_pieces(engine: Engine, rows: Rows) -> None:
    told: list[int] = []

    assert log.verify(engine, lambda done, _: told.append(done), batch=7).ok
    assert len(told) > 3
    assert told == sorted(told)


@pytest.mark.requirement("K-20")
def test_a_changed_choice_is_found_and_named(any_engine: Engine) -> None:
    _, rows = one_of_everything(any_engine)
    seq = rows["decision"].log_seq

    found = tamper(any_engine, "UPDATE decisions SET choice = 'avanceret'")

    assert found == [f"{SHARD} {seq}: decisions.choice is not what the log proves"]


@pytest.mark.parametrize("step", STEPS)
def test_a_changed_row_of_any_step_is_found(engine: Engine, rows: Rows, step: str) -> None:
    seq = rows[step].log_seq

    found = tamper(
        engine, f"UPDATE {STEPS[step]} SET at = '2026-06-30 09:00:00.000001' WHERE log_seq = {seq}"
    )

    assert found == [f"{SHARD} {seq}: {STEPS[step]}.at is not what the log proves"]


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


def test_a_row_that_is_gone_is_found(any_engine: Engine) -> None:
    _, rows = one_of_everything(any_engine)
    seq = rows["planning"].log_seq

    found = tamper(any_engine, f"DELETE FROM plannings WHERE log_seq = {seq}")

    assert f"{SHARD} {seq}: the row in plannings is missing" in found
    assert any(line.startswith("personal_parts") and "plannings" in line for line in found)


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


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            "content = CAST(replace(CAST(content AS TEXT), 'hjemme', 'ude') AS BLOB)",
            "does not fit the entry's commitment",
        ),
        ("salt = zeroblob(32)", "does not fit the entry's commitment"),
        ("citizen_id = 'another'", "personal_parts.citizen_id is another citizen"),
        ("step = 'planning'", "personal_parts.step is another step"),
        ("scheme = 'plain/2'", "personal_parts.scheme is unknown"),
        ("content = x'ff00'", "does not fit the entry's commitment"),
        ("id = 'moved'", "the personal part of decisions is missing"),
    ],
    ids=["content", "salt", "citizen", "step", "scheme", "bytes", "id"],
)
def test_a_changed_part_is_found(engine: Engine, rows: Rows, change: str, problem: str) -> None:
    seq = rows["decision"].log_seq

    found = tamper(engine, f"UPDATE personal_parts SET {change} WHERE step = 'decision'")

    assert any(line.startswith(f"{SHARD} {seq}: ") and problem in line for line in found), found


def test_parts_cannot_change_places(engine: Engine, rows: Rows) -> None:
    found = tamper(
        engine,
        "UPDATE decisions SET part_id = (SELECT part_id FROM plannings)",
    )

    assert any("does not fit the entry's commitment" in line for line in found)
    assert any("no row in decisions has this part" in line for line in found)


def test_a_part_of_nothing_is_found(engine: Engine, rows: Rows) -> None:
    found = tamper(
        engine,
        "INSERT INTO personal_parts VALUES ('stray', 'c', 'decision', x'00', x'00', 'plain/1')",
        "INSERT INTO personal_parts VALUES ('odd', 'c', 'nothing', x'00', x'00', 'plain/1')",
    )

    assert found == [
        "personal_parts stray: no row in decisions has this part",
        "personal_parts odd: there is no such step",
    ]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("size = size + 1", "the head says"),
        ("size = size - 1", "the head says"),
        ("frontier = zeroblob(32)", "the root of the entries is not the root of the head"),
        ("last_at = '2099-01-01T00:00:00.000000Z'", "the head's last_at"),
    ],
)
def test_a_changed_head_is_found(engine: Engine, rows: Rows, change: str, problem: str) -> None:
    found = tamper(engine, f"UPDATE log_heads SET {change}")

    assert [problem in line for line in found] == [True]


def test_a_head_that_is_gone_is_found(any_engine: Engine) -> None:
    one_of_everything(any_engine)

    assert tamper(any_engine, "DELETE FROM log_heads") == [f"{SHARD}: the head is missing"]


def test_a_row_added_past_the_log_is_found(engine: Engine, rows: Rows) -> None:
    found = tamper(
        engine,
        "INSERT INTO case_takings (id, at, shard, log_seq, part_id, case_id, person_id)"
        " SELECT 'forged', at, shard, 900, part_id, case_id, person_id FROM case_takings",
    )

    assert f"{SHARD} 900: the row in case_takings has no entry" in found


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("cases", "due_on = 'soon'"),
        ("plannings", "forms = '{'"),
        ("cases", "serial = 1.5"),
        ("cases", "at = 'x'"),
    ],
)
def test_a_value_that_cannot_be_read_is_found(engine: Engine, rows: Rows, table: str, change: str) -> None:
    found = tamper(engine, f"UPDATE {table} SET {change}")

    assert any(f"the row in {table} cannot be read" in line for line in found), found


def test_text_that_is_no_text_is_found(engine: Engine, rows: Rows) -> None:
    seq = rows["taken"].log_seq

    found = tamper(engine, f"UPDATE log_entries SET entry = CAST(x'ff' AS TEXT) WHERE seq = {seq}")

    assert f"{SHARD} {seq}: the entry cannot be read" in found


def test_missing_triggers_are_a_problem(engine: Engine, rows: Rows) -> None:
    with engine.begin() as connection:
        defenceless(connection)

    assert "decisions: the triggers that refuse changes are missing" in log.verify(engine).problems


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
