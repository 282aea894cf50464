"""Engines are safe by default, and a transaction is either alone or cannot write."""

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from service.database import WouldWaitForItself, cannot_write, reading, writing
from service.errors import LogUnavailable, SavingUncertain, UnsafeStart
from service.sqlite import refuse_unsafe_journal
from service.tables.organisation import Municipality, Unit
from tests.parts.vaults import sealed_engine

FJORDBY = "INSERT INTO municipalities (id, code, name) VALUES ('m', '0999', 'Fjordby')"


def count(engine: Engine) -> int:
    with reading(engine) as session:
        return int(session.connection().execute(text("SELECT count(*) FROM municipalities")).scalar_one())


def test_sqlite_is_set_to_keep_what_it_promised(engine: Engine) -> None:
    wanted = {
        "journal_mode": "truncate",
        "synchronous": 3,
        "foreign_keys": 1,
        "secure_delete": 1,
        "busy_timeout": 30000,
    }

    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted}

    assert found == wanted


@pytest.mark.parametrize("version", [(3, 7, 0), (3, 40, 1), (3, 51, 2)])
def test_wal_is_refused_where_sqlite_can_corrupt_it(version: tuple[int, ...]) -> None:
    with pytest.raises(UnsafeStart, match=r"3\.51\.3"):
        refuse_unsafe_journal("wal", version)

    refuse_unsafe_journal("truncate", version)
    refuse_unsafe_journal("wal", (3, 51, 3))


def test_a_database_left_in_wal_is_taken_out_of_it(tmp_path: Path) -> None:
    path = tmp_path / "wal.db"
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA journal_mode = WAL")
        raw.execute("CREATE TABLE t (x)")
    engine = sealed_engine(f"sqlite:///{path}")

    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "truncate"
    engine.dispose()


def test_another_database_is_refused() -> None:
    with pytest.raises(UnsafeStart, match="SQLite or PostgreSQL"):
        sealed_engine("mysql://x")


def test_nothing_is_written_without_a_commit(any_engine: Engine) -> None:
    with writing(any_engine) as session:
        session.add(Municipality(code="0999", name="Fjordby"))
        session.flush()

    assert count(any_engine) == 0


def test_an_error_takes_everything_back(any_engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(any_engine) as session:
        session.add(Municipality(code="0999", name="Fjordby"))
        session.flush()
        raise ZeroDivisionError

    assert count(any_engine) == 0


def test_a_reading_transaction_cannot_write(any_engine: Engine) -> None:
    with reading(any_engine) as session, pytest.raises(DBAPIError):
        session.connection().execute(text(FJORDBY))

    with writing(any_engine) as session:
        session.connection().execute(text(FJORDBY))
        session.commit()
    assert count(any_engine) == 1


def test_a_reading_transaction_sees_one_moment(postgres_engine: Engine) -> None:
    with reading(postgres_engine) as session:
        query = text("SELECT count(*) FROM municipalities")
        before = session.connection().execute(query).scalar_one()
        with postgres_engine.begin() as other:
            other.execute(text(FJORDBY))
        assert session.connection().execute(query).scalar_one() == before == 0


def test_writing_inside_reading_is_refused_before_it_waits_for_itself(any_engine: Engine) -> None:
    with reading(any_engine), pytest.raises(WouldWaitForItself), writing(any_engine):
        pass

    with writing(any_engine) as session:
        session.connection().execute(text(FJORDBY))
        session.commit()


def test_writers_are_alone_from_their_first_read(any_engine: Engine) -> None:
    """Both read the same number and write one more; without being alone they would write the same twice."""

    def add_one() -> None:
        with writing(any_engine) as session:
            seen = session.connection().execute(text("SELECT count(*) FROM municipalities")).scalar_one()
            time.sleep(0.05)
            session.add(Municipality(code=f"{seen:04}", name="x"))
            session.commit()

    threads = [threading.Thread(target=add_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(any_engine) == 4


def test_a_key_to_nowhere_is_refused(any_engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(any_engine) as session:
        session.add(Unit(municipality_id="nowhere", name="x"))
        session.commit()


def test_a_mistake_of_ours_is_not_called_unavailable(any_engine: Engine) -> None:
    with pytest.raises(DBAPIError) as mistake, writing(any_engine) as session:
        session.connection().execute(text("SELECT * FROM nothing"))

    assert not cannot_write(mistake.value)


def test_a_locked_database_is_unavailable(any_engine: Engine) -> None:
    impatient = sealed_engine(any_engine.url.render_as_string(hide_password=False), busy_seconds=1)
    began = time.monotonic()
    with any_engine.begin(), pytest.raises(LogUnavailable), writing(impatient) as session:
        session.connection().execute(text(FJORDBY))
    waited = time.monotonic() - began
    impatient.dispose()

    assert 1 <= waited < 1.9
    assert count(any_engine) == 0


def test_threads_of_one_process_wait_for_each_other_and_not_for_ever(engine: Engine) -> None:
    impatient = sealed_engine(engine.url.render_as_string(hide_password=False), busy_seconds=1)
    inside, done = threading.Event(), threading.Event()

    def stay() -> None:
        with writing(impatient) as session:
            session.connection()
            inside.set()
            done.wait(10)

    staying = threading.Thread(target=stay)
    staying.start()
    inside.wait(10)
    began = time.monotonic()
    with pytest.raises(LogUnavailable), writing(impatient) as session:
        session.connection().execute(text(FJORDBY))
    waited = time.monotonic() - began
    done.set()
    staying.join()

    assert 1 <= waited < 1.9
    assert count(engine) == 0
    with writing(impatient) as session:
        session.connection().execute(text(FJORDBY))
        session.commit()
    impatient.dispose()
    assert count(engine) == 1


@pytest.mark.parametrize("broken", ["left", "thrown away"])
def test_a_turn_ends_however_the_transaction_does(broken: str, engine: Engine) -> None:
    impatient = sealed_engine(engine.url.render_as_string(hide_password=False), busy_seconds=5)
    with pytest.raises(ZeroDivisionError), writing(impatient) as session:
        session.connection().execute(text(FJORDBY))
        if broken == "thrown away":
            session.connection().invalidate()
        raise ZeroDivisionError

    began = time.monotonic()
    with writing(impatient) as session:
        session.connection().execute(text(FJORDBY))
        session.commit()
    impatient.dispose()

    assert time.monotonic() - began < 2
    assert count(engine) == 1


def test_no_connection_turns_from_reading_to_writing(engine: Engine) -> None:
    """It would forget every statement it has prepared."""
    turned = []

    def note(_c: object, _r: object, statement: str, *_: object) -> None:
        if "query_only" in statement:
            turned.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        for number in range(3):
            assert count(engine) == number
            with writing(engine) as session:
                session.add(Municipality(code=f"{number:04}", name="x"))
                session.commit()
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    assert len(turned) <= 2  # once for whoever reads, once for whoever writes


def test_a_commit_that_is_refused_is_certainly_not_stored(engine: Engine) -> None:
    impatient = sealed_engine(engine.url.render_as_string(hide_password=False), busy_seconds=1)
    with engine.connect().execution_options(skoen_reading=True) as reader:
        reader.exec_driver_sql("SELECT count(*) FROM municipalities")  # which holds a commit back
        with pytest.raises(LogUnavailable) as refusal, writing(impatient) as session:
            session.connection().execute(text(FJORDBY))
            session.commit()
    impatient.dispose()

    assert type(refusal.value) is LogUnavailable
    assert count(engine) == 0


def test_a_connection_that_breaks_during_the_commit_leaves_it_uncertain(postgres_engine: Engine) -> None:
    other = sealed_engine(postgres_engine.url.render_as_string(hide_password=False))

    def cut_off(connection: Connection) -> None:
        pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
        with other.connect().execution_options(skoen_reading=True) as killer:
            killer.exec_driver_sql(f"SELECT pg_terminate_backend({pid}, 5000)")

    event.listen(postgres_engine, "commit", cut_off)
    with pytest.raises(SavingUncertain) as uncertain, writing(postgres_engine) as session:
        session.connection().execute(text(FJORDBY))
        session.commit()
    event.remove(postgres_engine, "commit", cut_off)
    other.dispose()

    assert uncertain.value.status == 503
    assert "uvist" in uncertain.value.sentence
    assert count(postgres_engine) == 0


def test_a_connection_that_breaks_before_the_commit_is_certain(postgres_engine: Engine) -> None:
    with pytest.raises(LogUnavailable) as refusal, writing(postgres_engine) as session:
        session.connection().execute(text(FJORDBY))
        session.connection().exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    assert type(refusal.value) is LogUnavailable
    assert count(postgres_engine) == 0


def test_what_was_to_be_written_stays_out_of_the_error(any_engine: Engine) -> None:
    with pytest.raises(IntegrityError) as error, writing(any_engine) as session:
        session.add(Unit(municipality_id="nowhere", name="Ane Ærø"))
        session.commit()

    assert "Ane" not in str(error.value)


def test_a_damaged_file_is_unavailable_and_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(b"this is no database " * 100)
    engine = sealed_engine(f"sqlite:///{path}")

    with pytest.raises(LogUnavailable), writing(engine) as session:
        session.connection().execute(text(FJORDBY))

    assert path.read_bytes() == b"this is no database " * 100
    engine.dispose()
