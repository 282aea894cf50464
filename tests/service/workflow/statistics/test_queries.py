"""The rows that are counted: the newest decision of each case, of the right unit, on the right days."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models import areas
from service.database import reading, writing
from service.tables.organisation import Unit
from service.workflow import decision, delivery
from service.workflow.case_file import open_file
from service.workflow.delivery.reported import Report, Reported
from service.workflow.statistics import queries
from service.workflow.statistics.rows import DecidedRow
from tests.builders import an_admission
from tests.cast import LONG_AGO, NOW, PEPPER, TODAY, Cast
from tests.quarter import STEP, decide_case
from tests.service.workflow.test_export import judge_again

AREA = areas.get("genoptraening")
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def admitted(cast: Cast) -> None:
    """A model is in use."""
    an_admission(cast.engine, cast.dan)


def counted(cast: Cast, start: date = TODAY, end: date = TOMORROW, *units: str) -> list[DecidedRow]:
    """The rows of Nord, or of the units named."""
    with reading(cast.engine) as session:
        return queries.decided_rows(session, units or (cast.tove.unit_id,), AREA, start, end)


def test_a_row_says_what_was_judged_shown_decided_and_planned(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1, own="basal", reason="praksis")
    (row,) = counted(cast)
    assert (row.own, row.reference, row.choice, row.reason) == ("basal", "avanceret", "avanceret", "praksis")
    assert (row.case_type, row.shown, row.withheld_reason) == ("hoftebrud", True, None)
    assert row.spent == STEP
    assert (row.prefilled, row.asked) == (12, 21)
    assert row.in_time
    assert row.caseworker == cast.alma.person_id


def test_a_case_without_evidence_says_why(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1, wants_evidence=False)
    (row,) = counted(cast)
    assert (row.shown, row.withheld_reason, row.reference) == (False, "declined", None)


def test_a_row_says_when_evidence_was_shown_and_how_many_similar_cases_agreed(
    engine: Engine, cast: Cast
) -> None:
    decide_case(engine, cast.alma, 1)
    decide_case(engine, cast.alma, 2, wants_evidence=False)
    with_evidence, without = sorted(counted(cast), key=lambda row: not row.shown)
    assert with_evidence.support == 13 / 20
    assert with_evidence.shown_at == NOW + STEP
    assert with_evidence.considered == timedelta(0)
    assert (without.support, without.shown_at, without.considered) == (None, None, None)
    assert with_evidence.unit == cast.tove.unit_id


def test_a_judgement_made_after_the_evidence_is_not_the_first(engine: Engine, cast: Cast) -> None:
    """Otherwise a change to most similar cases would be counted as having been there from the start."""
    case = decide_case(engine, cast.alma, 1, own="basal", choice="basal")
    judge_again(engine, cast, case, "avanceret")
    (row,) = counted(cast)
    assert (row.own, row.reference, row.choice) == ("basal", "avanceret", "avanceret")


@pytest.mark.parametrize(
    ("status", "contact", "completed"),
    [("completed", "finished", True), ("revoked", "finished", False), ("active", "finished", None)],
)
def test_a_course_that_has_ended_says_whether_it_was_completed(
    engine: Engine, cast: Cast, status: str, contact: str, completed: bool | None
) -> None:
    decide_case(engine, cast.alma, 1)
    detail = {"level": None, "discharged_on": TODAY.isoformat(), "reason": None}
    told = (
        Reported("service_request", "request-1", "request-1", status, False, TODAY, None, detail),
        Reported("encounter", "contact-1", "request-1", contact, False, TODAY, TODAY, {}),
    )
    report = Report("report-1", f"{1:064x}", NOW + 2 * STEP, "7102479995", told)
    with writing(engine) as session:
        delivery.take_over(session, report, "0999", pepper=PEPPER, now=NOW + 2 * STEP, by=None)
    (row,) = counted(cast)
    assert row.completed is completed


def test_a_correction_replaces_and_is_counted_once(engine: Engine, cast: Cast) -> None:
    case = decide_case(engine, cast.alma, 1)
    with reading(engine) as session:
        first = open_file(session, case.id).decision
    assert first is not None
    later = NOW + timedelta(days=1)
    with writing(engine) as session:
        decision.decide(
            session, case.id, choice="basal", reason_code="funktion_nu", key="corrected", now=later,
            by=cast.alma, replaces=first.id,
        )  # fmt: skip
    assert counted(cast) == []
    (row,) = counted(cast, TODAY, TOMORROW + timedelta(days=1))
    assert row.choice == "basal"
    assert not row.planned


def test_a_case_that_waits_for_an_answer_is_not_counted(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1, choice="retur", reason="oplysning_mangler")
    decide_case(engine, cast.alma, 2, choice="kan_ikke_afgoeres", reason="oplysning_mangler")
    assert counted(cast) == []


def test_days_and_units_bound_what_is_counted(engine: Engine, cast: Cast) -> None:
    decide_case(engine, cast.alma, 1)
    decide_case(engine, cast.freja, 2, unit="Træning Syd")
    assert len(counted(cast)) == 1
    assert len(counted(cast, TODAY, TOMORROW, cast.tove.unit_id, cast.freja.unit_id)) == 2
    assert counted(cast, TOMORROW, TOMORROW + timedelta(days=9)) == []
    assert counted(cast, TODAY - timedelta(days=9), TODAY) == []


def test_a_lead_sees_her_unit_and_an_auditor_the_whole_municipality(engine: Engine, cast: Cast) -> None:
    with reading(engine) as session:
        theirs = set(session.exec(select(Unit.id).where(Unit.municipality_id == cast.dorte.municipality_id)))
        assert queries.units_seen_by(session, cast.tove) == (cast.tove.unit_id,)
        assert set(queries.units_seen_by(session, cast.dorte)) == theirs
        assert cast.carla.unit_id not in queries.units_seen_by(session, cast.dorte)


def test_changes_of_model_are_told_by_their_day(cast: Cast) -> None:
    with reading(cast.engine) as session:
        day = LONG_AGO.date()
        assert queries.model_changes(session, AREA, day, TODAY) == ((day, "2026-01-01"),)
        assert queries.model_changes(session, AREA, TODAY, TOMORROW) == ()
