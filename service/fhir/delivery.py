"""From an opened delivery report to plain values: courses, contacts and conditions, as codes and dates."""

from collections.abc import Callable
from typing import Any

from models.instants import local_date
from service.fhir import codes
from service.fhir.bundles import Opened
from service.fhir.elements import Told, coded, codings_of, day, extension, period, status
from service.fhir.links import request_of
from service.fhir.service_request import diagnosis, read_request
from service.intake_formats.fields import Fields
from service.intake_formats.problem import Refused
from service.workflow.delivery.reported import Report, Reported


def read_report(opened: Opened) -> Report:
    """The report with every resource as a value; raises Refused with every problem found."""
    problems = []
    told = []
    for resource in opened.resources:
        reader = READERS.get(resource.kind)
        if reader is None:
            continue
        fields = Fields(resource.where, resource.data)
        state, withdrawn, starts_on, ends_on, detail = reader(fields, opened)
        request_id = request_of(resource, opened, fields, needed=not withdrawn)
        problems += fields.problems
        told.append(
            Reported(resource.kind, resource.id, request_id, state, withdrawn, starts_on, ends_on, detail)
        )
    if problems:
        raise Refused(problems)
    return Report(opened.bundle_id, opened.sha256, opened.reported_at, opened.cpr, tuple(told))


def _focus_condition(fields: Fields, opened: Opened) -> Told:
    state = _clinical_status(fields)
    return state, _in_error(fields), None, None, {"sks": diagnosis(fields)}


def _condition(fields: Fields, opened: Opened) -> Told:
    withdrawn = _in_error(fields)
    recorded = day(fields, "recordedDate", fields.data.get("recordedDate"))
    in_focus = any(
        coding.get("code") == "problem-list-item"
        for category in fields.data.get("category") or []
        for coding in codings_of(category)
    )
    detail = {
        "code": coded(fields, "code", fields.data.get("code"), codes.FSIII, codes.CONDITIONS),
        "in_focus": in_focus,
    }
    return _clinical_status(fields, required=not withdrawn), withdrawn, recorded, None, detail


def _care_plan(fields: Fields, opened: Opened) -> Told:
    activity, state, withdrawn = _activity(fields)
    starts_on, ends_on = period(fields, fields.data.get("period"), ends=False)
    category = (fields.data.get("category") or [None])[0]
    reason = None
    if activity.get("statusReason") is not None:
        reason = coded(
            fields,
            "activity.detail.statusReason",
            activity["statusReason"],
            codes.CARE_SOCIAL,
            codes.STOP_REASONS,
        )
    if not withdrawn and (state in codes.STOPPED) != (activity.get("statusReason") is not None):
        fields.note("activity.detail.statusReason", "hører til cancelled og stopped, og kun til dem", state)
    detail = {
        "course": coded(fields, "category", category, codes.CARE_SOCIAL, codes.COURSES),
        "reason": reason,
    }
    return state, withdrawn, starts_on, ends_on, detail


def _planned_intervention(fields: Fields, opened: Opened) -> Told:
    activity, state, withdrawn = _activity(fields)
    starts_on, ends_on = period(fields, fields.data.get("period"), ends=False)
    concepts = [each.get("valueCodeableConcept") for each in extension(activity, codes.DELIVERY_TYPE)]
    forms = [
        coded(
            fields, "activity.detail.extension[deliveryType]", each, codes.CARE_SOCIAL, codes.DELIVERY_TYPES
        )
        for each in concepts
    ]
    detail = {"intervention": _intervention(fields, activity.get("code")), "forms": forms}
    return state, withdrawn, starts_on, ends_on, detail


def _intervention(fields: Fields, concept: object) -> str | None:
    """The FSIII intervention; a purely local one is kept as "lokal", for its code means nothing elsewhere."""
    systems = [each.get("system") for each in codings_of(concept)]
    if systems == [codes.LOCAL_INTERVENTIONS]:
        return "lokal"
    return coded(fields, "activity.detail.code", concept, codes.FSIII, codes.INTERVENTIONS)


def _activity(fields: Fields) -> tuple[dict[str, Any], str, bool]:
    """The one activity's detail, its status, and whether the plan was entered in error."""
    activities = fields.data.get("activity") or []
    detail = activities[0].get("detail") if len(activities) == 1 else None
    if not isinstance(detail, dict):
        fields.note("activity.detail", "skal være netop én", f"{len(activities)} aktiviteter")
        return {}, "", False
    state = status(fields, "activity.detail.status", detail.get("status"), codes.ACTIVITY_STATUSES)
    plan = status(fields, "status", fields.data.get("status"), codes.REQUEST_STATUSES)
    return detail, state, codes.ENTERED_IN_ERROR in (state, plan)


def _encounter(fields: Fields, opened: Opened) -> Told:
    data = fields.data
    state = status(fields, "status", data.get("status"), codes.ENCOUNTER_STATUSES)
    starts_on, ends_on = period(fields, data.get("period"), ends=True)
    if state == "finished" and ends_on and ends_on > local_date(opened.reported_at):
        fields.note("period.end", "en afsluttet kontakt ligger efter rapporten", ends_on.isoformat())
    place = data.get("class") or {}
    way = codes.ENCOUNTER_CLASSES.get((str(place.get("system")), str(place.get("code"))))
    if way is None:
        fields.note("class", "er en ukendt kode", f"{place.get('system')}#{place.get('code')}")
    return state, state == codes.ENTERED_IN_ERROR, starts_on, ends_on, {"way": way}


def _clinical_status(fields: Fields, *, required: bool = True) -> str:
    found = codings_of(fields.data.get("clinicalStatus"))
    if not found:
        if required:
            fields.note("clinicalStatus", "mangler", None)
        return ""
    return str(found[0].get("code"))


def _in_error(fields: Fields) -> bool:
    found = codings_of(fields.data.get("verificationStatus"))
    return any(each.get("code") == codes.ENTERED_IN_ERROR for each in found)


READERS: dict[str, Callable[[Fields, Opened], Told]] = {
    "service_request": read_request,
    "focus_condition": _focus_condition,
    "condition": _condition,
    "care_plan": _care_plan,
    "planned_intervention": _planned_intervention,
    "encounter": _encounter,
}
