"""Delivery reports: added only, the newest counts, and what follows from them is worked out on reading."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from models.record import Outcome
from service.database import reading, writing
from service.errors import Conflict
from service.fhir import codes
from service.fhir.bundles import open_bundle
from service.fhir.delivery import read_report
from service.log import Event
from service.log.verify import verify
from service.tables.delivery import DeliveryReport, ReportedResource
from service.tables.intake import Case, CaseClosure
from service.tables.log import LogEntry
from service.workflow import delivery
from service.workflow.case_file import CaseState, open_file
from service.workflow.delivery.courses import courses_of
from tests.builders import a_case, a_judgement
from tests.bundles import (
    COURSE,
    REQUEST,
    Json,
    a_course,
    a_diagnosis,
    a_report,
    a_request,
    an_encounter,
    assessed,
    ended,
    part,
    received,
    social,
    story,
    wrong_plan,
)
from tests.cast import NOW, PEPPER, Cast, gather
from tests.rows import rows


def take(engine: Engine, *bundles: Json, municipality: str = "0999") -> list[DeliveryReport | None]:
    """Take bundles over, one after the other."""
    taken = []
    for bundle in bundles:
        report = read_report(open_bundle(bundle, now=NOW))
        with writing(engine) as session:
            taken.append(delivery.take_over(session, report, municipality, pepper=PEPPER, now=NOW, by=None))
    return taken


def outcome(engine: Engine, request_id: str = REQUEST) -> Outcome:
    with reading(engine) as session:
        return delivery.outcome_of(session, [request_id])[request_id]


def state_of(engine: Engine, case: Case) -> CaseState:
    with reading(engine) as session:
        return open_file(session, case.id).state


def closure_of(engine: Engine, case: Case) -> CaseClosure:
    with reading(engine) as session:
        return session.exec(select(CaseClosure).where(CaseClosure.case_id == case.id)).one()


def test_a_report_is_taken_over_with_its_entry(cast: Cast) -> None:
    (row,) = take(cast.engine, received())

    assert row is not None
    with reading(cast.engine) as session:
        kinds = sorted(session.exec(select(ReportedResource.kind)).all())
        assert kinds == ["focus_condition", "planned_intervention", "service_request"]
        events = session.exec(select(LogEntry.event).where(LogEntry.step == "delivery")).all()
        assert events == [Event.DELIVERY_IMPORTED]
    assert verify(cast.engine).ok


def test_the_same_report_again_changes_nothing(cast: Cast) -> None:
    take(cast.engine, received())
    before = rows(cast.engine)

    assert take(cast.engine, received()) == [None]
    assert rows(cast.engine) == before


def test_a_report_of_the_same_id_with_other_content_is_refused(cast: Cast) -> None:
    take(cast.engine, received())
    before = rows(cast.engine)
    other = received("avanceret")

    with pytest.raises(Conflict):
        take(cast.engine, other)
    assert rows(cast.engine) == before


def test_two_municipalities_may_use_the_same_ids(cast: Cast) -> None:
    take(cast.engine, received())
    (row,) = take(cast.engine, received("avanceret"), municipality="0998")

    assert row is not None
    with reading(cast.engine) as session, pytest.raises(ValueError, match="two municipalities"):
        delivery.outcome_of(session, [REQUEST])
    with reading(cast.engine) as session:
        found = courses_of(session, [REQUEST], municipality_id=row.municipality_id)
        assert found[REQUEST].level == "avanceret"


def test_the_story_is_told_step_by_step_on_both_databases(any_engine: Engine) -> None:
    gather(any_engine)
    told = []
    for bundle in story():
        take(any_engine, bundle)
        told.append(outcome(any_engine))

    assert told[0] == Outcome(None, None, None, None, None)
    assert told[1] == Outcome("i_gang", None, True, 4, 1)
    assert [each.sessions for each in told[2:6]] == [2, 3, 4, 5]
    assert told[6].status == told[7].status == "i_gang"
    assert told[8] == Outcome("afbrudt", False, True, 4, 5)


def test_the_order_of_import_does_not_matter(cast: Cast) -> None:
    take(cast.engine, *reversed(story()))

    assert outcome(cast.engine) == Outcome("afbrudt", False, True, 4, 5)


def test_the_published_reason_for_ending_is_kept(cast: Cast) -> None:
    take(cast.engine, *story())

    with reading(cast.engine) as session:
        course = courses_of(session, [REQUEST])[REQUEST]
    ended_course = next(each for each in course.of("care_plan") if each.resource_id == COURSE)
    assert ended_course.detail["reason"] == "fravalg_anden_traening"


def test_a_plan_entered_in_error_counts_until_it_is_withdrawn(cast: Cast) -> None:
    take(cast.engine, *story()[:-3], ended())
    take(cast.engine, wrong_plan(False))
    assert outcome(cast.engine).status == "i_gang"

    take(cast.engine, wrong_plan(True))

    assert outcome(cast.engine).status == "afbrudt"


def test_a_withdrawn_request_tells_nothing(cast: Cast) -> None:
    withdrawn = a_report("r-9", "2022-06-29T10:00:00Z", a_diagnosis(), a_request(status="entered-in-error"))
    take(cast.engine, *story(), withdrawn)

    assert outcome(cast.engine) == Outcome()


@pytest.mark.parametrize(
    ("status", "reason", "contacts", "expected"),
    [
        ("completed", None, 1, "gennemfoert"),
        ("stopped", "intet_behov_fagperson", 1, "gennemfoert"),
        ("stopped", "udeblevet", 1, "afbrudt"),
        ("cancelled", "fravalg_transport", 0, "ikke_startet"),
        ("scheduled", None, 0, None),
        ("in-progress", None, 1, "i_gang"),
    ],
)
def test_the_outcome_follows_from_how_the_course_ended(
    cast: Cast, status: str, reason: str | None, contacts: int, expected: str | None
) -> None:
    met = [an_encounter(f"contact-{number}", "2022-05-30", COURSE) for number in range(contacts)]
    take(
        cast.engine,
        a_report("r", "2022-06-28T10:00:00Z", a_diagnosis(), a_request(), a_course(status, reason), *met),
    )

    found = outcome(cast.engine)
    assert found.status == expected
    assert found.days_to_start == (6 if contacts else None)


def test_a_cancelled_contact_is_no_contact(cast: Cast) -> None:
    cancelled = an_encounter("contact-1", "2022-05-30", COURSE, status="cancelled")
    take(
        cast.engine,
        a_report(
            "r", "2022-06-28T10:00:00Z", a_request(reasonReference=None), a_course("scheduled"), cancelled
        ),
    )

    assert outcome(cast.engine).started is None


@pytest.mark.parametrize(
    ("days", "changed"), [(1, True), (42, True), (43, False)], ids=["next day", "six weeks", "later"]
)
def test_a_level_counts_as_changed_within_six_weeks(cast: Cast, days: int, changed: bool) -> None:
    first = datetime(2022, 5, 23, 10, 0, tzinfo=UTC)
    for number, (at, level) in enumerate([(first, "basal"), (first + timedelta(days=days), "avanceret")]):
        take(
            cast.engine,
            a_report(f"r-{number}", at.isoformat(), a_request(level, reasonReference=None)),
        )

    assert outcome(cast.engine).level_changed is changed


def test_the_offer_and_the_deadline_are_told(cast: Cast) -> None:
    take(cast.engine, received(), assessed())

    with reading(cast.engine) as session:
        offer = delivery.offer_of(session, [REQUEST])[REQUEST]
    assert (offer.discharged_on, offer.offered_on) == (date(2022, 5, 24), date(2022, 5, 28))
    assert (offer.first_contact_on, offer.reason) == (date(2022, 5, 28), None)


def test_a_request_nobody_reported_has_no_outcome(cast: Cast) -> None:
    take(cast.engine, received())

    with reading(cast.engine) as session:
        assert delivery.outcome_of(session, ["request-1"]) == {}


def test_many_requests_are_asked_for_at_once(cast: Cast) -> None:
    take(cast.engine, received())

    with reading(cast.engine) as session:
        found = delivery.outcome_of(session, [f"other-{number}" for number in range(1500)] + [REQUEST])
    assert set(found) == {REQUEST}


def test_a_level_set_elsewhere_closes_an_undecided_case(cast: Cast) -> None:
    case = a_case(cast.engine, request_id=REQUEST)
    a_judgement(cast.engine, case, cast.alma)

    (report,) = take(cast.engine, received("avanceret"))

    assert state_of(cast.engine, case) is CaseState.CLOSED
    closure = closure_of(cast.engine, case)
    assert (closure.kind, closure.level) == ("level_set_elsewhere", "avanceret")
    assert report is not None
    assert closure.report_id == report.id
    assert verify(cast.engine).ok


def test_a_report_without_a_level_leaves_the_case_open(cast: Cast) -> None:
    case = a_case(cast.engine, request_id=REQUEST)

    take(cast.engine, received(None))

    assert state_of(cast.engine, case) is CaseState.NEW


def test_a_case_of_another_municipality_is_left_alone(cast: Cast) -> None:
    case = a_case(cast.engine, request_id=REQUEST, municipality_code="0998", unit_name=None)

    take(cast.engine, received())

    assert state_of(cast.engine, case) is CaseState.NEW


def test_a_case_is_closed_once(cast: Cast) -> None:
    case = a_case(cast.engine, request_id=REQUEST)

    take(cast.engine, *story())

    assert closure_of(cast.engine, case).kind == "level_set_elsewhere"


def test_a_plan_sent_in_error_closes_its_case_as_such(cast: Cast) -> None:
    case = a_case(cast.engine, request_id=REQUEST)
    bundle = received(None)
    part(bundle, "ServiceRequest")["extension"].append(
        {"url": codes.STATUS_REASON, "valueCodeableConcept": social(codes.NO_ACTIVITY_REASONS, "fejl")}
    )

    take(cast.engine, bundle)

    assert closure_of(cast.engine, case).kind == "entered_in_error"
