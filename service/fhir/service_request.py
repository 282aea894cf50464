"""A § 140 service request: as part of a delivery report, and, without a level, as a plan that arrives."""

from datetime import date, datetime

from models.areas.genoptraening import AREA
from models.areas.genoptraening.diagnoses import SKS_PATTERN
from models.declaration import Source
from models.facts import Fact
from service.fhir import codes
from service.fhir.bundles import Opened
from service.fhir.elements import Told, coded, codings_of, day, extension, referenced, status
from service.intake_formats.fields import Fields
from service.intake_formats.problem import Refused
from service.intake_formats.referral import completed, midnight
from service.workflow.intake.referral import Citizen, Referral

ONLY_A_REQUEST = {"citizen", "organization", "focus_condition", "service_request"}
OPEN_STATUSES = ("active", "on-hold")


def is_arriving_plan(opened: Opened) -> bool:
    """Whether the bundle is nothing but one open request whose level nobody has set."""
    requests = opened.of("service_request")
    if len(requests) != 1 or {resource.kind for resource in opened.resources} - ONLY_A_REQUEST:
        return False
    data = requests[0].data
    given = {coding.get("code") for each in data.get("category") or [] for coding in codings_of(each)}
    return data.get("status") in OPEN_STATUSES and not given & set(codes.LEVELS)


def read_plan(opened: Opened, municipality_code: str, *, now: datetime) -> Referral:
    """The arriving plan as a referral; raises Refused with every problem found.

    A request carries no name and no text, so the case opens with what is coded: type, diagnosis and dates.
    """
    request = opened.of("service_request")[0]
    fields = Fields(request.where, request.data)
    _, _, offered_on, _, detail = read_request(fields, opened)
    received_on = day(fields, "authoredOn", request.data.get("authoredOn"))
    discharged_on = discharge(fields)
    diagnoses = _diagnoses(opened, fields)
    if fields.problems or received_on is None or discharged_on is None:
        raise Refused(fields.problems)
    referral = Referral(
        request_id=request.id,
        municipality_code=municipality_code,
        unit_name=None,
        area=AREA.name,
        received_on=received_on,
        discharged_on=discharged_on,
        start_after=offered_on if detail["reason"] == "udskudt" else None,
        contact_from=None,
        contact_to=None,
        plan_type=str(detail["plan_type"]),
        citizen=Citizen(cpr=opened.cpr, name="", address="", phone=""),
        facts=_facts(diagnoses, received_on),
        sections={},
        operational={},
        origin="service_request",
        replaces=tuple(str(each) for each in detail["replaces"] if each),
    )
    return completed(referral, now)


def _diagnoses(opened: Opened, fields: Fields) -> list[str]:
    found = []
    for each in fields.data.get("reasonReference") or []:
        condition = opened.find(referenced(each) or "")
        if condition is None or condition.kind != "focus_condition":
            fields.note("reasonReference", "peger ikke på en diagnose i rapporten", referenced(each))
            continue
        inner = Fields(condition.where, condition.data, "", fields.problems)
        sks = diagnosis(inner)
        if sks is not None:
            found.append(sks)
    return found


def _facts(diagnoses: list[str], received_on: date) -> dict[str, Fact]:
    """The first diagnosis is the main one; a single one says nothing about how many others there are."""
    known_at = midnight(received_on)
    facts = {}
    if diagnoses:
        facts["aktionsdiagnose_sks"] = Fact(diagnoses[0], Source.PLAN_CODED, known_at)
    if len(diagnoses) > 1:
        facts["bidiagnoser_antal"] = Fact(len(diagnoses) - 1, Source.PLAN_CODED, known_at)
    return facts


def read_request(fields: Fields, opened: Opened) -> Told:
    """The request as it is reported."""
    data = fields.data
    state = status(fields, "status", data.get("status"), codes.REQUEST_STATUSES)
    coded(fields, "code", data.get("code"), codes.CARE_SOCIAL, codes.REQUESTED_SERVICE)
    plan_type, level = categories(fields)
    occurrence = data.get("occurrencePeriod") or {}
    offered_on = day(fields, "occurrencePeriod.start", occurrence.get("start"), required=False)
    detail = {
        "plan_type": plan_type,
        "level": level,
        "received_on": _text(day(fields, "authoredOn", data.get("authoredOn"))),
        "discharged_on": _text(discharge(fields)),
        "offered_on": _text(offered_on),
        "reason": no_activity_reason(fields),
        "replaces": [referenced(each) for each in data.get("replaces") or []],
    }
    return state, state == codes.ENTERED_IN_ERROR, offered_on, None, detail


def categories(fields: Fields) -> tuple[str | None, str | None]:
    """The type of plan and, where the municipality has set one, the level."""
    known = {**codes.PLAN_TYPES, **codes.LEVELS}
    found = [
        coded(fields, f"category[{number}]", each, codes.CARE_SOCIAL, known)
        for number, each in enumerate(fields.data.get("category") or [])
    ]
    types = [each for each in found if each is not None and each in codes.PLAN_TYPES.values()]
    levels = [each for each in found if each is not None and each in codes.LEVELS.values()]
    if None in found:
        return None, None
    if len(types) != 1:
        fields.note("category", "skal have netop én plantype", ", ".join(types))
    if len(levels) > 1 or (levels and types != ["almen"]):
        fields.note("category", "et niveau hører til en almen plan, og kun ét", ", ".join([*types, *levels]))
    return (types[0] if types else None), (levels[0] if levels else None)


def discharge(fields: Fields) -> date | None:
    """The date of discharge, from which the clock runs."""
    found = extension(fields.data, codes.PRECONDITION_DATE)
    return day(fields, "extension[dischargeDate]", found[0].get("valueDate") if found else None)


def no_activity_reason(fields: Fields) -> str | None:
    """Why nothing has been offered, when the report says so."""
    found = extension(fields.data, codes.STATUS_REASON)
    if not found:
        return None
    concept = found[0].get("valueCodeableConcept")
    return coded(fields, "extension[statusReason]", concept, codes.CARE_SOCIAL, codes.NO_ACTIVITY_REASONS)


def diagnosis(fields: Fields) -> str | None:
    """The SKS code of a focus condition; one with text alone gives None, for text is not kept."""
    concept = fields.data.get("code")
    found = [each.get("code") for each in codings_of(concept) if each.get("system") == codes.SKS_D]
    if codings_of(concept) and len(found) != 1:
        fields.note("code.coding", f"skal have netop én kode fra {codes.SKS_D}", f"{len(found)} koder")
    if found and not SKS_PATTERN.fullmatch(str(found[0])):
        fields.note("code.coding", "er ikke en SKS-kode, der begynder med D", found[0])
    return str(found[0]) if found else None


def _text(value: date | None) -> str | None:
    return value.isoformat() if value else None
