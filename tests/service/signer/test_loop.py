"""The signer at work: when it makes a round, what it says when it cannot, and how it ends."""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.signer.loop import Pace, Signer
from service.signer.report import OK, REFUSED, WAITING, Status, read_status
from tests.cast import NOW
from tests.service.signer.bench import DECISIONS, Bench, fill, roll_back, settings_of

QUICK = Pace(interval=30, look=0.01, again=0.05, entries=100)


def signer_of(bench: Bench, pace: Pace = QUICK) -> Signer:
    return Signer(bench.settings, lambda: NOW, pace)


@contextmanager
def at_work(signer: Signer) -> Generator[None]:
    """The signer in a thread, until the block ends."""
    stop = threading.Event()
    thread = threading.Thread(target=signer.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(5)
        assert not thread.is_alive()


def status_when(bench: Bench, size: int | None = None, state: str = OK) -> Status:
    """The report, once it says this; fails after ten seconds."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        status = read_status(bench.settings.seals)
        if status and status.state == state and size in (None, status.shards.get(DECISIONS, {}).get("size")):
            return status
        time.sleep(0.01)
    raise AssertionError(f"the report never said {state} {size}: {status}")


def test_a_hundred_new_entries_are_sealed_at_once_and_fewer_wait_for_the_minute(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    with at_work(signer_of(bench)):
        status_when(bench, 5)
        fill(bench.engine, DECISIONS, 99)
        time.sleep(0.3)
        status_when(bench, 5)
        fill(bench.engine, DECISIONS, 1)
        status_when(bench, 105)
    bench.require_whole(DECISIONS, 105)


def test_few_entries_are_sealed_when_the_minute_is_over(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    with at_work(signer_of(bench, Pace(interval=0.2, look=0.01))):
        status_when(bench, 5)
        fill(bench.engine, DECISIONS, 1)
        status_when(bench, 6)


def test_a_refusal_is_told_in_both_languages_and_is_looked_at_again(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 300)
    bench.seal()
    roll_back(bench.engine, DECISIONS, 200)
    with at_work(signer_of(bench, Pace(interval=0.05, look=0.01))):
        told = status_when(bench, 300, REFUSED)
        fill(bench.engine, DECISIONS, 100)  # the same entries again: what a second restore would bring
        status_when(bench, 300)
    assert told.codes == ("shorter",)
    da, en = told.why[0]
    assert "300 er forseglet" in da and "300 are sealed" in en


def test_a_database_that_is_away_is_told_and_waited_for(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    bench.engine.dispose()
    path = Path(str(bench.engine.url.database))
    with at_work(signer_of(bench)):
        status_when(bench, 5)
        path.rename(path.with_suffix(".away"))
        # An open file stays readable under another name: the signer has to come anew.
    with at_work(signer_of(bench)):
        told = status_when(bench, 5, WAITING)
        assert told.codes == ("database",) and told.why[0][1].startswith("The database cannot be read")
        assert not path.exists(), "waiting makes no empty database"
        path.with_suffix(".away").rename(path)
        status_when(bench, 5)


def test_a_database_that_is_damaged_is_told(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    bench.engine.dispose()
    path = Path(str(bench.engine.url.database))
    path.write_bytes(b"this is no database" * 1000)

    assert signer_of(bench).round().codes == ("database",)


def test_a_folder_that_cannot_be_written_is_told_and_waited_for(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(bench.engine, DECISIONS, 5)
    signer = signer_of(bench)

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("service.signer.seal.write_durably", full)
        assert signer.round().codes == ("disk",)
    assert bench.checkpoint(DECISIONS) is None
    assert signer.round().state == OK
    bench.require_whole(DECISIONS, 5)


def test_a_report_that_cannot_be_written_stops_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(bench.engine, DECISIONS, 5)

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("service.signer.loop.write_status", full)

    assert signer_of(bench).round().state == OK
    bench.require_whole(DECISIONS, 5)


def test_a_lost_key_is_told_with_what_to_do(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5)
    bench.seal()
    (bench.settings.signer / "key").unlink()

    status = signer_of(bench).round()

    assert (status.state, status.codes) == (WAITING, ("key",))
    assert "rotate-key --lost" in status.why[0][1]


def test_a_signer_whose_starter_is_gone_ends(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    parents = iter([1000, 1])
    monkeypatch.setattr("service.signer.loop.os.getppid", lambda: next(parents))

    signer_of(bench).run(threading.Event(), 1000)

    assert read_status(bench.settings.seals)


def test_looking_every_second_costs_next_to_nothing(bench: Bench) -> None:
    fill(bench.engine, DECISIONS, 5_000)
    signer = signer_of(bench)
    signer.round()

    begun = time.process_time()
    for _ in range(100):
        assert not signer.has_enough()
    assert (time.process_time() - begun) / 100 < 0.01


@pytest.mark.postgres
def test_a_postgresql_that_is_away_is_told(postgres_engine: Engine, tmp_path: Path) -> None:
    settings = settings_of(postgres_engine, tmp_path)
    object.__setattr__(settings, "database_url", "postgresql+psycopg://nobody@127.0.0.1:1/nothing")

    assert Signer(settings, lambda: NOW, QUICK).round().codes == ("database",)
