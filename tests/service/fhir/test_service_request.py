"""A service request without a level is a plan that arrives; anything more is a delivery report."""

from datetime import UTC, date, datetime

import pytest

from service.fhir import codes
from service.fhir.bundles import Opened, open_bundle
from service.fhir.service_request import is_arriving_plan, read_plan
from service.intake_formats.problem import Refused
from tests.bundles import (
    CPR,
    REQUEST,
    Json,
    a_diagnosis,
    a_plan_alone,
    a_report,
    a_request,
    assessed,
    part,
    received,
    reference,
    social,
)

NOW = datetime(2026, 6, 30, tzinfo=UTC)
LATER = {"url": codes.STATUS_REASON, "valueCodeableConcept": social(codes.NO_ACTIVITY_REASONS, "udskudt")}


def opened(bundle: Json) -> Opened:
    return open_bundle(bundle, now=NOW)


def test_a_request_alone_without_a_level_is_a_plan() -> None:
    bundle = opened(a_plan_alone())

    assert is_arriving_plan(bundle)
    plan = read_plan(bundle, "0999", now=NOW)
    assert (plan.request_id, plan.origin, plan.plan_type) == (REQUEST, "service_request", "almen")
    assert (plan.received_on, plan.discharged_on) == (date(2022, 5, 23), date(2022, 5, 24))
    assert plan.start_after is None
    assert plan.citizen.cpr == CPR
    assert {name: fact.value for name, fact in plan.facts.items()} == {"aktionsdiagnose_sks": "DS721"}


@pytest.mark.parametrize(
    "bundle",
    [a_plan_alone("basal"), received(None), assessed(),
     a_report("r", "2022-06-01T10:00:00Z", a_diagnosis(), a_request(None, status="entered-in-error"))],
    ids=["level", "assessment planned", "course", "withdrawn"],
)  # fmt: skip
def test_what_has_a_level_or_goes_on_is_no_plan(bundle: Json) -> None:
    assert not is_arriving_plan(opened(bundle))


def test_a_postponed_request_has_an_earliest_start() -> None:
    bundle = a_plan_alone()
    request = part(bundle, "ServiceRequest")
    request["extension"].append(LATER)
    request["occurrencePeriod"] = {"start": "2022-06-10"}
    request["status"] = "on-hold"

    plan = read_plan(opened(bundle), "0999", now=NOW)

    assert plan.start_after == date(2022, 6, 10)
    assert plan.facts["opstart_tidligst"].value == date(2022, 6, 10)


def test_more_diagnoses_are_counted() -> None:
    second = a_diagnosis("DE110") | {"id": "diagnosis-2"}
    both = [reference("Condition", "diagnosis-1"), reference("Condition", "diagnosis-2")]
    request = a_request(None, reasonReference=both, occurrencePeriod=None)
    bundle = a_report("r", "2022-05-23T08:00:00Z", a_diagnosis(), second, request)

    assert read_plan(opened(bundle), "0999", now=NOW).facts["bidiagnoser_antal"].value == 1


def test_a_diagnosis_that_is_not_in_the_bundle_is_refused() -> None:
    bundle = a_plan_alone()
    part(bundle, "ServiceRequest")["reasonReference"] = [reference("Condition", "gone")]

    with pytest.raises(Refused, match="reasonReference"):
        read_plan(opened(bundle), "0999", now=NOW)
