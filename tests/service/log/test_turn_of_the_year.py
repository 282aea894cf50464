"""A clock that goes back over New Year: steps stay in the order in which they were taken."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service import log
from service.database import reading, writing
from service.errors import AlreadyDecided
from service.log import Event
from service.tables.decision import Decision
from service.workflow import decision, suggestion
from service.workflow.case_file import CaseState
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import Cast
from tests.refusals import refuses, state
from tests.shelves import FixedShelf

NEW_YEAR = datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def shard_at(engine: Engine, at: datetime) -> str:
    """Where an entry of the access log goes."""
    with writing(engine) as session:
        receipt = log.append(session, Event.SIGNED_IN, at=at, by=None)
        session.commit()
    return receipt.shard


def test_a_case_judged_in_the_new_year_and_decided_in_the_old_one_is_decided_once(
    engine: Engine, cast: Cast
) -> None:
    an_admission(engine, cast.dan)
    case = a_case(engine, now=NEW_YEAR - timedelta(days=1))
    own = a_judgement(engine, case, cast.alma, now=NEW_YEAR + SECOND)
    suggestion.answer(
        engine, own.id, shelf=FixedShelf(), render=lambda payload, mode: mode, template_version="1",  # type: ignore[arg-type]
        now=NEW_YEAR + SECOND, by=cast.alma,
    )  # fmt: skip
    before = NEW_YEAR - SECOND
    said = {"choice": "basal", "reason_code": "funktion_nu", "now": before, "by": cast.alma}
    with writing(engine) as session:
        decided = decision.decide(session, case.id, key="first", **said)

    assert (decided.shard, decided.at) == ("decisions/2027", before)
    assert state(engine, case.id) is CaseState.DECIDED
    refuses(engine, AlreadyDecided, lambda session: decision.decide(session, case.id, key="second", **said))
    with reading(engine) as session:
        assert len(session.exec(select(Decision)).all()) == 1
    assert log.verify(engine).ok


@pytest.mark.parametrize(
    ("back", "shard"),
    [(SECOND, "access/2027Q1"), (timedelta(hours=23), "access/2027Q1"), (timedelta(days=2), "access/2026Q4")],
    ids=["a second", "most of a day", "two days"],
)
def test_a_shard_that_has_begun_is_left_only_by_more_than_a_day(
    back: timedelta, shard: str, engine: Engine, cast: Cast
) -> None:
    assert shard_at(engine, NEW_YEAR - back) == "access/2026Q4"
    assert shard_at(engine, NEW_YEAR) == "access/2027Q1"

    assert shard_at(engine, NEW_YEAR - back) == shard
    assert log.verify(engine).ok
