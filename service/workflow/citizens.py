"""What is held about one citizen: cases and delivery reports, by count and never by content."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Table, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from service import log
from service.errors import CaseErased, NotFound, PartUnreadable
from service.tables import METADATA
from service.tables.delivery import DeliveryReport, ReportedResource
from service.tables.intake import Case, Draft, IdentityMap, PersonalPart
from service.workflow.case_file import CaseState, is_erased, state_of

ENDED = (CaseState.PLANNED, CaseState.CLOSED)
"""In every other state somebody is still waiting for something."""

CASE, REPORT = "case", "report"
SHORTEST_NAME = 3


@dataclass(frozen=True)
class Holding:
    """What is held: the ids of cases and reports, the numbers of open cases, and rows by kind."""

    citizen_id: str
    cases: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    open_serials: tuple[int, ...] = ()
    counts: Mapping[str, int] | None = None

    @property
    def subjects(self) -> dict[str, str]:
        """The kind of each case and report by its random id, in the order of the ids: it tells nothing."""
        both = {**dict.fromkeys(self.cases, CASE), **dict.fromkeys(self.reports, REPORT)}
        return dict(sorted(both.items()))


def of_case(session: Session, serial: int) -> Case:
    """The case of a number; raises NotFound, and CaseErased when it is erased already."""
    case = session.exec(select(Case).where(Case.serial == serial)).first()
    if case is None:
        raise NotFound(f"There is no case {serial}.")
    if is_erased(case):
        raise CaseErased(f"Case {serial} is erased already.")
    return case


def holding(session: Session, citizen_id: str) -> Holding:
    """Everything held about a citizen; empty when there is nothing."""
    if not citizen_id:
        raise ValueError("what is erased belongs to nobody")
    cases = session.exec(select(Case).where(Case.citizen_id == citizen_id)).all()
    reports = session.exec(select(DeliveryReport.id).where(DeliveryReport.citizen_id == citizen_id)).all()
    ids = [case.id for case in cases]
    return Holding(
        citizen_id,
        cases=tuple(ids),
        reports=tuple(reports),
        open_serials=tuple(sorted(case.serial for case in cases if state_of(session, case.id) not in ENDED)),
        counts={
            "cases": len(cases),
            "delivery reports": len(reports),
            "reported resources": _count(session, ReportedResource, "report_id", list(reports)),
            "sealed parts": _count(session, PersonalPart, "citizen_id", [citizen_id]),
            "drafts": _count(session, Draft, "case_id", ids),
        },
    )


def known_ids(session: Session) -> set[str]:
    """The id of every citizen of whom anything is left in the database."""
    found = set(session.exec(select(IdentityMap.citizen_id)))
    for column in (Case.citizen_id, DeliveryReport.citizen_id, PersonalPart.citizen_id):
        found.update(session.exec(select(column).where(col(column) != "").distinct()))
    return found


def requests_of(session: Session, held: Holding) -> set[str]:
    """The senders' ids of a citizen's requests, under which files outside the database may know her."""
    found = set(session.exec(select(Case.request_id).where(col(Case.id).in_(held.cases))))
    told = select(ReportedResource.request_id).where(col(ReportedResource.report_id).in_(held.reports))
    return {each for each in (*found, *session.exec(told)) if each}


def words_about(session: Session, citizen_id: str) -> set[str]:
    """The citizen's names, phone and address, case-folded, from what can still be read."""
    words: set[str] = set()
    for case in session.exec(select(Case).where(Case.citizen_id == citizen_id)):
        try:
            identity = log.open_part(session, case)["identity"]
        except PartUnreadable:
            continue
        names = re.findall(r"\w+", identity["name"].casefold())
        words.update(name for name in names if len(name) >= SHORTEST_NAME)
        words.update(said.casefold() for said in (identity["address"], identity["phone"]) if said)
    return words


def names_somebody(text: str, words: set[str]) -> bool:
    """Whether one of the words stands in a text."""
    said = text.casefold()
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", said) for word in words)


def _count(session: Session, table: type, column: str, values: list[str]) -> int:
    rows: Table = METADATA.tables[table.__tablename__]  # type: ignore[attr-defined]
    counted = select_columns(func.count()).select_from(rows).where(rows.c[column].in_(values))
    return int(session.execute(counted).scalar_one())
