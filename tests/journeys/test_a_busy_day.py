"""A busy day: four caseworkers at once, hundreds of decisions, and a log that still proves every one."""

from pathlib import Path

import pytest
from sqlmodel import func, select

from service.database import reading, upgrade
from service.identity import Actor
from service.log.verify import verify
from service.tables.decision import Decision
from tests.builders import an_admission
from tests.cast import gather
from tests.journeys.a_day import one_case
from tests.parts.forks import fresh_processes
from tests.parts.size import sized
from tests.parts.vaults import sealed_engine

EACH = sized(12, 125)
NAMES = ("alma", "bent", "freja", "carla")


def a_day_of(url: str, by: Actor) -> None:
    """One caseworker's day, in a process of her own."""
    engine = sealed_engine(url)
    for number in range(EACH):
        one_case(engine, by, f"{by.username}-{number}", "basal" if number % 3 else "avanceret")
    engine.dispose()


def _live_through(url: str) -> None:
    engine = sealed_engine(url)
    upgrade(engine)
    cast = gather(engine)
    an_admission(engine, cast.dan)
    engine.dispose()
    spawning = fresh_processes()
    workers = [spawning.Process(target=a_day_of, args=(url, cast.people[name])) for name in NAMES]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=300)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    engine = sealed_engine(url)
    with reading(engine) as session:
        assert session.exec(select(func.count()).select_from(Decision)).one() == EACH * len(NAMES)
    found = verify(engine)
    engine.dispose()
    assert (found.ok, found.problems) == (True, [])
    assert found.entries > EACH * len(NAMES) * 6


@pytest.mark.slow
def test_the_decisions_of_four_at_once_verify_on_sqlite(tmp_path: Path) -> None:
    _live_through(f"sqlite:///{tmp_path / 'day.db'}")


@pytest.mark.slow
@pytest.mark.postgres
def test_the_decisions_of_four_at_once_verify_on_postgresql(postgres_url: str) -> None:
    _live_through(postgres_url)
