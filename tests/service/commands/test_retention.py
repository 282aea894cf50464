"""`skoen retention run` and `skoen log retire`: shown before it is done, asked for, and safe to kill."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import select

from service import log
from service.database import reading
from service.tables.log import LogEntry
from service.workflow.retention.schedule import RULES
from tests.parts.citizens import early
from tests.parts.town import Town
from tests.rows import rows_beside_runs, runs
from tests.service.backup.killing import AFTER, BEFORE, Point, killed
from tests.service.workflow.test_retention_schedule import text_of

IN_2027 = ("--as-of", "2027-01-01")
NOT_YET = ("--as-of", "2025-01-01")


@pytest.fixture
def approved(town: Town) -> Path:
    """The municipality's own schedule, which SKOEN_RETENTION points at."""
    file = town.settings.var / "schedule.toml"
    file.write_text(text_of(access="months = 60"))
    town.environment["SKOEN_RETENTION"] = str(file)
    return file


@pytest.fixture
def aged(town: Town, approved: Path) -> Town:
    """Ten years back and sealed: three citizens, and look-ups."""
    for number in (1, 2, 3):
        town.plant(number, early(2016))
    town.looked(2016)
    town.looked(2026)
    town.seal()
    return town


def refuses(town: Town, why: str, *words: object, is_run: bool = True, typed: str | None = None) -> None:
    """The command is refused for a reason; its run is in the log, and nothing else is another."""
    before, ran = (rows_beside_runs(town.engine), town.state()[1:]), runs(town.engine)

    result = town.run(*words, typed=typed)

    assert result.exit_code != 0
    assert why in result.output
    assert (rows_beside_runs(town.engine), town.state()[1:]) == before
    assert runs(town.engine) == ran + is_run


def run_entries(town: Town) -> list[dict[str, str]]:
    with reading(town.engine) as session:
        found = session.exec(select(LogEntry.entry).where(LogEntry.event == "command:run")).all()
    return [json.loads(each) for each in found]


def test_what_is_not_in_order_is_refused(aged: Town, approved: Path) -> None:
    run = ("retention", "run", "--yes")
    refuses(aged, "By this clock it is", *run)
    approved.write_text(text_of(access="months = 5"))
    refuses(aged, "at least 6 (AI Act", *run, "--clock-is-right", is_run=False)
    approved.write_text(text_of(approved_by=""))
    refuses(aged, "approved by nobody", *run, "--clock-is-right")
    refuses(aged, "approved by nobody", "log", "retire", "access/2016Q1", "--reason", "x", "--yes")
    refuses(aged, "called like access/2026Q1", "log", "retire", "two words", "--reason", "x", is_run=False)


def test_without_yes_it_only_shows(aged: Town) -> None:
    before = rows_beside_runs(aged.engine), aged.state()[1:]

    for options in ((), ("--plan",), ("--plan", "--yes")):
        said = aged.ok("retention", "run", *options, *IN_2027)

        assert "Approved by Dina Due, DPO." in said
        assert "3 citizens would be erased." in said
        assert "access/2016Q1 would be retired." in said
        assert "decisions/2016 would be retired." in said
        assert "3 of drafts would be removed." in said
        assert "Nothing was done." in said
    assert (rows_beside_runs(aged.engine), aged.state()[1:]) == before
    assert [entry["does"] for entry in run_entries(aged)] == ["plan"] * 3


def test_it_does_what_it_showed_and_then_nothing(aged: Town) -> None:
    said = aged.ok("retention", "run", "--yes", *IN_2027)

    assert "3 of 3 citizens erased" in said
    assert "3 citizens, 3 cases" in said
    assert "access/2016Q1 retired, decisions/2016 retired" in said
    assert log.verify(aged.engine).problems == []
    (entry,) = run_entries(aged)
    assert (entry["command"], entry["does"], entry["schedule"]) == ("retention.run", "run", "plan-2026")
    before = rows_beside_runs(aged.engine), aged.state()[1:]

    assert "nothing was over" in aged.ok("retention", "run", "--yes", *IN_2027)

    assert (rows_beside_runs(aged.engine), aged.state()[1:]) == before
    assert len(run_entries(aged)) == 2


def test_what_cannot_be_done_is_told_and_is_no_success(aged: Town) -> None:
    aged.looked(2017)

    result = aged.run("retention", "run", "--yes", *IN_2027)

    assert result.exit_code == 1
    assert "Not done: access/2017Q1 was never sealed" in result.output
    assert "decisions/2016 retired" in result.output


POINTS = [
    Point(AFTER, "service.workflow.retention.passing.remove"),
    Point(BEFORE, "service.workflow.erasure.erase_rows", 2),
    Point(BEFORE, "service.workflow.erasure._destroy_keys"),
    Point(AFTER, "service.workflow.erasure._destroy_keys"),
    Point(BEFORE, "service.workflow.erasure.sweep"),
    Point(BEFORE, "service.workflow.retention.retirement.remove_entry_tiles", 2),
    Point(AFTER, "service.workflow.retention.retirement.retire"),
]


@pytest.mark.slow
@pytest.mark.parametrize("point", POINTS, ids=str)
def test_killed_anywhere_the_next_run_goes_on(aged: Town, point: Point) -> None:
    aged.engine.dispose()
    assert killed(aged.environment, ("retention", "run", "--yes", *IN_2027), point)
    assert log.verify(aged.engine).problems == []

    aged.ok("retention", "run", "--yes", *IN_2027)

    assert log.verify(aged.engine).problems == []
    assert aged.unfinished() == 0
    assert "Nothing is over." in aged.ok("retention", "run", "--plan", *IN_2027)
    before = rows_beside_runs(aged.engine), aged.state()[1:]
    aged.ok("retention", "run", "--yes", *IN_2027)
    assert (rows_beside_runs(aged.engine), aged.state()[1:]) == before


def test_the_schedule_is_shown_with_what_is_least(town: Town) -> None:
    said = town.ok("retention", "show")

    for line, rule in RULES.items():
        assert line in said
        assert rule.source in said
    assert "Approved by nobody" in said


def test_a_shard_is_retired_when_it_is_said_twice(aged: Town) -> None:
    words = ("log", "retire", "access/2016Q1", "--reason", "Fristen er udløbet.", "--clock-is-right")
    refuses(aged, "Aborted", *words, typed="n\n")
    refuses(aged, "is still added to", "log", "retire", "access/2026Q4", *words[3:], "--yes")
    refuses(aged, "is kept until 2027-01-01", "log", "retire", "decisions/2016", *words[3:], "--yes")
    refuses(aged, "There is no shard", "log", "retire", "access/1999Q1", *words[3:], "--yes")

    said = aged.ok(*words, typed="y\n")

    assert "access/2016Q1 is retired: 3 entries, root " in said
    assert log.verify(aged.engine).problems == []
    refuses(aged, "is retired already", *words, "--yes")


def test_days_are_dates(town: Town) -> None:
    assert town.run("retention", "run", "--as-of", "tomorrow").exit_code == 2
    assert f"as of {date(2025, 1, 1)}" in town.ok("retention", "run", *NOT_YET)
