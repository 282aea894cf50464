"""The stop button of every unit: all or none, one logged row each, and a unit's own stop is left alone."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from service import log
from service.database import reading, writing
from service.errors import Forbidden, Refused
from service.identity import Actor
from service.tables.governance import Stop
from service.tables.log import LogEntry
from service.workflow import governance
from service.workflow.governance import stop_all
from service.workflow.governance.stop_all import Pressed
from tests.cast import NOW, Cast
from tests.refusals import refuses

LATER = NOW + timedelta(hours=1)
BOTH = ("Træning Nord", "Træning Syd")


def stop(
    engine: Engine, by: Actor, reason: str = "Tallene ser forkerte ud.", *, drill: bool = False
) -> Pressed:
    """Every unit is stopped."""
    with writing(engine) as session:
        return stop_all.stop_all(session, reason=reason, now=NOW, by=by, drill=drill)


def release(engine: Engine, by: Actor) -> Pressed:
    """Every unit is released."""
    with writing(engine) as session:
        return stop_all.release_all(session, reason="Tallene er set.", now=LATER, by=by)


def stopped(engine: Engine, cast: Cast) -> dict[str, bool]:
    """By somebody of each unit, whether it is stopped."""
    with reading(engine) as session:
        return {name: governance.is_stopped(session, cast.people[name].unit_id)
                for name in ("alma", "freja", "carla")}  # fmt: skip


def entries(engine: Engine) -> list[dict[str, str]]:
    """What the log says of every press."""
    query = select(LogEntry.entry).where(col(LogEntry.event).startswith("stop:")).order_by(col(LogEntry.seq))
    with reading(engine) as session:
        return [json.loads(entry) for entry in session.exec(query)]


@pytest.mark.parametrize("reason", ["", "  \n", "Øvelse: i dag", "øvelse:x", "Ring 7102479995"])
def test_a_reason_that_says_nothing_or_too_much_is_refused(reason: str, engine: Engine, cast: Cast) -> None:
    for press in (stop_all.stop_all, stop_all.release_all):
        refuses(engine, Refused, lambda session: press(session, reason=reason, now=NOW, by=cast.ada))  # noqa: B023
        stop(engine, cast.ada)  # so that there is something to release; a second time it writes nothing


@pytest.mark.parametrize("name", ["alma", "tove", "dan", "dorte", "carla"])
def test_only_an_administrator_stops_every_unit(name: str, engine: Engine, cast: Cast) -> None:
    by = cast.people[name]
    refuses(engine, Forbidden, lambda session: stop_all.stop_all(session, reason="x", now=NOW, by=by))
    refuses(engine, Forbidden, lambda session: stop_all.release_all(session, reason="x", now=NOW, by=by))


def test_every_unit_of_the_municipality_is_stopped_and_no_other(engine: Engine, cast: Cast) -> None:
    assert stop(engine, cast.ada) == Pressed(BOTH, ())

    assert stopped(engine, cast) == {"alma": True, "freja": True, "carla": False}
    said = entries(engine)
    assert [(entry["type"], entry["scope"], entry["actor"]) for entry in said] == [
        ("stop:pressed", "all", cast.ada.person_id)
    ] * 2
    assert len({entry["row"]["unit_id"] for entry in said}) == 2
    assert log.verify(engine).ok


def test_stopping_twice_writes_once(engine: Engine, cast: Cast) -> None:
    stop(engine, cast.ada)
    assert stop(engine, cast.ada, "Igen.") == Pressed((), BOTH)
    assert len(entries(engine)) == 2


def test_a_log_that_is_full_after_the_first_unit_stops_none(engine: Engine, cast: Cast) -> None:
    with engine.begin() as connection:
        connection.execute(text(
            "CREATE TRIGGER full BEFORE INSERT ON log_entries WHEN EXISTS (SELECT 1 FROM stops)"
            " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        ))  # fmt: skip
    refuses(engine, DBAPIError, lambda session: stop_all.stop_all(session, reason="x", now=NOW, by=cast.ada))
    assert stopped(engine, cast) == {"alma": False, "freja": False, "carla": False}


def test_release_takes_back_what_was_stopped_together(engine: Engine, cast: Cast) -> None:
    stop(engine, cast.ada)
    assert release(engine, cast.ada) == Pressed(BOTH, ())
    assert not any(stopped(engine, cast).values())
    assert release(engine, cast.ada) == Pressed((), ())
    assert [entry["type"] for entry in entries(engine)] == ["stop:pressed"] * 2 + ["stop:released"] * 2


def test_a_unit_that_was_stopped_on_its_own_stays_so(engine: Engine, cast: Cast) -> None:
    with writing(engine) as session:
        governance.stop(session, cast.tove.unit_id, reason="Noget i Nord.", now=NOW, by=cast.tove)
    assert stop(engine, cast.ada) == Pressed(("Træning Syd",), ("Træning Nord",))
    assert release(engine, cast.ada) == Pressed(("Træning Syd",), ("Træning Nord",))

    assert stopped(engine, cast) == {"alma": True, "freja": False, "carla": False}
    with reading(engine) as session:
        nord = governance.newest_stop(session, cast.tove.unit_id)
    assert nord is not None and nord.reason == "Noget i Nord."


def test_a_team_lead_releases_her_own_unit_from_a_stop_of_all(engine: Engine, cast: Cast) -> None:
    stop(engine, cast.ada)
    with writing(engine) as session:
        governance.release(session, cast.tove.unit_id, reason="Her er set.", now=LATER, by=cast.tove)

    assert stopped(engine, cast) == {"alma": False, "freja": True, "carla": False}
    assert release(engine, cast.ada) == Pressed(("Træning Syd",), ())


def test_a_drill_says_so_in_the_reason_and_in_the_entry(engine: Engine, cast: Cast) -> None:
    stop(engine, cast.ada, "Halvårlig prøve", drill=True)
    with reading(engine) as session:
        reasons = {row.reason for row in session.exec(select(Stop))}

    assert reasons == {"Øvelse: Halvårlig prøve"}
    assert {entry["drill"] for entry in entries(engine)} == {True}
    assert stopped(engine, cast)["alma"]  # a drill stops for real
