"""The last line of a decision export: which cases are not in it because the citizen said no, and whose.

Requests are named as `municipality:request`, so that a row of an older file is left out too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from models.decided_case import DecidedCase

REASONS = ("restriction", "objection", "training")
"""The rights for which nothing is learned from a case."""


@dataclass(frozen=True)
class LeftOut:
    """By reason, the decided cases that are not in the file, and every other request of the same citizens."""

    cases: Mapping[str, frozenset[str]] = field(default_factory=dict)
    others: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether there is anything to say."""
        return any(self.cases.values()) or any(self.others.values())

    def reason_of(self, request: str) -> str | None:
        """The strongest reason why the row of a request teaches nothing, or None."""
        both = (self.cases, self.others)
        return next((why for why in REASONS for found in both if request in found.get(why, ())), None)

    def to_json_line(self) -> str:
        """One JSON object on one line, known by its only key."""
        said = {
            name: {why: sorted(found[why]) for why in REASONS if found.get(why)}
            for name, found in (("cases", self.cases), ("others", self.others))
        }
        return json.dumps({"left_out": said}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, line: Mapping[str, Any]) -> Self:
        """What `to_json_line` wrote; raises ValueError for anything else."""
        said = line["left_out"]
        if not isinstance(said, dict) or set(said) != {"cases", "others"}:
            raise ValueError("what was left out has another form")
        return cls(*(_by_reason(said[name]) for name in ("cases", "others")))

    @classmethod
    def all_of(cls, several: list["LeftOut"]) -> Self:
        """What several files leave out together."""
        return cls(*(_joined([getattr(each, name) for each in several]) for name in ("cases", "others")))


def request_of(case: DecidedCase) -> str:
    """The name of a case's request here."""
    return f"{case.municipality}:{case.request_id}"


def is_left_out(line: object) -> bool:
    """Whether a line of an export is this one and no case."""
    return isinstance(line, dict) and set(line) == {"left_out"}


def _by_reason(said: Any) -> dict[str, frozenset[str]]:
    if not isinstance(said, dict) or not set(said) <= set(REASONS):
        raise ValueError("there is no such reason to leave a case out")
    if not all(isinstance(names, list) and all(isinstance(n, str) for n in names) for names in said.values()):
        raise ValueError("requests are named by text")
    return {why: frozenset(names) for why, names in said.items()}


def _joined(several: list[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    return {why: frozenset().union(*(each.get(why, frozenset()) for each in several)) for why in REASONS}
