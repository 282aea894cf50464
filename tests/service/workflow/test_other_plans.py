"""Another plan of the same citizen is told on the case as KL reports it: replaced, parallel or revoked."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service.database import reading, writing
from service.fhir.bundles import open_bundle
from service.fhir.service_request import read_plan
from service.tables.intake import Case
from service.workflow import intake
from service.workflow.intake.referral import Citizen
from service.workflow.other_plans import Kind, OtherPlan, other_plans
from tests.builders import a_case
from tests.bundles import CPR, REQUEST, a_diagnosis, a_report, a_request, ended, received
from tests.cast import NOW, PEPPER, TODAY, Cast
from tests.parts.web import Visitor
from tests.service.workflow.test_delivery import take

AGNES = Citizen(CPR, "Agnes Prøve", "Prøvevej 1, 9999 Fjordby", "")


def a_plan(engine: Engine, request_id: str, **changes: Any) -> Case:
    return a_case(engine, request_id=request_id, citizen=AGNES, **changes)


def told(engine: Engine, case: Case, today: date = TODAY) -> list[OtherPlan]:
    with reading(engine) as session:
        return list(other_plans(session, case, today))


def kinds(engine: Engine, case: Case) -> list[Kind]:
    return [each.kind for each in told(engine, case)]


def recent(**changes: Any) -> dict[str, Any]:
    """A report of this month about a request without a level."""
    request = a_request(None, authoredOn="2026-06-20", **changes)
    return a_report("report-recent", "2026-06-20T08:00:00Z", a_diagnosis(), request)


def test_one_plan_and_the_plans_of_others_are_not_told(engine: Engine, cast: Cast) -> None:
    case = a_plan(engine, "request-1")
    a_case(engine, request_id="request-2")

    assert told(engine, case) == []


@pytest.mark.requirement("D-53")
def test_a_plan_that_replaces_an_earlier_one_is_told_from_both_sides(engine: Engine, cast: Cast) -> None:
    earlier = a_plan(engine, REQUEST)
    bundle = a_report(
        "plan-2", "2026-06-28T08:00:00Z", a_diagnosis(),
        a_request(None, identity="request-2", authoredOn="2026-06-28",
                  replaces=[{"reference": f"ServiceRequest/{REQUEST}"}]),
    )  # fmt: skip
    with writing(engine) as session:
        referral = read_plan(open_bundle(bundle, now=NOW), "0999", now=NOW)
        later = intake.receive(session, referral, pepper=PEPPER, now=NOW, by=None)

    assert [(each.kind, each.case_id) for each in told(engine, later)] == [(Kind.REPLACED, earlier.id)]
    assert [(each.kind, each.case_id) for each in told(engine, earlier)] == [(Kind.REPLACES, later.id)]


@pytest.mark.requirement("D-53")
def test_two_plans_of_which_none_replaces_the_other_stand_beside_each_other(
    engine: Engine, cast: Cast
) -> None:
    one, other = a_plan(engine, "request-1"), a_plan(engine, "request-2")

    assert (kinds(engine, one), kinds(engine, other)) == ([Kind.PARALLEL], [Kind.PARALLEL])
    (seen,) = told(engine, one)
    assert (seen.serial, seen.unit, seen.received_on) == (other.serial, "Træning Nord", other.received_on)


@pytest.mark.requirement("D-53")
def test_a_course_that_is_only_reported_is_told_until_it_ends(engine: Engine, cast: Cast) -> None:
    case = a_plan(engine, "request-1")
    take(engine, recent())
    (seen,) = told(engine, case)
    assert (seen.kind, seen.case_id, seen.received_on) == (Kind.PARALLEL, None, date(2026, 6, 20))
    assert told(engine, case, TODAY + timedelta(days=400)) == [], "nobody has heard of it for a year"

    take(engine, a_report("done", "2026-06-29T08:00:00Z", a_diagnosis(), a_request(None, status="completed")))
    assert told(engine, case) == []


@pytest.mark.requirement("D-53")
def test_a_revoked_plan_is_told_while_its_case_is_open_here(engine: Engine, cast: Cast) -> None:
    case, other = a_plan(engine, "request-1"), a_plan(engine, REQUEST)
    take(engine, recent(status="revoked"))
    assert [(each.kind, each.case_id) for each in told(engine, case)] == [(Kind.REVOKED, other.id)]

    mistake = a_request(None, authoredOn="2026-06-20", status="entered-in-error")
    take(engine, a_report("withdrawn", "2026-06-30T08:00:00Z", a_diagnosis(), mistake))
    assert told(engine, case) == [], "a plan sent in error closes its case, and nothing is left of it"


def test_an_old_course_and_a_closed_case_are_over(engine: Engine, cast: Cast) -> None:
    case = a_plan(engine, "request-1")
    a_plan(engine, REQUEST)
    take(engine, received("basal"), ended())

    assert told(engine, case) == []


@pytest.mark.requirement("D-53")
def test_the_case_screen_tells_it_before_the_judgement_without_saying_what_to_do(
    engine: Engine, cast: Cast, visit: Callable[[str], Visitor]
) -> None:
    case, other = a_plan(engine, "request-1"), a_plan(engine, "request-2")
    page = visit("alma").get(f"/sag/{case.id}").text
    _, _, said = page.partition("Borgeren har også en anden plan")

    assert f'<a href="/sag/{other.id}">Sag {other.serial}</a>' in said
    assert "Ingen af planerne erstatter den anden." in said.partition("Din vurdering")[0]
