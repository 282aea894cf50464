"""A delivery report is opened whole or refused, with the resource and the field that are wrong."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from service.fhir import codes
from service.fhir.bundles import open_bundle
from service.fhir.delivery import read_report
from service.intake_formats.problem import Refused
from service.workflow.delivery.reported import Report, Reported
from tests.bundles import (
    ASSESSMENT,
    COURSE,
    CPR,
    OTHER_CITIZEN,
    REQUEST,
    TRAINING,
    Json,
    a_citizen,
    a_course,
    a_report,
    a_request,
    an_encounter,
    assessed,
    ended,
    part,
    received,
    story,
    wrong_plan,
)

NOW = datetime(2026, 6, 30, tzinfo=UTC)


def read(bundle: Json) -> Report:
    return read_report(open_bundle(bundle, now=NOW))


def told(report: Report, resource_id: str) -> Reported:
    return next(each for each in report.resources if each.resource_id == resource_id)


def test_the_received_plan_is_read() -> None:
    report = read(received())

    assert (report.bundle_id, report.cpr) == ("report-1", CPR)
    assert report.reported_at == datetime(2022, 5, 23, 19, 25, 12, tzinfo=UTC)
    assert report.request_ids == (REQUEST,)
    request = told(report, REQUEST)
    assert request.starts_on == date(2022, 5, 28)
    assert request.detail == {
        "plan_type": "almen", "level": "basal", "received_on": "2022-05-23", "discharged_on": "2022-05-24",
        "offered_on": "2022-05-28", "reason": None, "replaces": [],
    }  # fmt: skip
    assert told(report, "diagnosis-1").detail == {"sks": "DS721"}
    assert told(report, ASSESSMENT).detail == {"intervention": "udredning", "forms": ["individuel"]}


def test_everything_in_the_story_belongs_to_its_request() -> None:
    assert {each.request_id for bundle in story() for each in read(bundle).resources} == {REQUEST}


def test_a_misspelt_resource_type_in_a_full_url_is_forgiven() -> None:
    bundle = assessed()
    assert "Careplan" in bundle["entry"][-1]["fullUrl"]

    assert told(read(bundle), TRAINING).status == "in-progress"


def test_a_reference_may_be_absolute_or_a_full_url() -> None:
    bundle = a_report("r", "2022-06-01T10:00:00Z", a_request(), a_course("in-progress"))
    bundle["entry"][-2]["fullUrl"] = "urn:uuid:1"
    part(bundle, "CarePlan")["extension"][0]["valueReference"]["reference"] = "urn:uuid:1"
    part(bundle, "CarePlan")["subject"]["reference"] = "https://eoj.example/Patient/citizen-1"

    assert told(read(bundle), COURSE).request_id == REQUEST


def test_a_contact_belongs_to_the_request_of_its_course() -> None:
    other = a_request(identity="request-2")
    bundle = a_report(
        "r", "2022-06-01T22:00:00Z", a_request(), other, a_course("in-progress"),
        an_encounter("contact-1", "2022-06-01", COURSE),
    )  # fmt: skip

    assert told(read(bundle), "contact-1").request_id == REQUEST


def test_what_is_tied_to_no_single_request_says_so() -> None:
    bundle = assessed()
    bundle["entry"].append({"resource": a_request(identity="request-2")})

    assert told(read(bundle), "condition-1").request_id == ""


def test_an_ended_course_keeps_its_reason() -> None:
    course = told(read(ended()), COURSE)

    assert (course.status, course.detail["reason"]) == ("stopped", "fravalg_anden_traening")
    assert course.ends_on == date(2022, 6, 28)


def test_entered_in_error_withdraws_what_it_names_and_nothing_else() -> None:
    withdrawn = {each.resource_id for each in read(wrong_plan(True)).resources if each.withdrawn}

    assert withdrawn == {"wrong-1"}


def test_only_codes_and_dates_are_kept() -> None:
    bundle = received()
    part(bundle, "Condition")["code"]["text"] = "Hoftebrud efter fald"
    part(bundle, "Condition")["code"]["coding"][0]["display"] = "Pertrokantær femurfraktur"

    kept = repr(read(bundle).resources)

    assert "Hoftebrud" not in kept
    assert "Pertrok" not in kept


def test_the_same_content_laid_out_differently_is_the_same_report() -> None:
    bundle = received()
    turned = dict(reversed(bundle.items()))

    assert read(bundle).sha256 == read(turned).sha256


def test_an_outgoing_condition_code_is_mapped() -> None:
    bundle = assessed()
    part(bundle, "Condition", 1)["code"]["coding"][0]["code"] = "3f27a7bc-790d-444e-bcf4-6e22a6b1da7e"

    assert told(read(bundle), "condition-1").detail["code"] == "mobilitet"


def unknown_code(path: str) -> Callable[[Json], None]:
    """Put a code nobody knows where the path leads."""

    def change(resource: Json) -> None:
        inner = resource
        for step in path.split("."):
            inner = inner[int(step) if step.isdigit() else step]
        inner["code"] = "00000000-0000-0000-0000-000000000000"

    return change


def setting(**content: object) -> Callable[[Json], None]:
    """Replace elements of the resource; None removes one."""

    def change(resource: Json) -> None:
        for name, value in content.items():
            resource.pop(name, None)
            if value is not None:
                resource[name] = value

    return change


def setting_activity(**content: object) -> Callable[[Json], None]:
    """Replace elements of the one activity's detail."""

    def change(resource: Json) -> None:
        setting(**content)(resource["activity"][0]["detail"])

    return change


PROFILE = {"profile": [f"{codes.PROFILES}klgateway-119-care-plan"]}
WRONG = [
    ("ServiceRequest", 0, setting(meta=PROFILE), "meta.profile"),
    ("ServiceRequest", 0, setting(meta=None), "meta.profile"),
    ("ServiceRequest", 0, setting(note_=1), "note_"),
    ("ServiceRequest", 0, setting(intent=None), "intent"),
    ("ServiceRequest", 0, setting(status="nonsense"), "status"),
    ("ServiceRequest", 0, setting(authoredOn="2022-02-30"), "authoredOn"),
    ("ServiceRequest", 0, setting(authoredOn="2022-05"), "authoredOn"),
    ("ServiceRequest", 0, setting(authoredOn=None), "authoredOn"),
    ("ServiceRequest", 0, setting(extension=None), "extension[dischargeDate]"),
    ("ServiceRequest", 0, setting(occurrencePeriod={"start": "2022"}), "occurrencePeriod.start"),
    ("ServiceRequest", 0, unknown_code("code.coding.0"), "code.coding"),
    ("ServiceRequest", 0, unknown_code("category.0.coding.0"), "category[0].coding"),
    ("ServiceRequest", 0, setting(category=None), "category"),
    ("ServiceRequest", 0, setting(subject={"reference": "Patient/somebody"}), "subject.reference"),
    ("Condition", 0, unknown_code("code.coding.0"), "code.coding"),
    ("Condition", 1, unknown_code("code.coding.0"), "code.coding"),
    ("Condition", 1, setting(recordedDate="2022-13-01"), "recordedDate"),
    ("Condition", 1, setting(clinicalStatus=None), "clinicalStatus"),
    ("CarePlan", 0, unknown_code("activity.0.detail.code.coding.0"), "activity.detail.code.coding"),
    ("CarePlan", 0, unknown_code("activity.0.detail.extension.0.valueCodeableConcept.coding.0"),
     "activity.detail.extension[deliveryType].coding"),
    ("CarePlan", 0, setting(extension=[{"url": codes.BASED_ON_SERVICE_REQUEST,
                                        "valueReference": {"reference": "ServiceRequest/gone"}}]),
     "extension[basedOnServiceRequest]"),
    ("CarePlan", 1, unknown_code("category.0.coding.0"), "category.coding"),
    ("CarePlan", 1, setting(period={"start": "2022-05-28", "end": "2022-05-01"}), "period.end"),
    ("CarePlan", 1, setting_activity(status="nonsense"), "activity.detail.status"),
    ("CarePlan", 1, setting_activity(status="stopped"), "activity.detail.statusReason"),
    ("CarePlan", 1, setting(activity=[]), "activity.detail"),
    ("Encounter", 0, setting(**{"class": {"system": codes.ACT_CODE, "code": "EMER"}}), "class"),
    ("Encounter", 0, setting(period={"start": "2022-05-28T10:00:00Z"}), "period.end"),
    ("Encounter", 0, setting(period={"start": "2022-06-28T10:00:00Z", "end": "2022-06-28T11:00:00Z"}),
     "period.end"),
    ("Encounter", 0, setting(extension=[{"url": codes.BASED_ON_CARE_PLAN,
                                         "valueReference": {"reference": "CarePlan/gone"}}]),
     "extension[basedOnCarePlan]"),
    ("Patient", 0, setting(identifier=[]), "identifier"),
    ("Patient", 0, setting(identifier=[{"value": CPR, "system": "urn:x"}]), "identifier"),
    ("Patient", 0, setting(identifier=[{"value": "3102779995", "system": codes.CPR}]), "identifier.value"),
    ("Patient", 0, setting(id=None), "id"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "number", "change", "field"),
    WRONG,
    ids=[f"{kind}-{field}-{at}" for at, (kind, _, _, field) in enumerate(WRONG)],
)
def test_one_thing_wrong_is_one_problem_that_names_it(
    kind: str, number: int, change: Callable[[Json], None], field: str
) -> None:
    bundle = assessed()
    resource = part(bundle, kind, number)
    place = f"{kind}/{resource['id']}"
    change(resource)

    with pytest.raises(Refused) as refused:
        read(bundle)

    found = [(problem.where, problem.field) for problem in refused.value.problems]
    assert found in ([(place, field)], [("entry 1", field)])


def test_a_report_of_two_citizens_is_refused() -> None:
    bundle = received()
    bundle["entry"].append({"resource": a_citizen(OTHER_CITIZEN, "7402779995")})

    with pytest.raises(Refused) as refused:
        read(bundle)

    (problem,) = refused.value.problems
    assert (problem.where, problem.found) == (f"Patient/{OTHER_CITIZEN}", "2 borgere")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (setting(meta=PROFILE), "meta.profile"),
        (setting(entry=[]), "entry"),
        (setting(entry=[{}]), "resource"),
        (setting(entry=[{"resource": {"resourceType": "Observation", "id": "1"}}]), "resourceType"),
        (setting(timestamp=None), "timestamp"),
        (setting(timestamp="2022-05-23"), "timestamp"),
        (setting(timestamp=(NOW + timedelta(days=2)).isoformat()), "timestamp"),
        (setting(kind="x"), "kind"),
    ],
    ids=["profile", "empty", "no resource", "foreign resource", "no time", "date only", "future", "extra"],
)
def test_a_bundle_that_is_no_delivery_report_is_refused(change: Callable[[Json], None], field: str) -> None:
    bundle = received()
    change(bundle)

    with pytest.raises(Refused) as refused:
        read(bundle)

    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_resource_that_stands_twice_is_refused() -> None:
    bundle = a_report("r", "2022-06-01T10:00:00Z", a_request(), a_request("avanceret"))

    with pytest.raises(Refused, match="id"):
        read(bundle)


def test_the_found_identity_of_a_citizen_is_never_repeated() -> None:
    bundle = received()
    part(bundle, "Patient")["birthDate"] = "Agnes"

    with pytest.raises(Refused) as refused:
        read(bundle)

    assert [problem.found for problem in refused.value.problems] == ["noget andet"]
