"""The gate before real use: every point by itself keeps a municipality out, and together they let it in."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from models import areas
from service.database import reading, writing
from service.tables.organisation import Municipality
from service.workflow import go_live, governance
from service.workflow.go_live import GATE, Point, State, checks, rollout
from service.workflow.registers.approval import NotReady
from tests.builders import an_admission
from tests.cast import NOW, TODAY, Cast, passes_quiz
from tests.refusals import refuses
from tests.register import (
    VERSION,
    a_basis,
    approved_for_operation,
    ready_for_operation,
    ready_for_pilot,
    standing,
    write,
)


def gate(cast: Cast, at: datetime = NOW) -> dict[int, Point]:
    """The points by number."""
    with reading(cast.engine) as session:
        return {point.number: point for point in go_live.points(session, cast.ada.municipality_id, at)}


def enter(cast: Cast, phase: str) -> Any:
    """The step of entering a phase."""
    return lambda s: rollout.enter_phase(
        s, cast.ada.municipality_id, phase, legal_basis="", approved_by="", valid_from=TODAY, now=NOW,
        by=cast.ada,
    )  # fmt: skip


@pytest.fixture
def ready(engine: Engine, cast: Cast) -> Cast:
    """Everything there is to have: approvals, bases, documents, the quiz and the drill."""
    an_admission(engine, cast.dan, version=VERSION)
    approved_for_operation(engine, cast.dan)
    for phase in ("pilot", "drift"):
        a_basis(engine, cast.dan, phase)
    ready_for_operation(cast)
    return cast


@pytest.mark.requirement("K-18")
def test_nothing_is_met_in_an_empty_municipality_but_what_the_rules_hold(cast: Cast) -> None:
    found = gate(cast)

    assert len(found) == len(GATE) == 15
    assert {number for number, point in found.items() if point.met} == {15}
    assert found[9].state is State.NOT_MET and found[9].evidence[0].startswith("0 af 3")
    assert {p.state for n, p in found.items() if n not in (9, 15)} == {State.MISSING}


@pytest.mark.requirement("K-18", "R-12")
def test_on_a_fresh_installation_operation_is_off(engine: Engine) -> None:
    with writing(engine) as session:
        place = Municipality(code="0999", name="Fjordby Kommune")
        session.add(place)
        session.commit()
        place_id = place.id
    with reading(engine) as session:
        assert governance.phase_of(session, place_id, TODAY) is None
        lacking = go_live.missing_for(session, place_id, "drift", NOW)
    assert {each.number for each in lacking} == set(range(1, 15))


def test_everything_together_opens_the_gate(ready: Cast) -> None:
    assert [point for point in gate(ready).values() if not point.met] == []
    with writing(ready.engine) as session:
        enter(ready, "drift")(session)
    with reading(ready.engine) as session:
        assert governance.phase_of(session, ready.ada.municipality_id, TODAY) == "drift"


@pytest.mark.parametrize("number", range(2, 16))
def test_one_missing_point_keeps_operation_closed_and_is_named(
    number: int, ready: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = GATE[number - 1]
    without = (*GATE[: number - 1], type(asked)(asked.title, asked.needed_from, lambda g: checks.MISSING),
               *GATE[number:])  # fmt: skip
    monkeypatch.setattr(go_live, "GATE", without)

    refuses(ready.engine, NotReady, enter(ready, "drift"))
    with writing(ready.engine) as session, pytest.raises(NotReady) as caught:
        enter(ready, "drift")(session)
    assert f"{number}. {asked.title}" in caught.value.sentence
    assert caught.value.sentence.count(";") == 0


def test_a_pilot_needs_its_own_points_and_no_other(engine: Engine, cast: Cast) -> None:
    an_admission(engine, cast.dan, version=VERSION)
    approved_for_operation(engine, cast.dan)
    a_basis(engine, cast.dan, "pilot")
    refuses(engine, NotReady, enter(cast, "pilot"))
    with reading(engine) as session:
        lacking = go_live.missing_for(session, cast.ada.municipality_id, "pilot", NOW)
        assert go_live.missing_for(session, cast.ada.municipality_id, "skygge", NOW) == ()
    assert {point.number for point in lacking} == {2, 5, 11}

    ready_for_pilot(engine, cast.dan)
    with writing(engine) as session:
        enter(cast, "pilot")(session)
    refuses(engine, NotReady, enter(cast, "drift"))


@pytest.mark.parametrize(
    ("number", "later"), [(1, date(2027, 1, 1)), (9, date(2027, 7, 2)), (10, date(2027, 7, 2)),
                          (14, date(2027, 5, 21))],
)  # fmt: skip
def test_what_has_a_term_runs_out_by_itself(number: int, later: date, ready: Cast) -> None:
    at = NOW + (later - TODAY)
    assert gate(ready)[number].met
    assert gate(ready, at)[number].state is State.NOT_MET


def test_a_test_of_another_model_or_one_that_failed_does_not_count(ready: Cast) -> None:
    an_admission(ready.engine, ready.dan, version="v2", manifest_hash="cd" * 32)
    assert "anden version" in gate(ready)[8].evidence[0]
    about = "model:v2"
    write(ready.engine, ready.dan, "document", subject=about, slags="skaevhed", raad=None, bestaaet=False)
    assert gate(ready)[8].evidence[0].startswith("Ikke bestået")
    write(ready.engine, ready.dan, "document", subject=about, slags="skaevhed", raad=None, bestaaet=True,
          dato="2026-06-01")  # fmt: skip
    assert gate(ready)[8].met


def test_a_restore_that_failed_does_not_count(ready: Cast) -> None:
    failed = {"slags": "gendannelse", "raad": None, "bestaaet": False, "dato": "2026-06-29"}
    write(ready.engine, ready.dan, "document", **failed)
    assert gate(ready)[14].state is State.NOT_MET


def test_each_answer_names_the_entries_it_rests_on(ready: Cast) -> None:
    ids = {entry.id for entry in standing(ready.engine, ready.dan)}
    by_register = [point for number, point in gate(ready).items() if number not in (9, 10, 15)]

    assert all(point.entries and set(point.entries) <= ids for point in by_register)
    assert len(gate(ready)[6].entries) == 3


def test_the_rules_of_2027_are_asked_and_not_believed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    area = areas.get("genoptraening")
    before = date(2026, 12, 31)
    monkeypatch.setattr(
        checks.areas, "get", lambda name: _with_options(area, lambda kind, day: area.options(kind, before))
    )
    assert gate(cast)[15].state is State.MISSING


def _with_options(area: Any, options: Any) -> Any:
    """The area under rules that never change."""
    return replace(area, options=options)


def test_half_of_the_caseworkers_is_not_enough(cast: Cast) -> None:
    passes_quiz(cast.engine, cast.alma)
    assert gate(cast)[9].evidence == ("1 af 3 har bestået prøven om grundlagets grænser.",)
    for by in (cast.bent, cast.freja):
        passes_quiz(cast.engine, by)
    assert gate(cast)[9].met
    assert not gate(cast, NOW + timedelta(days=366))[9].met
