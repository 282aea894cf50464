"""Retention lets go of what is over and of nothing else, goes on after a break, and doubts a clock ahead."""

import json
import os
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from service import log, sessions
from service.database import reading, writing
from service.log import Event
from service.tables.session import SignInAttempt
from service.workflow import erasure, governance, retention
from service.workflow.erasure.refusal import refuse_erasure
from service.workflow.retention import Done, Plan, retirement
from service.workflow.retention.clock_doubt import ClockDoubted, newest_before
from service.workflow.retention.schedule import Schedule, ScheduleRefused, read_schedule
from tests.parts.citizens import early, plant, receive, report
from tests.parts.town import LATER, Town
from tests.rows import rows

TODAY = LATER.date()
APPROVED = Schedule("plan-2026", "Dina Due, DPO", read_schedule(None).periods, "0" * 64)


def plan(town: Town, as_of: date = TODAY) -> Plan:
    return retention.plan(town.engine, town.settings, APPROVED, now=LATER, as_of=as_of)


def run(town: Town, as_of: date = TODAY, *, schedule: Schedule = APPROVED, **changes: Any) -> Done:
    said = {"now": LATER, "as_of": as_of, "operator": "uid:0", "clock_is_right": True, **changes}
    return retention.run(town.engine, town.settings, schedule, **said)


def refuses(town: Town, why: str, refusal: type[Exception], *arguments: Any, **changes: Any) -> None:
    before = town.state()
    with pytest.raises(refusal, match=why):
        run(town, *arguments, **changes)
    assert town.state() == before


def test_a_schedule_nobody_approved_erases_nothing(town: Town) -> None:
    town.plant(1, early(2016))

    refuses(town, "approved by nobody", ScheduleRefused, schedule=read_schedule(None))


def test_a_clock_after_a_long_silence_is_not_believed(town: Town) -> None:
    """The newest entries are from January and from this minute: somebody has just signed in."""
    town.plant(1, early(2016))
    with writing(town.engine) as session:
        log.append(session, Event.SIGNED_IN, at=LATER, by=town.alma)
        session.commit()

    refuses(town, "the log is silent from 2026-01-02 until at least", ClockDoubted, clock_is_right=False)
    assert run(town).counts["citizens"] == 1


def test_a_clock_that_ran_for_weeks_is_believed(town: Town) -> None:
    town.plant(1, early(2016))
    with writing(town.engine) as session:
        log.append(session, Event.SIGNED_IN, at=LATER - timedelta(days=20), by=town.alma)
        session.commit()

    assert run(town, clock_is_right=False).counts["citizens"] == 1


def test_a_young_log_is_no_reason_for_doubt(town: Town) -> None:
    assert run(town, now=early(2026), as_of=early(2026).date(), clock_is_right=False) == Done()


@pytest.mark.parametrize("days", [-4000, -100, -1, 0, 1, 45, 100, 3000])
def test_the_newest_entry_before_an_instant_is_found_wherever_it_is(town: Town, days: int) -> None:
    """Held against a look at every entry, over several quarters of both logs."""
    for year in (2015, 2016, 2026):
        town.looked(year, times=5)
    town.plant(1, early(2016))
    limit = early(2016) + timedelta(days=days, minutes=3)

    with reading(town.engine) as session:
        times = [each for shard in ("decisions", "access") for each in _times(town, shard)]
        assert newest_before(session, limit) == max((each for each in times if each < limit), default=None)


def _times(town: Town, name: str) -> list[datetime]:
    with reading(town.engine) as session:
        query = text("SELECT entry FROM log_entries WHERE shard LIKE :name")
        found = session.execute(query, {"name": f"{name}/%"}).scalars().all()
    return [datetime.fromisoformat(json.loads(entry)["t"]) for entry in found]


def test_a_day_to_come_is_tried_only_where_every_citizen_is_invented(town: Town) -> None:
    person = town.plant(1)
    in_2037 = date(2037, 1, 1)
    with writing(town.engine) as session:
        governance.change_phase(
            session, town.alma.municipality_id, "pilot", legal_basis="SUL § 140", approved_by="Direktøren",
            valid_from=TODAY, now=LATER, by=None,
        )  # fmt: skip

    refuses(town, "2037-01-01 is still to come", ClockDoubted, in_2037)
    assert plan(town, in_2037).citizens == (person.citizen_id,)


def test_only_those_go_whose_newest_entry_is_old_enough(town: Town) -> None:
    long_ago, lately = town.plant(1, early(2016)), town.plant(2, early(2020))
    back = plant(town.engine, town.alma, 3, now=early(2016))
    report(town.engine, 4, person=3, now=early(2020))
    assert plan(town).citizens == (long_ago.citizen_id,)

    done = run(town)

    assert (done.counts["citizens"], done.counts["cases"], done.problems) == (1, 1, [])
    assert town.left_of(long_ago) == []
    assert [bool(town.left_of(each)) for each in (lately, back)] == [True, True]
    assert log.verify(town.engine).problems == []
    with reading(town.engine) as session:
        found = session.connection().exec_driver_sql("SELECT DISTINCT occasion, ground, reason FROM erasures")
        assert found.all() == [("retention", "no_longer_needed", retention.REASON)]


def test_the_day_it_is_over_is_counted_from_the_newest_step(town: Town) -> None:
    town.plant(1, early(2016))  # on 5 January

    assert plan(town, date(2026, 1, 4)).citizens == ()
    assert len(plan(town, date(2026, 1, 5)).citizens) == 1


def test_an_open_case_keeps_a_citizen_and_is_named(town: Town) -> None:
    person = town.plant(1, early(2016))
    case = receive(town.engine, 2, person=1, now=early(2016))

    found = plan(town)

    assert (found.citizens, found.waiting) == ((), (case.serial,))
    assert run(town).counts["citizens"] == 0
    assert town.left_of(person) != []


def test_to_look_at_the_log_or_refuse_an_erasure_keeps_nobody_longer(town: Town) -> None:
    person = town.plant(1, early(2016))
    with writing(town.engine) as session:
        refuse_erasure(
            session, person.citizen_id, ground="archives", reason="Endnu ikke.", operator="uid:0", now=LATER
        )

    assert plan(town).citizens == (person.citizen_id,)


def test_what_was_never_meant_to_stay_goes_by_days(town: Town) -> None:
    old = LATER - timedelta(days=91)
    for number, at in ((1, old), (2, LATER)):
        receive(town.engine, number, now=at)
        with writing(town.engine) as session:
            sessions.create(session, now=at, content={"soegning": "Navna00001"})
            session.add(SignInAttempt(username="x", address="127.0.0.1", at=at))
            session.commit()
    rejects = town.settings.var / "rejects"
    rejects.mkdir(parents=True)
    for name, at in (("old.jsonl", old), ("new.jsonl", LATER)):
        (rejects / name).write_text("{}")
        os.utime(rejects / name, (at.timestamp(), at.timestamp()))
    assert plan(town).passing == {
        "drafts": 0, "sessions": 1, "sign_in_attempts": 1, "practice": 0, "rejects": 1,
    }  # fmt: skip

    run(town)

    left = rows(town.engine)
    assert (left["web_sessions"], left["sign_in_attempts"]) == (1, 1)
    assert [file.name for file in rejects.iterdir()] == ["new.jsonl"]
    assert plan(town).is_empty


def test_a_draft_goes_when_its_time_is_over(town: Town) -> None:
    town.plant(1, early(2026))
    assert plan(town).passing["drafts"] == 1

    run(town)

    assert rows(town.engine)["drafts"] == 0


def grown_old(town: Town) -> tuple[date, list[str]]:
    """Casework and look-ups of 2016, sealed; and what is to go eleven years on."""
    for number in (1, 2, 3):
        town.plant(number, early(2016) + timedelta(days=number))
    town.looked(2016)
    town.looked(2026)
    town.seal()
    return date(2027, 1, 1), ["access/2016Q1", "decisions/2016"]


def test_citizens_go_before_the_decisions_that_were_about_them(any_town: Town) -> None:
    as_of, shards = grown_old(any_town)
    found = plan(any_town, as_of)
    assert (len(found.citizens), list(found.shards), found.held_back) == (3, shards, {})

    done = run(any_town, as_of)

    assert (done.counts["citizens"], done.shards, done.problems) == (3, shards, [])
    assert log.verify(any_town.engine).problems == []
    any_town.seal()


def test_a_second_run_does_nothing(town: Town) -> None:
    as_of, _ = grown_old(town)
    run(town, as_of)
    before = town.state()

    assert plan(town, as_of).is_empty
    assert run(town, as_of) == Done()
    assert town.state() == before


def test_what_cannot_be_retired_is_told_and_the_rest_is_done(town: Town) -> None:
    as_of, _ = grown_old(town)
    receive(town.engine, 9, now=early(2016) + timedelta(days=8))
    town.seal()
    town.looked(2013)

    found = plan(town, as_of)
    done = run(town, as_of)

    assert found.held_back.keys() == {"access/2013Q1", "decisions/2016"}
    assert "was never sealed" in found.held_back["access/2013Q1"]
    assert (done.counts["citizens"], done.shards) == (3, ["access/2016Q1"])
    assert done.problems == [found.held_back["access/2013Q1"]]  # that somebody is still known is no fault


class Crash(BaseException):
    """The process dies here."""


@pytest.mark.parametrize(
    "place", [(erasure, "_destroy_keys"), (erasure, "sweep"), (retirement, "remove_entry_tiles")], ids=str
)
def test_broken_off_it_goes_on(town: Town, place: tuple[Any, str], monkeypatch: pytest.MonkeyPatch) -> None:
    as_of, shards = grown_old(town)
    module, name = place
    original: Callable[..., Any] = getattr(module, name)
    calls = iter([None] if name == "remove_entry_tiles" else [])

    def crash(*arguments: Any) -> Any:
        if next(calls, Crash) is None:  # the first call tidies up after an earlier run
            return original(*arguments)
        raise Crash

    monkeypatch.setattr(module, name, crash)
    with pytest.raises(Crash):
        run(town, as_of)
    monkeypatch.undo()
    assert log.verify(town.engine).problems == []

    run(town, as_of)

    assert plan(town, as_of).is_empty
    assert town.unfinished() == 0
    assert log.verify(town.engine).problems == []
    for shard in shards:
        assert not (town.settings.seals / shard / "tile" / "entries").exists()
    before = town.state()
    assert run(town, as_of) == Done()
    assert town.state() == before
