"""Reading one JSON object field by field: what is missing, unknown or impossible is noted, not raised."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from models.instants import read_instant
from service.intake_formats.problem import Problem, shown

ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
EARLIEST_YEAR = 1900


@dataclass
class Fields:
    """One object that is being read; `prefix` is its path in the file, `problems` grows as it is read."""

    where: str
    data: Mapping[str, Any]
    prefix: str = ""
    problems: list[Problem] = field(default_factory=list)

    def note(self, name: str, reason: str, found: object) -> None:
        """Note a problem with a field."""
        self.problems.append(Problem(self.where, self.prefix + name, reason, shown(found)))

    def only(self, allowed: Iterable[str]) -> None:
        """Note every field that does not belong here."""
        allowed = tuple(allowed)
        for name in self.data:
            if name not in allowed:
                self.note(name, "findes ikke i formatet", name)

    def text(self, name: str, *, required: bool = True, longest: int = 200) -> str:
        """A text, stripped; "" when it is absent."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.note(name, "mangler", value)
            return ""
        if not isinstance(value, str):
            self.note(name, "er ikke tekst", value)
            return ""
        if "\x00" in value or len(value) > longest:
            self.note(name, f"er længere end {longest} tegn eller har et NUL-tegn", f"{len(value)} tegn")
            return ""
        return value.strip()

    def code(self, name: str, codes: Iterable[str], *, required: bool = True) -> str:
        """One of the codes; "" when absent or not one of them."""
        value, codes = self.text(name, required=required), tuple(codes)
        if value and value not in codes:
            self.note(name, f"er en ukendt kode, mulige er {', '.join(codes)}", value)
            return ""
        return value

    def date(self, name: str, *, required: bool = True) -> date | None:
        """A date as YYYY-MM-DD; None when absent or impossible."""
        value = self.data.get(name)
        if value is None or value == "":
            if required:
                self.note(name, "mangler", value)
            return None
        found = iso_date(value)
        if found is None:
            self.note(name, "er ikke en mulig dato (ÅÅÅÅ-MM-DD)", value)
        return found

    def instant(self, name: str) -> datetime | None:
        """An instant with a time zone; None when absent or impossible."""
        value = self.data.get(name)
        if value is None:
            self.note(name, "mangler", value)
            return None
        try:
            return read_instant(value)
        except (TypeError, ValueError, OverflowError):
            self.note(name, "er ikke et muligt tidspunkt med tidszone", value)
            return None

    def inner(self, name: str, *, required: bool = True) -> "Fields":
        """An object inside this one, sharing the list of problems; an absent one reads as empty."""
        value = self.data.get(name)
        if value is None and required:
            self.note(name, "mangler", value)
        if value is not None and not isinstance(value, dict):
            self.note(name, "er ikke et objekt", value)
            value = None
        return Fields(self.where, value or {}, f"{self.prefix}{name}.", self.problems)


def iso_date(value: object) -> date | None:
    """The date of exactly YYYY-MM-DD, or None."""
    if not isinstance(value, str) or not ISO_DATE.fullmatch(value):
        return None
    try:
        found = date.fromisoformat(value)
    except ValueError:
        return None
    return found if found.year >= EARLIEST_YEAR else None
