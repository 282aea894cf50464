"""What changed from one version of the documents to another: which numbers, and which sentences."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

NEW, GONE, NUMBER, SENTENCE = "nyt", "væk", "tal", "tekst"


@dataclass(frozen=True)
class Change:
    """One change: in which document and section, of what kind and what; it was and is ("" for nothing)."""

    document: str
    section: str
    kind: str
    name: str
    before: str
    after: str


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every change between two documents as JSON, in the order of the newer one, what is gone last."""
    return tuple(_changes(old, new))


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    code = new["kode"]
    before, after = dict(_pieces(old)), dict(_pieces(new))
    for place, (number, text) in after.items():
        was = before.get(place)
        if was is None:
            yield Change(code, place[0], NEW, place[1], "", text)
        elif was[1] != text:
            yield Change(code, place[0], NUMBER if number or was[0] else SENTENCE, place[1], was[1], text)
    for place, (_, text) in before.items():
        if place not in after:
            yield Change(code, place[0], GONE, place[1], text, "")


Place = tuple[str, str]


def _pieces(document: Mapping[str, Any]) -> Iterator[tuple[Place, tuple[bool, str]]]:
    """Each thing that can change on its own: a line or a cell by its place, and the lead of a section."""
    for section in document["afsnit"]:
        name = section["titel"]
        yield (name, "indledning"), (False, section["indledning"])
        for item in section["oplysninger"]:
            for number, line in enumerate((*item["linjer"], *item["mangler"]), start=1):
                yield (name, f"{item['navn']}, linje {number}"), _cell(line)
            yield from _rows(name, item)


def _rows(section: str, item: Mapping[str, Any]) -> Iterator[tuple[Place, tuple[bool, str]]]:
    """Cells by the first word of their row, so that a row that is put in between changes no other."""
    seen: dict[str, int] = {}
    for row in item["raekker"]:
        first = _cell(row[0])[1]
        seen[first] = seen.get(first, 0) + 1
        again = f" ({seen[first]})" if seen[first] > 1 else ""
        for head, cell in zip(item["hoved"][1:], row[1:], strict=True):
            yield (section, f"{item['navn']}, {first}{again}, {head}"), _cell(cell)


def _cell(cell: Any) -> tuple[bool, str]:
    return (True, str(cell["ord"])) if isinstance(cell, dict) else (False, str(cell))
