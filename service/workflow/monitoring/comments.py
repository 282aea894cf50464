"""Employees' own remarks, counted by whether they may speak of a malfunction; nobody is told who wrote what.

A remark is opened where its key is at hand, looked through for a list of words, and forgotten again.
"""

import tomllib
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files

from sqlmodel import Session, col, select

from models.declaration import Area
from service import log
from service.errors import PartUnreadable
from service.tables.assessment import Consultation
from service.tables.base import CaseStep
from service.tables.decision import Decision
from service.tables.intake import Case
from service.workflow.statistics.periods import midnight

WORDS = "malfunction_words.toml"


@cache
def malfunction_words() -> tuple[str, ...]:
    """The words of the list, in small letters."""
    found = tomllib.loads((files(__package__) / WORDS).read_text(encoding="utf-8"))["words"]
    return tuple(each.casefold() for each in found)


def may_tell_of_a_malfunction(text: str) -> bool:
    """Whether a remark holds one of the words, at the beginning of a word."""
    spaced = f" {' '.join(text.casefold().split())}"
    return any(f" {word}" in spaced for word in malfunction_words())


def hits(texts: Iterable[str]) -> tuple[int, int]:
    """How many remarks may speak of a malfunction, and of how many."""
    found = [may_tell_of_a_malfunction(text) for text in texts]
    return sum(found), len(found)


def remarks(session: Session, municipality_id: str, area: Area, start: date, end: date) -> Iterator[str]:
    """What was written with decisions and to colleagues, from a day until another (not included)."""
    for table in (Decision, Consultation):
        yield from _texts(session, table, municipality_id, area, start, end)


def _texts(
    session: Session, table: type[CaseStep], municipality_id: str, area: Area, start: date, end: date
) -> Iterator[str]:
    within = (
        select(table)
        .join(Case, col(Case.id) == table.case_id)  # type: ignore[attr-defined]
        .where(Case.municipality_id == municipality_id, Case.area == area.name)
        .where(table.at >= midnight(start), table.at < midnight(end))
    )
    for row in session.exec(within):
        try:
            text = log.open_part(session, row).get("text", "")
        except PartUnreadable:
            continue
        if text:
            yield text
