"""Reading the elements of a validated resource: codes by system, whole dates, extensions, references."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.instants import local_date, read_instant
from service.intake_formats.fields import Fields, iso_date

Told = tuple[str, bool, date | None, date | None, dict[str, Any]]
"""What a resource tells: status, withdrawn, start, end, detail."""


def coded(fields: Fields, name: str, concept: object, system: str, known: Mapping[str, str]) -> str | None:
    """Our short code for the concept's coding in `system`; a missing or unknown one is noted."""
    codings = codings_of(concept)
    found = [coding.get("code") for coding in codings if coding.get("system") == system]
    if len(found) != 1:
        fields.note(f"{name}.coding", f"skal have netop én kode fra {system}", _said(codings))
        return None
    short = known.get(str(found[0]))
    if short is None:
        fields.note(f"{name}.coding", "er en ukendt kode", found[0])
    return short


def codings_of(concept: object) -> list[dict[str, Any]]:
    """The codings of a CodeableConcept; of anything else none."""
    codings = concept.get("coding") if isinstance(concept, dict) else None
    return [each for each in codings if isinstance(each, dict)] if isinstance(codings, list) else []


def day(fields: Fields, name: str, value: object, *, required: bool = True) -> date | None:
    """The Copenhagen date of a FHIR date or dateTime; a part of a date is not enough and is noted."""
    if value is None:
        if required:
            fields.note(name, "mangler", value)
        return None
    whole = iso_date(value)
    if whole is not None:
        return whole
    try:
        return local_date(read_instant(value))  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        fields.note(name, "er ikke en hel, mulig dato", value)
        return None


def period(fields: Fields, value: object, *, ends: bool) -> tuple[date | None, date | None]:
    """The dates of a Period; an end before its start is noted, a missing end only when one is needed."""
    data = value if isinstance(value, dict) else {}
    start = day(fields, "period.start", data.get("start"))
    end = day(fields, "period.end", data.get("end"), required=ends)
    if start and end and end < start:
        fields.note("period.end", "ligger før period.start", end.isoformat())
    return start, end


def status(fields: Fields, name: str, value: object, known: tuple[str, ...]) -> str:
    """A status of the standard's list; another one is noted."""
    if value not in known:
        fields.note(name, f"er en ukendt status, mulige er {', '.join(known)}", value)
        return ""
    return str(value)


def extension(data: Mapping[str, Any], url: str) -> list[dict[str, Any]]:
    """The extensions of an element with this url."""
    found = data.get("extension")
    return [each for each in found if each.get("url") == url] if isinstance(found, list) else []


def referenced(value: object) -> str | None:
    """What a Reference points at, or None."""
    reference = value.get("reference") if isinstance(value, dict) else None
    return reference if isinstance(reference, str) else None


def _said(codings: list[dict[str, Any]]) -> str:
    return ", ".join(f"{each.get('system')}#{each.get('code')}" for each in codings)
