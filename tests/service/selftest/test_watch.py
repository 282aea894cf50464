"""The watch of a process: a fault closes what writes, and what is mended opens by itself."""

import sqlite3
import threading
from collections.abc import Generator
from contextlib import closing, contextmanager
from datetime import datetime

import pytest
from sqlalchemy import Engine
from structlog.testing import capture_logs

from service import selftest
from service.database import writing
from service.errors import LogUnavailable, ReadOnly
from service.selftest import CHECKS, Finding, Installation, State
from service.selftest.findings import in_order
from service.selftest.watch import EVERY, SOON, Watch
from service.signer.report import write_status
from service.signer.seal import seal
from service.tables.append_only import protect
from service.tables.base import new_id
from service.tables.organisation import Municipality
from tests.builders import a_case
from tests.cast import NOW
from tests.parts.fitness import content_of
from tests.parts.vaults import sealed_engine


class Ticks:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def now() -> datetime:
    """The instant of every self-test here."""
    return NOW


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def watch(place: Installation, ticks: Ticks) -> Watch:
    """A watch that has looked once."""
    made = Watch(place.settings, place.engine, now, ticks)
    made.look()
    return made


def unprotect(engine: Engine) -> None:
    """Take a trigger down."""
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER decisions_append_only_update")


def add_one(engine: Engine) -> None:
    """One small writing transaction."""
    with writing(engine) as session:
        session.add(Municipality(code="0997", name="Engby Kommune"))
        session.commit()


def test_a_fit_installation_saves(watch: Watch) -> None:
    add_one(watch.engine)

    assert not watch.look().faults


def test_a_fault_is_noticed_at_the_next_look_and_nothing_is_written_from_then_on(
    watch: Watch, ticks: Ticks
) -> None:
    unprotect(watch.engine)
    ticks.at += EVERY
    before = content_of(watch.engine)

    with pytest.raises(ReadOnly) as refusal:
        add_one(watch.engine)

    assert content_of(watch.engine) == before
    assert refusal.value.reasons == ("Værnet mod, at gemte oplysninger ændres, mangler i databasen.",)
    assert refusal.value.sentence.startswith("Der kan ikke gemmes lige nu. Værnet")
    assert isinstance(refusal.value, LogUnavailable)


def test_it_is_asked_again_no_sooner_than_every_half_minute(watch: Watch, ticks: Ticks) -> None:
    unprotect(watch.engine)
    ticks.at += EVERY - 0.1

    add_one(watch.engine)
    ticks.at += 0.1
    with pytest.raises(ReadOnly):
        add_one(watch.engine)


def test_what_is_mended_is_saved_again_without_a_restart(watch: Watch, ticks: Ticks) -> None:
    unprotect(watch.engine)
    ticks.at += EVERY
    with pytest.raises(ReadOnly):
        add_one(watch.engine)
    with watch.engine.begin() as connection:
        protect(connection)

    with pytest.raises(ReadOnly):
        add_one(watch.engine)
    ticks.at += EVERY
    add_one(watch.engine)


def test_what_is_mended_is_noticed_in_less_than_a_second(watch: Watch, ticks: Ticks) -> None:
    unprotect(watch.engine)
    ticks.at += EVERY
    with pytest.raises(ReadOnly):
        add_one(watch.engine)
    with watch.engine.begin() as connection:
        protect(connection)

    ticks.at += SOON
    add_one(watch.engine)


def test_a_check_that_cannot_be_made_is_a_fault(
    watch: Watch, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(place: Installation) -> Finding:
        raise ZeroDivisionError("7102479995")

    monkeypatch.setitem(CHECKS, "disk", broken)
    ticks.at += EVERY

    found = watch.look().faults["disk"]

    assert found.english == "The check could not be made (ZeroDivisionError)."
    assert "7102479995" not in str(found)


@pytest.fixture
def impatient(engine: Engine) -> Generator[Engine]:
    """Another engine on the same database, which waits for nobody."""
    made = sealed_engine(engine.url.render_as_string(hide_password=False), busy_seconds=0)
    yield made
    made.dispose()


@contextmanager
def held(engine: Engine) -> Generator[None]:
    """The database is somebody else's meanwhile."""
    with closing(sqlite3.connect(engine.url.database or "")) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_database_that_does_not_answer_is_no_verdict(
    place: Installation, ticks: Ticks, impatient: Engine
) -> None:
    watch = Watch(place.settings, impatient, now, ticks)
    watch.look()
    ticks.at += EVERY

    with held(impatient):
        seen = watch.look()

    assert seen.findings.keys() == CHECKS.keys()
    assert not seen.faults


def test_before_the_first_answer_nothing_is_saved_and_whoever_asks_next_looks_again(
    place: Installation, ticks: Ticks, impatient: Engine
) -> None:
    with impatient.connect(), held(impatient):
        watch = Watch(place.settings, impatient, now, ticks)
        with pytest.raises(ReadOnly, match="Databasen svarer ikke"):
            add_one(impatient)

    add_one(impatient)
    assert not watch.look().faults


def test_while_one_looks_the_others_go_by_what_was_found_before(
    watch: Watch, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(place: Installation) -> Finding:
        begun.set()
        assert go_on.wait(10)
        return in_order("x", "x")

    monkeypatch.setitem(CHECKS, "disk", slow)
    ticks.at += EVERY
    before = watch._report
    looker = threading.Thread(target=watch.look)
    looker.start()
    assert begun.wait(10)

    seen = watch.look()
    go_on.set()
    looker.join()

    assert seen is before
    assert watch.look() is not before


def test_the_services_own_log_tells_of_a_change_once(watch: Watch, ticks: Ticks) -> None:
    unprotect(watch.engine)
    with capture_logs() as lines:
        for _ in range(3):
            ticks.at += EVERY
            watch.look()
        with watch.engine.begin() as connection:
            protect(connection)
        ticks.at += EVERY
        watch.look()

    told = [(line["event"], line.get("reason")) for line in lines]
    assert told == [("selftest:read_only", "triggers"), ("selftest:writable", None)]


def test_every_check_answers_in_both_languages(place: Installation) -> None:
    for name, finding in selftest.run(place).findings.items():
        assert finding.english and finding.danish.endswith("."), name
        assert finding.state is not State.FAULT, name


def test_an_installation_on_postgresql_is_fit_too(postgres_place: Installation) -> None:
    report = selftest.run(postgres_place)

    assert report.findings.keys() == CHECKS.keys()
    assert report.faults == {}


def test_what_the_signer_leaves_is_understood(place: Installation) -> None:
    for _ in range(3):
        a_case(place.engine, request_id=new_id())
        write_status(place.settings.seals, seal(place.settings, place.engine, NOW))
    a_case(place.engine, request_id=new_id())

    report = selftest.run(place)

    assert report.faults == {}
    assert {name: report.findings[name].state for name in ("log", "signer")} == {
        "log": State.OK,
        "signer": State.OK,
    }
    assert (place.settings.seals / "decisions/2026/checkpoint").exists()
