"""A busy day: four caseworkers at once, five hundred decisions, and a log that still proves every one."""

import multiprocessing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import func, select

from service.database import make_engine, reading, upgrade, writing
from service.identity import Actor
from service.log.verify import verify
from service.tables.decision import Decision
from service.workflow import decision, suggestion
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import UNITS, gather
from tests.shelves import FixedShelf

EACH = 125
NAMES = ("alma", "bent", "freja", "carla")
DAY = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def a_day_of(url: str, by: Actor) -> None:
    """One caseworker's day, in a process of her own."""
    engine = make_engine(url)
    code = next(code for code, (name, _) in UNITS.items() if name == by.municipality_name)
    for number in range(EACH):
        _one_case(engine, by, code, f"{by.username}-{number}", "basal" if number % 3 else "avanceret")
    engine.dispose()


def _one_case(engine: Engine, by: Actor, municipality: str, key: str, level: str) -> None:
    case = a_case(engine, now=DAY, request_id=key, municipality_code=municipality, unit_name=by.unit_name)
    own = a_judgement(engine, case, by, now=DAY, key=key, choice=level)
    suggestion.answer(
        engine,
        own.id,
        shelf=FixedShelf(),
        render=lambda payload, mode: mode,
        template_version="t/1",
        now=DAY,
        by=by,
    )
    with writing(engine) as session:
        decision.decide(
            session, case.id, choice="avanceret", reason_code="funktion_nu", key=key, now=DAY, by=by
        )
    with writing(engine) as session:
        decision.plan(
            session,
            case.id,
            forms=("gruppe",),
            team="ortopaedisk",
            place="center",
            start_status="inden_frist",
            first_date=case.due_on,
            now=DAY,
            by=by,
        )


def _live_through(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    cast = gather(engine)
    an_admission(engine, cast.dan)
    engine.dispose()
    spawning = multiprocessing.get_context("spawn")
    workers = [spawning.Process(target=a_day_of, args=(url, cast.people[name])) for name in NAMES]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(timeout=300)
    assert [worker.exitcode for worker in workers] == [0, 0, 0, 0]
    engine = make_engine(url)
    with reading(engine) as session:
        assert session.exec(select(func.count()).select_from(Decision)).one() == EACH * len(NAMES)
    found = verify(engine)
    engine.dispose()
    assert (found.ok, found.problems) == (True, [])
    assert found.entries > EACH * len(NAMES) * 6


@pytest.mark.slow
def test_five_hundred_decisions_by_four_at_once_verify_on_sqlite(tmp_path: Path) -> None:
    _live_through(f"sqlite:///{tmp_path / 'day.db'}")


@pytest.mark.slow
@pytest.mark.postgres
def test_five_hundred_decisions_by_four_at_once_verify_on_postgresql(postgres_url: str) -> None:
    _live_through(postgres_url)
