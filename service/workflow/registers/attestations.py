"""Twice a year each unit's leader stands by how data is used there; what is late is said by name."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from service.tables.governance import RegisterEntry

KIND = "attestation"
UNIT, HALF = "enhed", "halvaar"
HALF_YEAR = re.compile(r"(\d{4})-([12])")
FIRST_DAY = {"1": (1, 1), "2": (7, 1)}


def is_whole(content: Mapping[str, Any]) -> str | None:
    """The half-year is named like 2026-1, and had begun when the leader stood by it."""
    found = HALF_YEAR.fullmatch(content[HALF])
    if found is None:
        return "Halvåret skrives som 2026-1 eller 2026-2."
    begins = date(int(found[1]), *FIRST_DAY[found[2]])
    return "Halvåret var ikke begyndt på datoen." if content["dato"] < begins.isoformat() else None


def due_on(half: str) -> date:
    """The last day of the month after a half-year, by which it is to be attested."""
    year, part = half.split("-")
    return date(int(year), 7, 31) if part == "1" else date(int(year) + 1, 1, 31)


def overdue(
    entries: Iterable[RegisterEntry], units: Iterable[str], year: int, on: date
) -> tuple[tuple[str, str], ...]:
    """(unit, half-year) of a year that should have been attested by a day and is not."""
    there = {(each.content[UNIT], each.content[HALF]) for each in entries if each.kind == KIND}
    halves = [half for half in (f"{year}-1", f"{year}-2") if due_on(half) < on]
    return tuple((unit, half) for half in halves for unit in units if (unit, half) not in there)
