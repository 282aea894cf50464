"""A KL § 140 delivery report as its parts: profiles checked, resources validated, references resolved."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fhir.resources.R4B import get_fhir_model_class
from pydantic import ValidationError

from models.instants import read_instant
from service.cpr import CprRefused, parse
from service.fhir import codes
from service.intake_formats.problem import CPR_REASON, Problem, Refused, refuse, shown

WHERE = "Bundle"
CLOCKS_DIFFER = timedelta(hours=24)


@dataclass(frozen=True)
class Resource:
    """One resource of a bundle: what kind it is, and its content as it stands in the file."""

    kind: str
    type: str
    id: str
    data: Mapping[str, Any]

    @property
    def where(self) -> str:
        """The resource as a place to point at."""
        return f"{self.type}/{self.id}"


@dataclass(frozen=True)
class Opened:
    """A delivery report whose parts are valid each by itself; `names` finds a resource by reference."""

    bundle_id: str
    sha256: str
    reported_at: datetime
    cpr: str
    resources: tuple[Resource, ...]
    names: Mapping[str, Resource]

    def of(self, *kinds: str) -> tuple[Resource, ...]:
        """The resources of these kinds, in the order of the file."""
        return tuple(resource for resource in self.resources if resource.kind in kinds)

    def find(self, reference: str) -> Resource | None:
        """The resource that a reference names: relative, absolute or a fullUrl; letter case is forgiven."""
        return self.names.get(_name(reference)) or self.names.get(reference)


def is_bundle(data: object) -> bool:
    """Whether parsed JSON claims to be a FHIR bundle."""
    return isinstance(data, dict) and data.get("resourceType") == "Bundle"


def open_bundle(data: Mapping[str, Any], *, now: datetime) -> Opened:
    """The parts of a delivery report; raises Refused with every problem found."""
    refuse_other_profile(data.get("meta"), codes.DELIVERY_REPORT, WHERE)
    entries = data.get("entry")
    if not isinstance(entries, list) or not entries:
        raise refuse(WHERE, "entry", "har ingen ressourcer", entries)
    _validate("Bundle", {name: value for name, value in data.items() if name != "entry"}, WHERE)
    reported_at = _timestamp(data, now)
    resources, names = _parts(entries)
    cpr = _one_citizen(resources, names)
    return Opened(_bundle_id(data), fingerprint(data), reported_at, cpr, resources, names)


def _parts(entries: list[Any]) -> tuple[tuple[Resource, ...], dict[str, Resource]]:
    problems: list[Problem] = []
    resources: dict[str, Resource] = {}
    names: dict[str, Resource] = {}
    for number, entry in enumerate(entries, start=1):
        try:
            resource = _resource(entry, number)
        except Refused as refused:
            problems += refused.problems
            continue
        if resource.id in resources:
            problems.append(Problem(resource.where, "id", "står to gange i samme rapport", resource.id))
        resources[resource.id] = resource
        names[_name(resource.where)] = resource
        if isinstance(entry.get("fullUrl"), str):
            names[entry["fullUrl"]] = resource
    if problems:
        raise Refused(problems)
    return tuple(resources.values()), names


def fingerprint(data: Mapping[str, Any]) -> str:
    """SHA-256 of the content, the same however it is indented or ordered."""
    ordered = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(ordered.encode()).hexdigest()


def refuse_other_profile(meta: object, wanted: str, where: str) -> None:
    """Refuse a resource that does not claim the wanted profile (a version after "|" is allowed)."""
    claimed = _profiles(meta)
    if wanted not in claimed:
        raise refuse(where, "meta.profile", f"forkert profil, ventede {wanted}", ", ".join(claimed))


def _profiles(meta: object) -> list[str]:
    found = meta.get("profile") if isinstance(meta, dict) else None
    return [str(each).partition("|")[0] for each in found] if isinstance(found, list) else []


def _bundle_id(data: Mapping[str, Any]) -> str:
    found = data.get("id")
    return found if isinstance(found, str) and found else fingerprint(data)


def _timestamp(data: Mapping[str, Any], now: datetime) -> datetime:
    raw = data.get("timestamp")
    try:
        at = read_instant(raw)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise refuse(WHERE, "timestamp", "er ikke et muligt tidspunkt med tidszone", raw) from None
    if at > now + CLOCKS_DIFFER:
        raise refuse(WHERE, "timestamp", "ligger i fremtiden", raw)
    return at


def _resource(entry: object, number: int) -> Resource:
    """One entry's resource, validated by the standard's own model and recognised by its profile."""
    data = entry.get("resource") if isinstance(entry, dict) else None
    if not isinstance(data, dict):
        raise refuse(f"entry {number}", "resource", "mangler", data)
    kind_of, identity = str(data.get("resourceType")), str(data.get("id"))
    where = f"{kind_of}/{identity}" if data.get("id") else f"entry {number}"
    known = [profile for resource, profile in codes.KINDS if resource == kind_of]
    if not known:
        raise refuse(where, "resourceType", "hører ikke til i en leveringsrapport efter § 140", kind_of)
    if not data.get("id"):
        raise refuse(where, "id", "mangler", data.get("id"))
    claimed = {profile.removeprefix(codes.PROFILES) for profile in _profiles(data.get("meta"))}
    profiles = [profile for profile in known if profile in claimed]
    if len(profiles) != 1:
        raise refuse(
            where, "meta.profile", f"forkert profil, ventede {' eller '.join(known)}", ", ".join(claimed)
        )
    _validate(kind_of, data, where)
    return Resource(codes.KINDS[kind_of, profiles[0]], kind_of, identity, data)


def _validate(kind_of: str, data: dict[str, Any], where: str) -> None:
    try:
        get_fhir_model_class(kind_of).model_validate(data)
    except ValidationError as error:
        raise Refused(_one_per_field(error, where)) from None


def _one_per_field(error: ValidationError, where: str) -> Iterable[Problem]:
    """pydantic tells every alternative it tried; one line per field is enough."""
    told: dict[str, Problem] = {}
    for each in error.errors(include_url=False):
        field = ".".join(str(part) for part in each["loc"] if part != "root") or "resource"
        missing = each["type"] == "missing" or each["type"].endswith(".missing")
        found = None if missing else "noget andet" if where.startswith("Patient/") else each["input"]
        told.setdefault(field, Problem(where, field, _reason(each["type"], field, each["msg"]), shown(found)))
    return told.values()


def _reason(mistake: str, field: str, words: str) -> str:
    """The standard's own model speaks English; the common mistakes are said in Danish."""
    if mistake.endswith("missing"):
        return "mangler"
    if mistake == "extra_forbidden":
        return "findes ikke i standarden"
    if "date" in mistake or "DateTime" in words or field.endswith("Date"):
        return "er ikke en mulig dato eller et muligt tidspunkt"
    return f"passer ikke til standarden ({words.removeprefix('Value error, ')})"


def _name(reference: str) -> str:
    """`https://x/Careplan/1` and `CarePlan/1` name the same resource."""
    kind_of, _, identity = reference.rpartition("/")
    return f"{kind_of.rpartition('/')[2].casefold()}/{identity}"


def _one_citizen(resources: tuple[Resource, ...], names: Mapping[str, Resource]) -> str:
    """The CPR number of the one citizen the report is about, to whom every resource must belong."""
    citizens = [resource for resource in resources if resource.kind == "citizen"]
    if len(citizens) != 1:
        where = citizens[1].where if len(citizens) > 1 else WHERE
        raise refuse(where, "entry", "en rapport skal handle om netop én borger", f"{len(citizens)} borgere")
    citizen = citizens[0]
    strangers = [
        Problem(resource.where, "subject.reference", "er ikke rapportens borger", shown(reference))
        for resource in resources
        if (reference := _subject(resource)) is not None
        and (names.get(_name(reference)) or names.get(reference)) is not citizen
    ]
    if strangers:
        raise Refused(strangers)
    return _cpr(citizen)


def _subject(resource: Resource) -> str | None:
    """What the resource says it is about; None for kinds that are about nobody."""
    if resource.kind in ("citizen", "organization"):
        return None
    subject = resource.data.get("subject")
    return str(subject.get("reference")) if isinstance(subject, dict) else "ingen"


def _cpr(citizen: Resource) -> str:
    numbers = [
        each.get("value") for each in citizen.data.get("identifier") or [] if each.get("system") == codes.CPR
    ]
    if len(numbers) != 1:
        raise refuse(citizen.where, "identifier", "skal have netop ét CPR-nummer", f"{len(numbers)}")
    try:
        return parse(str(numbers[0]))
    except CprRefused:
        # What was found is a citizen's number, so only its length is told.
        found = f"{len(str(numbers[0]))} tegn"
        raise refuse(citizen.where, "identifier.value", CPR_REASON, found) from None
