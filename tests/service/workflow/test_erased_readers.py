"""Whoever reads cases goes on without an erased one, and no figure takes its blanked dates for dates."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session

from models import areas
from service.database import reading
from service.errors import CaseErased
from service.identity import Actor
from service.workflow import assessment, caseload, decision, export, intake, suggestion
from service.workflow.assessment import consultation, drafts
from service.workflow.case_file import CaseState, find_row, open_file, state_of
from service.workflow.decision.receipt import receipt_of
from service.workflow.delivery import offer_of, outcome_of
from service.workflow.statistics import queries
from tests.cast import TODAY
from tests.parts.citizens import Planted, request_of
from tests.parts.town import LATER, Town
from tests.refusals import refuses

AREA = areas.get("genoptraening")
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def people(town: Town) -> tuple[Planted, Planted]:
    """One who is erased, and one who stays."""
    gone, stays = town.plant(1), town.plant(2)
    town.erase(gone.citizen_id)
    return gone, stays


def test_deadlines_are_counted_without_it_and_practice_with_it(
    town: Town, people: tuple[Planted, Planted]
) -> None:
    with reading(town.engine) as session:
        rows = queries.decided_rows(session, [town.alma.unit_id], AREA, TODAY, TOMORROW)

    assert sorted(row.case_type for row in rows) == ["hoftebrud", "ukendt"]
    assert [row.in_time for row in rows if row.planned] == [True]
    assert {row.due_on.year for row in rows if row.planned} == {TODAY.year}


def test_the_export_leaves_it_out_and_says_so(town: Town, people: tuple[Planted, Planted]) -> None:
    left_out: list[str] = []

    found = list(export.decisions(town.engine, left_out=left_out.append))

    assert [case.request_id for case in found] == [request_of(2)]
    assert left_out == [people[0].case.id]
    assert found[0].outcome.started


def test_nothing_reported_about_it_is_left(town: Town, people: tuple[Planted, Planted]) -> None:
    ids = [request_of(1), people[0].case.id, request_of(2)]

    with reading(town.engine) as session:
        assert set(outcome_of(session, ids)) == {request_of(2)}
        assert set(offer_of(session, ids)) == {request_of(2)}


def test_the_caseload_goes_on_without_it(town: Town, people: tuple[Planted, Planted]) -> None:
    with reading(town.engine) as session:
        listed = caseload._candidates(session, town.alma.unit_id)
        assert caseload.next_case(session, town.alma, TODAY) is None
    assert people[0].case.id not in [case.id for case in listed]


def test_where_it_stood_can_still_be_told(town: Town, people: tuple[Planted, Planted]) -> None:
    with reading(town.engine) as session:
        assert [state_of(session, each.case.id) for each in people] == [CaseState.PLANNED] * 2
        assert find_row(session, people[0].case.id).serial == people[0].case.serial


STEPS: dict[str, Callable[[Session, str, Actor], Any]] = {
    "open_file": lambda s, case, by: open_file(s, case),
    "receipt_of": lambda s, case, by: receipt_of(s, case),
    "of_case": lambda s, case, by: suggestion.of_case(s, case),
    "take": lambda s, case, by: intake.take(s, case, now=LATER, by=by),
    "record_reading": lambda s, case, by: intake.record_reading(s, case, {}, now=LATER, by=by),
    "mark_wrong": lambda s, case, by: intake.mark_wrong(s, case, "tolk", note="", now=LATER, by=by),
    "answer_return": lambda s, case, by: intake.answer_return(s, case, {}, note="", now=LATER, by=by),
    "judge": lambda s, case, by: assessment.judge(
        s, case, {}, choice="basal", confidence="sikker", wants_evidence=True, read_version=1,
        opened_at=LATER, key="noegle-ny", now=LATER, by=by,
    ),
    "decide": lambda s, case, by: decision.decide(
        s, case, choice="basal", reason_code="funktion_nu", key="noegle-ny", now=LATER, by=by
    ),
    "plan": lambda s, case, by: decision.plan(
        s, case, forms=("hold",), team="ortopaedisk", place="center", start_status="frit_valg",
        first_date=None, now=LATER, by=by,
    ),
    "ask": lambda s, case, by: consultation.ask(s, case, text="", now=LATER, by=by),
    "save": lambda s, case, by: drafts.save(s, case, "planning", {}, now=LATER, by=by),
}  # fmt: skip


@pytest.mark.parametrize("step", STEPS)
def test_no_step_is_taken_in_it(town: Town, people: tuple[Planted, Planted], step: str) -> None:
    refuses(town.engine, CaseErased, lambda s: STEPS[step](s, people[0].case.id, town.alma))
