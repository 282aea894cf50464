"""Which earlier cases a case may be compared with: a filter of the search, never of what was found."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from models.reference import Wanted
from service.workflow.assessment import options_of
from service.workflow.case_file import CaseFile


def wanted_cases(
    file: CaseFile, kept_from_others: frozenset[str], changed_on: date | None, now: datetime
) -> Wanted:
    """Cases of nobody who said no, of a lawful level, of the present practice."""
    return Wanted(kept_from_others, open_levels(file, now), decided_from=changed_on)


def open_levels(file: CaseFile, now: datetime) -> frozenset[str]:
    """The levels that law leaves open for the case."""
    return frozenset(each.code for each in options_of(file, now) if each.is_level)


def keys_in(payload: Mapping[str, Any]) -> set[str]:
    """The keys of the cases that were shown as similar."""
    similar = payload["similar"]
    return {each["key"] for each in (*similar["cases"], similar["counter_example"]) if each}
