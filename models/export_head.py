"""The first line of a decision export: on what legal basis each municipality may be learned from.

A case carries the phase it was decided in; here stands what holds on the day of the export.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

KEY = "export"
PHASES = ("oevelse", "udvikling", "skygge", "pilot", "drift")
PRACTICE = PHASES[0]
"""Its cases are invented: they teach by themselves, and never among cases of people."""


@dataclass(frozen=True)
class Ground:
    """One municipality on the day of an export; `phase` is None where no legal basis is in force.

    `changed_on` is the first day of the practice that holds there now, where it changed.
    """

    municipality: str
    phase: str | None
    legal_basis: str = ""
    changed_on: date | None = None

    @property
    def why_not_learned(self) -> str | None:
        """Why nothing may be learned from the municipality's cases, in Danish, or None."""
        if self.phase is not None:
            return None
        return (
            "har intet retsgrundlag, der gælder på eksportens dag; skriv et retsgrundlag for fasen, "
            "og eksportér igen"
        )

    def to_json(self) -> dict[str, Any]:
        """The ground as plain JSON."""
        changed = None if self.changed_on is None else self.changed_on.isoformat()
        return {
            "municipality": self.municipality,
            "phase": self.phase,
            "legal_basis": self.legal_basis,
            "changed_on": changed,
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Self:
        """What `to_json` wrote; raises KeyError, TypeError or ValueError for anything else."""
        if set(told) != {"municipality", "phase", "legal_basis", "changed_on"}:
            raise ValueError("a ground has other keys")
        if told["phase"] not in (None, *PHASES):
            raise ValueError(f"there is no phase {told['phase']!r}")
        if not isinstance(told["municipality"], str) or not isinstance(told["legal_basis"], str):
            raise TypeError("municipality and legal basis are text")
        changed = told["changed_on"]
        return cls(
            told["municipality"],
            told["phase"],
            told["legal_basis"],
            None if changed is None else date.fromisoformat(changed),
        )


def to_json_line(grounds: Iterable[Ground]) -> str:
    """One JSON object on one line, known by its only key."""
    return json.dumps({KEY: [each.to_json() for each in grounds]}, ensure_ascii=False, separators=(",", ":"))


def is_head(line: object) -> bool:
    """Whether a line of an export is this one and no case."""
    return isinstance(line, dict) and set(line) == {KEY}


def grounds_in(line: Mapping[str, Any]) -> tuple[Ground, ...]:
    """The grounds of such a line; raises ValueError for another form."""
    try:
        return tuple(Ground.from_json(each) for each in line[KEY])
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the grounds of an export have another form: {error}") from None
