"""What planners enter: what cannot be is refused first, and a file is taken whole or not at all."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading, writing
from service.errors import Forbidden
from service.errors import Refused as RefusedByLog
from service.intake_formats.problem import Refused
from service.tables.capacity import CapacityEntry
from service.workflow import capacity
from service.workflow.capacity.board import board
from service.workflow.capacity.entries import Entered
from service.workflow.capacity.forecast import Forecast
from service.workflow.capacity.importing import take_over
from service.workflow.effect.cells import FollowedCases
from service.workflow.statistics.shares import HIDDEN, Share
from tests.cast import NOW, TODAY, Cast
from tests.refusals import in_session, refuses
from tests.rows import rows
from tests.service.workflow.effect.planted import DAY, K3, cases

HEAD = "enhed;tilbud;dato;pladser;ledige;venter;ventedage\n"
GOOD = "Træning Nord;ortopaedisk;2026-06-29;24;3;7;5\n"


def entered(cast: Cast) -> Entered:
    return Entered(cast.tove.unit_id, "ortopaedisk", TODAY, places=24, free=3, waiting=7, wait_days=5)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"offer": "yoga"}, "offer"),
        ({"places": -1}, "places"),
        ({"free": 25}, "free"),
        ({"waiting": 5001}, "waiting"),
        ({"wait_days": 1001}, "wait_days"),
        ({"counted_on": TODAY + timedelta(days=1)}, "counted_on"),
        ({"counted_on": TODAY - timedelta(days=400)}, "counted_on"),
    ],
    ids=lambda value: str(value),
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    engine: Engine, cast: Cast, change: dict[str, object], field: str
) -> None:
    wrong = replace(entered(cast), **change)
    before = rows(engine)
    with writing(engine) as session, pytest.raises(capacity.CapacityRefused) as refused:
        capacity.enter(session, wrong, now=NOW, by=cast.tove)
    assert list(refused.value.faults) == [field]
    assert rows(engine) == before


@pytest.mark.parametrize("name", ["alma", "dan", "dorte", "ada"])
def test_only_whoever_plans_enters_numbers(engine: Engine, cast: Cast, name: str) -> None:
    by = cast.people[name]
    refuses(engine, Forbidden, lambda session: capacity.enter(session, entered(cast), now=NOW, by=by))


def test_nobody_enters_numbers_for_another_unit(engine: Engine, cast: Cast) -> None:
    other = replace(entered(cast), unit_id=cast.freja.unit_id)
    refuses(engine, Forbidden, lambda session: capacity.enter(session, other, now=NOW, by=cast.tove))


@pytest.mark.requirement("D-55")
def test_of_each_offer_the_newest_day_stands_and_what_was_said_before_is_kept(
    engine: Engine, cast: Cast
) -> None:
    usual = entered(cast)
    said = (usual, replace(usual, free=9), replace(usual, counted_on=TODAY - timedelta(days=3), free=1))
    for each in (*said, replace(usual, offer="haand")):
        in_session(engine, lambda session, each=each: capacity.enter(session, each, now=NOW, by=cast.tove))
    with reading(engine) as session:
        found = capacity.standing(session, (cast.tove.unit_id,))
        kept = session.exec(select(CapacityEntry)).all()
    assert [(row.offer, row.free) for row in found] == [("haand", 3), ("ortopaedisk", 9)]
    assert len(kept) == 4
    assert {row.recorded_by for row in kept} == {"Tove Dam, teamleder"}


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("", {("linje 1", "enhed"), ("linje 1", "ventedage")}),
        (HEAD, {("filen", "indhold")}),
        (HEAD.replace("venter;", ""), {("linje 1", "venter")}),
        (HEAD.replace("venter", "venter;pris"), {("linje 1", "pris")}),
        (HEAD + GOOD + "Træning Nord;haand;2026-06-29;24;3\n", {("linje 3", "linjen")}),
        (HEAD + GOOD + "Træning Vest;haand;i går;24;tre;-1;5\n", {
            ("linje 3", "enhed"), ("linje 3", "dato"), ("linje 3", "ledige"), ("linje 3", "venter"),
        }),
        (HEAD + GOOD + "Træning Nord;yoga;2027-06-29;2;3;7;5\n", {
            ("linje 3", "tilbud"), ("linje 3", "dato"), ("linje 3", "ledige"),
        }),
        (HEAD + GOOD + GOOD, {("linje 3", "tilbud")}),
        (HEAD + GOOD + "Træning Skovby;haand;2026-06-29;24;3;7;5\n", {("linje 3", "enhed")}),
        (HEAD + GOOD + '"Træning Nord;haand\n', {("linje 3", "linjen")}),
    ],
    ids=["empty", "no rows", "column missing", "column unknown", "cells", "unreadable", "impossible",
         "twice", "another municipality", "no CSV"],
)  # fmt: skip
def test_a_file_with_one_wrong_row_is_refused_whole_and_every_problem_is_named(
    engine: Engine, cast: Cast, tmp_path: Path, content: str, wrong: set[tuple[str, str]]
) -> None:
    path = tmp_path / "kapacitet.csv"
    path.write_text(content, encoding="utf-8")
    before = rows(engine)
    with writing(engine) as session, pytest.raises(Refused) as refused:
        take_over(session, path, cast.tove.municipality_id, recorded_by="Tove Dam, teamleder", now=NOW)
    problems = refused.value.problems
    assert wrong <= {(each.where, each.field) for each in problems}
    assert all(each.reason and each.found and each.file == "kapacitet.csv" for each in problems)
    assert rows(engine) == before


def test_a_cpr_number_for_a_name_takes_nothing_in(engine: Engine, cast: Cast, tmp_path: Path) -> None:
    path = tmp_path / "kapacitet.csv"
    path.write_text(HEAD + GOOD, encoding="utf-8")
    place = cast.tove.municipality_id
    refuses(
        engine, RefusedByLog,
        lambda session: take_over(session, path, place, recorded_by="7102479995, chef", now=NOW),
    )  # fmt: skip


@pytest.mark.requirement("D-55")
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_file_is_taken_in_row_by_row(engine: Engine, cast: Cast, tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "kapacitet.csv"
    other = "Træning Syd;haand;2026-06-30;8;0;12;11\n"
    path.write_text("\ufeff" + (HEAD + GOOD + other).replace(";", delimiter), encoding="utf-8")
    place = cast.tove.municipality_id
    taken = in_session(
        engine, lambda session: take_over(session, path, place, recorded_by="Tove Dam, chef", now=NOW)
    )
    with reading(engine) as session:
        found = session.exec(select(CapacityEntry)).all()
    assert taken == 2
    assert {(row.offer, row.places, row.free, row.waiting, row.wait_days) for row in found} == {
        ("ortopaedisk", 24, 3, 7, 5),
        ("haand", 8, 0, 12, 11),
    }
    assert {row.counted_on for row in found} == {date(2026, 6, 29), date(2026, 6, 30)}


@pytest.mark.requirement("D-55")
def test_the_board_puts_the_deadline_and_the_forecast_beside_what_was_entered(cast: Cast) -> None:
    """21 orthopaedic courses in one week of 12 whole ones from 6 July to 27 September; too few hands."""
    quarter = FollowedCases([*cases(21), *cases(6, offer="neurologisk"), *cases(3, offer="haand")], K3)
    usual = entered(cast)
    entry = CapacityEntry(at=DAY, **{**vars(usual), "offer": "kraeft"}, recorded_by="Tove Dam, teamleder")
    found = {row.offer: row for row in board([entry], quarter, date(2026, 10, 1))}
    assert list(found) == ["ortopaedisk", "neurologisk", "kraeft", "haand"]
    assert found["ortopaedisk"].in_time == Share(21, 21)
    assert found["ortopaedisk"].days.middle == 6
    assert found["ortopaedisk"].expected is not None
    assert (found["ortopaedisk"].expected.expected, found["ortopaedisk"].expected.weeks) == (7, 12)
    assert found["haand"].in_time == HIDDEN
    assert found["haand"].expected is None
    assert found["kraeft"].entry is entry
    assert isinstance(found["kraeft"].expected, Forecast)
