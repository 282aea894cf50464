"""Other plans and courses of the same citizen here: a fact of the case, so that nobody books her twice.

As the KL reports have it, a plan may replace another (`replaces`), stand beside it (parallel), or be revoked.
What is over is not told: closed, ended, replaced long ago, or silent for a year.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sqlmodel import Session, col, select

from service import log
from service.clock import local_date
from service.errors import PartUnreadable
from service.tables.delivery import DeliveryReport, ReportedResource
from service.tables.intake import Case
from service.tables.organisation import Unit
from service.workflow.case_file import CaseState, state_of
from service.workflow.delivery.courses import Course, courses_of, has_ended

SILENT_AFTER = timedelta(days=365)
REVOKED, MISTAKE = "revoked", "fejl"


class Kind(StrEnum):
    """How another plan stands to the one at hand."""

    REPLACED = "replaced"
    REPLACES = "replaces"
    PARALLEL = "parallel"
    REVOKED = "revoked"


@dataclass(frozen=True)
class OtherPlan:
    """Another plan: where it is, since when and how far. Without a case it is known from reports alone."""

    kind: Kind
    case_id: str | None
    serial: int | None
    unit_id: str | None
    unit: str
    received_on: date
    state: CaseState | None
    training: bool


def other_plans(session: Session, case: Case, today: date) -> tuple[OtherPlan, ...]:
    """What else is going on for the citizen of a case, the newest first."""
    cases = {each.request_id: each for each in _cases(session, case)}
    reported = _reported_requests(session, case)
    courses = courses_of(session, {case.request_id, *cases, *reported}, municipality_id=case.municipality_id)
    names_here = _replaced_by(session, case, courses.get(case.request_id))
    found = []
    for request_id in {*cases, *reported} - {case.request_id}:
        other, course = cases.get(request_id), courses.get(request_id)
        replaces_this = case.request_id in _replaced_by(session, other, course)
        kind = _kind(course, request_id in names_here, replaces_this)
        if kind is not None and _goes_on(session, other, course, kind, today):
            found.append(_told(session, kind, other, course))
    return tuple(sorted(found, key=lambda each: (each.received_on, each.serial or 0), reverse=True))


def _cases(session: Session, case: Case) -> Iterator[Case]:
    same = Case.citizen_id == case.citizen_id, Case.municipality_id == case.municipality_id
    yield from session.exec(select(Case).where(*same, Case.area == case.area, col(Case.id) != case.id))


def _reported_requests(session: Session, case: Case) -> set[str]:
    """Requests that reports about the citizen tell of."""
    told = (
        select(ReportedResource.request_id)
        .join(DeliveryReport, col(DeliveryReport.id) == ReportedResource.report_id)
        .where(DeliveryReport.citizen_id == case.citizen_id)
        .where(DeliveryReport.municipality_id == case.municipality_id)
        .where(ReportedResource.kind == "service_request")
    )
    return set(session.exec(told))


def _replaced_by(session: Session, case: Case | None, course: Course | None) -> set[str]:
    """The requests that a plan says it replaces: as it arrived, and as it was reported."""
    named = list(course.request.detail.get("replaces", ())) if course and course.request else []
    if case is not None:
        with suppress(PartUnreadable):
            named += log.open_part(session, case).get("replaces", ())
    return {str(each).rpartition("/")[2] for each in named if each}


def _kind(course: Course | None, replaced: bool, replaces: bool) -> Kind | None:
    if course is not None and _is_revoked(course):
        return Kind.REVOKED
    if replaced:
        return Kind.REPLACED
    return Kind.REPLACES if replaces else Kind.PARALLEL


def _is_revoked(course: Course) -> bool:
    """Withdrawn as entered in error, revoked, or reported as a mistake."""
    request = course.request
    return request is None or request.status == REVOKED or request.detail.get("reason") == MISTAKE


def _goes_on(session: Session, case: Case | None, course: Course | None, kind: Kind, today: date) -> bool:
    """Whether somebody may still act on the other plan."""
    if case is not None and state_of(session, case.id) is CaseState.CLOSED:
        return False
    if kind is Kind.REVOKED:
        return case is not None  # open here though it was taken back: somebody could still book it
    if course is not None and has_ended(course):
        return False
    heard_on = [case.received_on] if case else []
    heard_on += [local_date(course.last_report)] if course else []
    return max(heard_on) >= today - SILENT_AFTER


def _told(session: Session, kind: Kind, case: Case | None, course: Course | None) -> OtherPlan:
    reported: Mapping[str, str] = course.request.detail if course and course.request else {}
    return OtherPlan(
        kind=kind,
        case_id=case.id if case else None,
        serial=case.serial if case else None,
        unit_id=case.unit_id if case else None,
        unit=session.get_one(Unit, case.unit_id).name if case else "",
        received_on=case.received_on if case else date.fromisoformat(reported["received_on"]),
        state=state_of(session, case.id) if case else None,
        training=course is not None and course.first_contact_on is not None,
    )
