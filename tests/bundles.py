"""KL § 140 bundles for tests: the story of one citizen, told by the reports of a municipality.

A plan is received with the level basal; it is assessed and training begins; contacts follow; a plan is
entered in the wrong record and withdrawn; the course ends because the citizen trains elsewhere.
"""

import copy
import json
from pathlib import Path
from typing import Any

from service.fhir import codes

BASE = "https://eoj.example/"
CPR = "7502779995"
CITIZEN, OTHER_CITIZEN = "citizen-1", "citizen-2"
REQUEST = "5d1f0c7e-9f0a-4c53-8a2d-6a9f3f6f7a01"
ASSESSMENT, COURSE, TRAINING, WRONG = "assessment-1", "course-1", "training-1", "wrong-1"
SENDER, PERFORMER, DIAGNOSIS = "sender-1", "performer-1", "diagnosis-1"

Json = dict[str, Any]


def code_of(table: dict[str, str], short: str) -> str:
    """The standard's code of one of our short codes."""
    return next(code for code, found in table.items() if found == short)


def concept(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def social(table: dict[str, str], short: str) -> Json:
    return concept(codes.CARE_SOCIAL, code_of(table, short))


def reference(kind: str, identity: str) -> Json:
    return {"reference": f"{kind}/{identity}"}


def resource(kind: str, profile: str, identity: str, **content: Any) -> Json:
    return {
        "resourceType": kind,
        "id": identity,
        "meta": {"profile": [codes.PROFILES + profile]},
        **content,
    }


def about(kind: str, profile: str, identity: str, **content: Any) -> Json:
    return resource(kind, profile, identity, subject=reference("Patient", CITIZEN), **content)


def a_citizen(identity: str = CITIZEN, cpr: str = CPR) -> Json:
    return resource(
        "Patient", "klgateway-140-citizen", identity,
        identifier=[{"use": "official", "value": cpr, "system": codes.CPR}],
        deceasedBoolean=False,
        managingOrganization={"identifier": {"value": "451000016003", "system": codes.SOR}},
    )  # fmt: skip


def an_organization(identity: str, sor: str) -> Json:
    return resource(
        "Organization", "klgateway-140-organization", identity,
        identifier=[{"use": "official", "value": sor, "system": codes.SOR}],
    )  # fmt: skip


def a_diagnosis(sks: str = "DS721") -> Json:
    return about(
        "Condition", "klgateway-140-focus-condition", DIAGNOSIS,
        code=concept(codes.SKS_D, sks), clinicalStatus=concept("http://x/clinical", "active"),
    )  # fmt: skip


def a_request(level: str | None = "basal", identity: str = REQUEST, **changes: Any) -> Json:
    """A request; a change to None leaves the element out."""
    levels = [social(codes.LEVELS, level)] if level else []
    usual = about(
        "ServiceRequest", "klgateway-140-servicerequest", identity,
        requester=reference("Organization", SENDER), status="active", intent="plan",
        code=social(codes.REQUESTED_SERVICE, "genoptraening"),
        category=[social(codes.PLAN_TYPES, "almen"), *levels],
        extension=[{"url": codes.PRECONDITION_DATE, "valueDate": "2022-05-24"}],
        reasonReference=[reference("Condition", DIAGNOSIS)],
        authoredOn="2022-05-23", occurrencePeriod={"start": "2022-05-28"},
    )  # fmt: skip
    return {name: value for name, value in (usual | changes).items() if value is not None}


def an_intervention(identity: str, intervention: str, status: str, **changes: Any) -> Json:
    form = {"url": codes.DELIVERY_TYPE, "valueCodeableConcept": social(codes.DELIVERY_TYPES, "individuel")}
    detail = {
        "code": concept(codes.FSIII, code_of(codes.INTERVENTIONS, intervention)),
        "extension": [form],
        "status": status,
    }
    return about(
        "CarePlan", "klgateway-140-planned-intervention", identity,
        activity=[{"detail": detail}], period={"start": "2022-05-23"}, status="active", intent="plan",
    ) | changes  # fmt: skip


def on_request(request: str = REQUEST) -> list[Json]:
    return [{"url": codes.BASED_ON_SERVICE_REQUEST, "valueReference": reference("ServiceRequest", request)}]


def an_assessment(status: str) -> Json:
    return an_intervention(ASSESSMENT, "udredning", status, extension=on_request())


def training(status: str) -> Json:
    return an_intervention(TRAINING, "fysisk_traening", status, basedOn=[reference("CarePlan", COURSE)])


def a_course(status: str, reason: str | None = None, identity: str = COURSE, **changes: Any) -> Json:
    detail: Json = {"status": status, "performer": [reference("Organization", PERFORMER)]}
    if reason:
        detail["statusReason"] = social(codes.STOP_REASONS, reason)
    return about(
        "CarePlan", "klgateway-140-care-plan", identity,
        category=[social(codes.COURSES, "intervention")], period={"start": "2022-05-28"}, status="active",
        intent="plan", extension=on_request(), activity=[{"detail": detail}],
    ) | changes  # fmt: skip


def an_encounter(identity: str, day: str, based_on: str, status: str = "finished") -> Json:
    return about(
        "Encounter", "klgateway-140-encounter", identity,
        status=status, period={"start": f"{day}T10:00:00Z", "end": f"{day}T11:00:00Z"},
        extension=[{"url": codes.BASED_ON_CARE_PLAN, "valueReference": reference("CarePlan", based_on)}],
        **{"class": {"system": codes.ACT_CODE, "code": "AMB"}},
    )  # fmt: skip


def a_condition(identity: str, short: str) -> Json:
    return about(
        "Condition", "klgateway-140-condition", identity,
        code=concept(codes.FSIII, code_of(codes.CONDITIONS, short)),
        clinicalStatus=concept("http://x/clinical", "active"), recordedDate="2022-05-28",
    )  # fmt: skip


def a_report(identity: str, timestamp: str, *told: Json, citizens: tuple[Json, ...] = ()) -> Json:
    """A delivery report with the citizen and the organisations, and what it tells."""
    always = [
        a_citizen(),
        an_organization(SENDER, "227871000016001"),
        an_organization(PERFORMER, "1037801000016003"),
    ]
    resources = [*always, *citizens, *told]
    return {
        "resourceType": "Bundle",
        "id": identity,
        "meta": {"profile": [codes.DELIVERY_REPORT]},
        "type": "collection",
        "timestamp": timestamp,
        "entry": [
            {"fullUrl": f"{BASE}{each['resourceType']}/{each['id']}", "resource": copy.deepcopy(each)}
            for each in resources
        ],
    }


def received(level: str | None = "basal") -> Json:
    """Report 1: the plan is received, the level set, an assessment planned."""
    return a_report(
        "report-1", "2022-05-23T19:25:12Z", a_diagnosis(), a_request(level), an_assessment("scheduled")
    )


def assessed() -> Json:
    """Report 2: assessed, two conditions found, training begins. One fullUrl is misspelt, as senders do."""
    report = a_report(
        "report-2", "2022-05-28T19:25:12Z", a_diagnosis(), a_request(),
        an_assessment("completed") | {"period": {"start": "2022-05-23", "end": "2022-05-28"}},
        an_encounter("contact-0", "2022-05-28", ASSESSMENT),
        a_condition("condition-1", "mobilitet"), a_condition("condition-2", "forflytte_sig"),
        a_course("in-progress"), training("in-progress"),
    )  # fmt: skip
    report["entry"][-1]["fullUrl"] = f"{BASE}Careplan/{TRAINING}"
    return report


def trained(number: int, day: str) -> Json:
    """A report of one training contact."""
    return a_report(
        f"report-3-{number}", f"{day}T19:25:12Z", a_diagnosis(), a_request(), a_course("in-progress"),
        an_encounter(f"contact-{number}", day, COURSE),
    )  # fmt: skip


def wrong_plan(withdrawn: bool) -> Json:
    """A second course, entered in the wrong citizen's record, and (later) entered in error."""
    course = a_course("in-progress", identity=WRONG)
    course["status"] = "entered-in-error" if withdrawn else "active"
    name, day = ("report-5", "2022-06-23") if withdrawn else ("report-4", "2022-06-22")
    return a_report(name, f"{day}T19:25:12Z", a_diagnosis(), a_request(), course)


def ended() -> Json:
    """The last report: the course ended because the citizen trains elsewhere."""
    return a_report(
        "report-6", "2022-06-28T19:25:12Z", a_diagnosis(), a_request(),
        a_course("stopped", "fravalg_anden_traening", period={"start": "2022-05-28", "end": "2022-06-28"}),
        training("stopped"),
    )  # fmt: skip


def story() -> list[Json]:
    """All reports, in the order in which they were sent."""
    contacts = [trained(number, f"2022-06-{day:02}") for number, day in enumerate((1, 7, 14, 21), start=1)]
    return [received(), assessed(), *contacts, wrong_plan(False), wrong_plan(True), ended()]


def a_plan_alone(level: str | None = None) -> Json:
    """A service request and nothing that follows one."""
    return a_report("plan-1", "2022-05-23T08:00:00Z", a_diagnosis(), a_request(level, occurrencePeriod=None))


def part(bundle: Json, kind: str, number: int = 0) -> Json:
    """The resource of a type in a bundle, to be changed in place."""
    found = [each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == kind]
    chosen: Json = found[number]
    return chosen


def put(folder: Path, name: str, content: Any) -> Path:
    """Write a value as a JSON file."""
    path = folder / name
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
