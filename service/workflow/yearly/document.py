"""The one document that every form of the report is rendered from."""

import hashlib
import json
from typing import Any

from service.clock import local
from service.workflow.registers.words import Value
from service.workflow.yearly.parts import Section
from service.workflow.yearly.sections import sections_of
from service.workflow.yearly.sources import Sources

FORMAT = "skoen-yearly/1"
MISSING = "MANGLER"


def document_of(sources: Sources) -> dict[str, Any]:
    """The report as JSON: sections with facts, items and what is missing."""
    return {
        "format": FORMAT,
        "titel": f"Årlig redegørelse {sources.year}",
        "aar": sources.year,
        "kommune": {"kode": sources.municipality.code, "navn": sources.municipality.name},
        "lavet": local(sources.now).isoformat(timespec="seconds"),
        "afsnit": [_section(each) for each in sections_of(sources)],
    }


def as_bytes(document: dict[str, Any]) -> bytes:
    """The document as it is written to a file."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def digest_of(document: dict[str, Any]) -> str:
    """The SHA-256 of the JSON file, in hexadecimal: it stands in the forms made from it."""
    return hashlib.sha256(as_bytes(document)).hexdigest()


def _section(section: Section) -> dict[str, Any]:
    return {
        "kode": section.code,
        "titel": section.title,
        "tal": [_value(each) for each in section.facts],
        "poster": [
            {"titel": item.title, "felter": [_value(each) for each in item.values]} for item in section.items
        ],
        "mangler": [f"{MISSING}: {sentence}" for sentence in section.missing],
    }


def _value(value: Value) -> dict[str, Any]:
    return {"navn": value.label, "linjer": list(value.lines)}
