"""Which earlier cases a case may be compared with: a filter of the search, never of what was found."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.reference import Wanted
from service.workflow.assessment import options_of
from service.workflow.case_file import CaseFile


def wanted_cases(
    file: CaseFile,
    kept_from_others: frozenset[str],
    changed_on: date | None,
    now: datetime,
    municipality: str | None = None,
) -> Wanted:
    """Cases of nobody who said no, of a lawful level, of the present practice.

    They are of every municipality in the version, unless one is named: what a case is answered with must not
    depend on who asks. Her own municipality's alone is something she can try afterwards (`exploration`).
    """
    levels = open_levels(file, now)
    return Wanted(kept_from_others, levels, decided_from=changed_on, municipality=municipality)


def open_levels(file: CaseFile, now: datetime) -> frozenset[str]:
    """The levels that law leaves open for the case."""
    return frozenset(each.code for each in options_of(file, now) if each.is_level)


def others_searched(payload: Mapping[str, Any] | None) -> bool:
    """Whether what was shown was looked for among several municipalities' cases."""
    similar = (payload["similar"] if payload else None) or {}
    return int(similar.get("searched", {}).get("municipalities", 0)) > 1


def keys_in(payload: Mapping[str, Any]) -> set[str]:
    """The keys of the cases that were shown as similar."""
    similar = payload["similar"]
    return {each["key"] for each in (*similar["cases"], similar["counter_example"]) if each}
