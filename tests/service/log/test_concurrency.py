"""Several processes write to one log: no error, no gap, no fork."""

import multiprocessing
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text

from service import log
from service.database import reading, writing
from service.identity import Actor
from service.log import Event
from service.tables.intake import CaseTaking
from tests.parts.forks import fresh_processes
from tests.parts.steps import CITIZEN, LATER, one_of_everything
from tests.parts.vaults import sealed_engine

PROCESSES = 4
APPENDS = 40


def write(url: str, case_id: str, by: Actor, number: int) -> int:
    """One process: a step of casework and a look into the access log, in one transaction each time."""
    engine = sealed_engine(url)
    for turn in range(APPENDS):
        at = LATER + timedelta(milliseconds=turn * PROCESSES + number)
        with writing(engine) as session:
            taken = CaseTaking(at=at, case_id=case_id, person_id=by.person_id)
            # Half of them the other way round: two logs in one transaction must not wait for each other.
            if turn % 2:
                log.append(
                    session, Event.CASE_OPENED, at=at, by=by, case_id=case_id, purpose="sagsbehandling"
                )
            log.append(session, Event.CASE_TAKEN, at=at, by=by, row=taken, citizen_id=CITIZEN)
            if not turn % 2:
                log.append(
                    session, Event.CASE_OPENED, at=at, by=by, case_id=case_id, purpose="sagsbehandling"
                )
            session.commit()
    engine.dispose()
    return APPENDS


@pytest.mark.slow
def test_four_processes_write_one_log(any_engine: Engine) -> None:
    cast, rows = one_of_everything(any_engine)
    before = log.verify(any_engine).entries
    url = any_engine.url.render_as_string(hide_password=False)
    any_engine.dispose()

    with fresh_processes().Pool(PROCESSES) as pool:
        turns = [(url, rows["received"].id, cast.alma, number) for number in range(PROCESSES)]
        assert sum(pool.starmap(write, turns)) == PROCESSES * APPENDS

    found = log.verify(any_engine)
    assert found.problems == []
    assert found.entries == before + 2 * PROCESSES * APPENDS
    with reading(any_engine) as session:
        numbered = text("SELECT shard, count(*), min(seq), max(seq) FROM log_entries GROUP BY shard")
        for _, entries, first, last in session.connection().execute(numbered):
            assert (first, last) == (0, entries - 1)


def test_an_engine_carried_over_a_fork_connects_anew(engine: Engine) -> None:
    with reading(engine) as session:
        session.connection().execute(text("SELECT 1"))

    child = multiprocessing.get_context("fork").Process(target=sign_in, args=(engine,))
    child.start()
    child.join(timeout=30)

    assert child.exitcode == 0
    sign_in(engine)
    assert log.verify(engine).entries == 2


def sign_in(engine: Engine) -> None:
    """Write one entry."""
    with writing(engine) as session:
        log.append(session, Event.SIGNED_IN, at=LATER, by=None)
        session.commit()
