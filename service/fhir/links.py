"""Which request a reported resource belongs to, by the references inside one report."""

from service.fhir import codes
from service.fhir.bundles import Opened, Resource
from service.fhir.elements import extension, referenced
from service.intake_formats.fields import Fields

FARTHEST = 3
"""A contact is at most three references away from its request: intervention, course, request."""


def request_of(resource: Resource, opened: Opened, fields: Fields, *, needed: bool) -> str:
    """The id of the request; "" when the report does not tie the resource to a single one.

    A course or a contact that points at nothing in the report is noted, unless it is being withdrawn.
    """
    if resource.kind == "service_request":
        return resource.id
    followed = _followed(resource, opened, fields if needed else None)
    if followed:
        return followed
    requests = opened.of("service_request")
    return requests[0].id if len(requests) == 1 else ""


def _followed(resource: Resource, opened: Opened, fields: Fields | None) -> str:
    at = resource
    for _ in range(FARTHEST):
        name, reference = _next(at, opened)
        if reference is None:
            return ""
        found = opened.find(reference)
        if found is None:
            if fields is not None and at is resource:
                fields.note(name, "peger på noget, der ikke er i rapporten", reference)
            return ""
        if found.kind == "service_request":
            return found.id
        at = found
    return ""


def _next(resource: Resource, opened: Opened) -> tuple[str, str | None]:
    """The reference to follow from a resource towards its request, and the field it stands in."""
    data = resource.data
    if resource.kind == "encounter":
        found = extension(data, codes.BASED_ON_CARE_PLAN)
        return "extension[basedOnCarePlan]", referenced(found[0].get("valueReference")) if found else None
    if resource.kind in ("care_plan", "planned_intervention"):
        found = extension(data, codes.BASED_ON_SERVICE_REQUEST)
        if found:
            return "extension[basedOnServiceRequest]", referenced(found[0].get("valueReference"))
        based_on = data.get("basedOn") or [None]
        return "basedOn", referenced(based_on[0])
    if resource.kind in ("condition", "focus_condition"):
        return "reason", _asked_for_by(resource, opened)
    return "reference", None


def _asked_for_by(condition: Resource, opened: Opened) -> str | None:
    """The first request or intervention in the report that gives the condition as its reason."""
    for resource in opened.of("service_request", "planned_intervention"):
        for reason in _reasons(resource):
            if opened.find(reason) is condition:
                return resource.where
    return None


def _reasons(resource: Resource) -> list[str]:
    holder = resource.data
    if resource.kind == "planned_intervention":
        holder = ((resource.data.get("activity") or [{}])[0]).get("detail") or {}
    found = [referenced(each) for each in holder.get("reasonReference") or []]
    return [each for each in found if each is not None]
