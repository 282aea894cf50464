"""A document made of facts: sections that name facts, and the JSON that every other form is rendered from."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from service.workflow.documents.facts import MISSING, Cell, Fact, Facts, Number

FORMAT = "skoen-document/1"
DECLARED = Path(__file__).with_name("declared")
SCHEMA = Path(__file__).with_name("dokument.schema.json")
"""What every document is, and the sections that six of them owe; it is written beside them."""


@dataclass(frozen=True)
class Section:
    """One section: its code, title and lead, and the keys of the facts that it tells, in order."""

    code: str
    title: str
    lead: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Document:
    """One document as it is declared. `law` is what it is owed by; `written` and `by` tell of its words."""

    code: str
    title: str
    law: str
    about: str
    written: str
    by: str
    sections: tuple[Section, ...]


@cache
def declared() -> Mapping[str, Document]:
    """Every document by its code, in the order they are read; each is a file, `declared/NN-CODE.toml`."""
    return {path.stem[3:]: _declared(path) for path in sorted(DECLARED.glob("*.toml"))}


def _declared(path: Path) -> Document:
    said = tomllib.loads(path.read_text("utf-8"))
    sections = tuple(
        Section(each["kode"], each["titel"], each.get("indledning", ""), tuple(each["oplysninger"]))
        for each in said["afsnit"]
    )
    return Document(
        path.stem[3:], said["titel"], said["lov"], said["om"], said["skrevet"].isoformat(), said["af"],
        sections,
    )  # fmt: skip


def document_of(document: Document, facts: Facts) -> dict[str, Any]:
    """The document as JSON. A section holds what the facts say and nothing of its own but title and lead."""
    sections = [_section(each, facts) for each in document.sections]
    return {
        "$schema": SCHEMA.name,
        "format": FORMAT,
        "kode": document.code,
        "titel": document.title,
        "om": document.about,
        "lov": document.law,
        "skrevet": document.written,
        "af": document.by,
        "afsnit": sections,
        "mangler": sum(len(item["mangler"]) for each in sections for item in each["oplysninger"]),
    }


def version_of(document: Mapping[str, Any]) -> str:
    """A mark of what stands in a document: the same facts have the same mark."""
    return hashlib.sha256(as_bytes(document)).hexdigest()[:16]


def as_bytes(document: Mapping[str, Any]) -> bytes:
    """A document as it is written to a file."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def instant_text(at: datetime) -> str:
    """An instant in UTC, as other people's schemas want it (RFC 3339)."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _section(section: Section, facts: Facts) -> dict[str, Any]:
    return {
        "kode": section.code,
        "titel": section.title,
        "indledning": section.lead,
        "oplysninger": [item_of(facts[key]) for key in section.facts],
    }


def item_of(fact: Fact) -> dict[str, Any]:
    """One fact as JSON: text as text, a number with its n, interval, window and the words for it."""
    return {
        "noegle": fact.key,
        "navn": fact.label,
        "kilde": fact.source,
        "engelsk": fact.foreign,
        "linjer": [_cell(each) for each in fact.lines],
        "hoved": list(fact.head),
        "raekker": [[_cell(each) for each in row] for row in fact.rows],
        "mangler": [f"{MISSING}: {each}" for each in fact.missing],
    }


def _cell(cell: Cell) -> Any:
    if not isinstance(cell, Number):
        return cell
    return {
        "tal": cell.value,
        "enhed": cell.unit.value,
        "n": int(cell.value) if cell.n is None else cell.n,
        "interval": list(cell.interval) if cell.interval else None,
        "fra": cell.window[0].isoformat(),
        "til": cell.window[1].isoformat(),
        "ord": str(cell),
        "kort": cell.short,
        "periode": cell.period,
    }
