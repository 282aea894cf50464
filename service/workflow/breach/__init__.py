"""A breach of data protection: whom it concerns, as the access log tells it, and a draft for the authority.

Nothing is guessed: what the log holds of the window is the answer, and what it can no longer tell is said.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from service.clock import local_date
from service.errors import Refused
from service.log import Event
from service.log.merkle import leaf_hash
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.tables.organisation import Unit
from service.workflow.case_file import is_erased
from service.workflow.log_control.look_ups import shards_between

IDENTITY, HEALTH, CASEWORK = "identitet", "helbred", "sagen"
CATEGORIES = {
    IDENTITY: "CPR-nummer, navn, adresse og telefon",
    HEALTH: "helbredsoplysninger (planens tekst og oplysninger om funktionsevne)",
    CASEWORK: "vurdering, beslutning og plan for træningen",
}
"""Kinds of data, in the words of a notification."""

SHOWS = {
    Event.CASE_OPENED: (IDENTITY, HEALTH, CASEWORK),
    Event.CITIZEN_OPENED: (IDENTITY, HEALTH, CASEWORK),
    Event.CASE_FOUND: (IDENTITY,),
    Event.EXPORTED: (IDENTITY, HEALTH, CASEWORK),
    Event.ACCESS_READ: (CASEWORK,),
}
"""What of a citizen each entry may have shown. A look-up counts as all of it: pages are not told apart."""


@dataclass(frozen=True)
class Window:
    """From an instant until another (not included), one person or everybody, one unit or all of them."""

    since: datetime
    until: datetime
    person_id: str | None = None
    unit_id: str | None = None


@dataclass(frozen=True)
class AffectedCitizen:
    """One citizen, by the pseudonym and the cases: how often, when first and last, which kinds of data."""

    citizen_id: str
    cases: tuple[int, ...]
    looks: int
    first: datetime
    last: datetime
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Affected:
    """Everybody concerned, by first look. `erased` cases tell no more whose they were.

    `whole_exports` are files of many cases that were taken out in the window, by what they held. `damaged` is
    how many entries do not fit their leaf hash: what they said cannot be trusted, and the list may lack it.
    """

    window: Window
    citizens: tuple[AffectedCitizen, ...]
    erased: int
    whole_exports: tuple[tuple[datetime, str], ...]
    damaged: int

    @property
    def categories(self) -> tuple[str, ...]:
        """All kinds of data that were shown, in the order of the list."""
        return tuple(code for code in CATEGORIES if any(code in one.categories for one in self.citizens))


def affected(session: Session, municipality_id: str, window: Window) -> Affected:
    """Whom a breach concerns in one municipality.

    Raises Refused for a window that ends before it begins, PeriodRetired when its log is deleted by schedule.
    """
    if window.until <= window.since:
        raise Refused("Perioden skal slutte, efter at den begynder.", field="til")
    entries, damaged = _entries(session, window)
    cases = _cases(session, {entry["case"] for entry in entries if entry.get("case")}, municipality_id)
    by_citizen: dict[str, list[dict[str, Any]]] = {}
    erased = set()
    for entry in entries:
        case = cases.get(entry.get("case", ""))
        if case is not None and is_erased(case):
            erased.add(case.id)
        elif case is not None:
            by_citizen.setdefault(case.citizen_id, []).append(entry)
    found = [_citizen(citizen_id, told, cases) for citizen_id, told in by_citizen.items()]
    return Affected(
        window=window,
        citizens=tuple(sorted(found, key=lambda one: (one.first, one.cases))),
        erased=len(erased),
        whole_exports=tuple(_whole(session, entries, municipality_id)),
        damaged=damaged,
    )


def _entries(session: Session, window: Window) -> tuple[list[dict[str, Any]], int]:
    """The entries of the window that show a citizen or take out many, in the order of the log."""
    shards = shards_between(session, local_date(window.since), local_date(window.until))
    query = (
        select(LogEntry.entry, LogEntry.leaf_hash)
        .where(col(LogEntry.shard).in_(shards), col(LogEntry.event).in_(list(SHOWS)))
        .order_by(LogEntry.shard, col(LogEntry.seq))
    )
    found, damaged = [], 0
    for text, leaf in session.exec(query):
        if leaf_hash(text.encode()) != leaf:
            damaged += 1
            continue
        entry = json.loads(text)
        if _is_within(entry, window):
            found.append(entry)
    return found, damaged


def _is_within(entry: dict[str, Any], window: Window) -> bool:
    return (
        window.since <= _at(entry) < window.until
        and window.person_id in (None, entry.get("actor"))
        and window.unit_id in (None, entry.get("unit"))
    )


def _cases(session: Session, ids: Iterable[str], municipality_id: str) -> dict[str, Case]:
    wanted, found = sorted(ids), {}
    for start in range(0, len(wanted), 400):
        some = col(Case.id).in_(wanted[start : start + 400])
        for case in session.exec(select(Case).where(some, Case.municipality_id == municipality_id)):
            found[case.id] = case
    return found


def _citizen(citizen_id: str, entries: list[dict[str, Any]], cases: dict[str, Case]) -> AffectedCitizen:
    times = [_at(entry) for entry in entries]
    shown = {code for entry in entries for code in SHOWS[Event(entry["type"])]}
    return AffectedCitizen(
        citizen_id=citizen_id,
        cases=tuple(sorted({cases[entry["case"]].serial for entry in entries})),
        looks=len(entries),
        first=min(times),
        last=max(times),
        categories=tuple(code for code in CATEGORIES if code in shown),
    )


def _whole(
    session: Session, entries: Iterable[dict[str, Any]], municipality_id: str
) -> Iterator[tuple[datetime, str]]:
    """Files of more than one case: from here, or from a command, which belongs to no unit."""
    here = set(session.exec(select(Unit.id).where(Unit.municipality_id == municipality_id)))
    for entry in entries:
        if entry["type"] == Event.EXPORTED and not entry.get("case") and entry.get("unit") in {None, *here}:
            yield _at(entry), str(entry.get("what", ""))


def _at(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["t"])
