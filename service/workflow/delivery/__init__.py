"""A delivery report is taken over in one short step: its rows, its entry, and the cases it closes."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlmodel import Session, select

from service import identity, log
from service.errors import Conflict
from service.identity import Actor
from service.log import Event
from service.tables.delivery import DeliveryReport, ReportedResource
from service.tables.intake import Case
from service.workflow import intake
from service.workflow.delivery.courses import Course, Offer, courses_of, offer_of, outcome_of
from service.workflow.delivery.reported import Report, Reported
from service.workflow.delivery.told_outcomes import outcomes
from service.workflow.intake.arrival import municipality_of

__all__ = ["Offer", "offer_of", "outcome_of", "outcomes", "take_over", "take_over_row"]


def take_over(
    session: Session,
    report: Report,
    municipality_code: str,
    *,
    pepper: bytes,
    now: datetime,
    by: Actor | None,
) -> DeliveryReport | None:
    """Take a report over and commit; the same content again changes nothing and gives None."""
    row = take_over_row(session, report, municipality_code, pepper=pepper, now=now, by=by)
    session.commit()
    return row


def take_over_row(
    session: Session,
    report: Report,
    municipality_code: str,
    *,
    pepper: bytes,
    now: datetime,
    by: Actor | None,
) -> DeliveryReport | None:
    """`take_over` without the commit, for an import that takes over many at once.

    Raises Conflict when a report of the same id, but with other content, was taken over before.
    """
    municipality = municipality_of(session, municipality_code)
    if _was_here(session, report, municipality.id):
        return None
    row = DeliveryReport(
        at=now,
        municipality_id=municipality.id,
        bundle_id=report.bundle_id,
        sha256=report.sha256,
        reported_at=report.reported_at,
        citizen_id=identity.citizen_id_for(session, municipality.id, report.cpr, pepper),
        imported_by=by.person_id if by else None,
    )
    # What was told lies in the personal part too, so that a resource changed behind the log's back is found.
    log.append(
        session, Event.DELIVERY_IMPORTED, at=now, by=by, row=row, citizen_id=row.citizen_id,
        personal={"resources": [_described(told) for told in report.resources]},
    )  # fmt: skip
    session.add_all(_row_of(told, row.id) for told in report.resources)
    session.flush()
    _close_settled_cases(session, report, row, now, by)
    return row


def _was_here(session: Session, report: Report, municipality_id: str) -> bool:
    known = session.exec(
        select(DeliveryReport).where(
            DeliveryReport.municipality_id == municipality_id, DeliveryReport.bundle_id == report.bundle_id
        )
    ).first()
    if known is not None and known.sha256 != report.sha256:
        raise Conflict("En rapport med samme id, men andet indhold, er overtaget tidligere.")
    return known is not None


def _row_of(told: Reported, report_id: str) -> ReportedResource:
    return ReportedResource(
        report_id=report_id,
        request_id=told.request_id,
        resource_id=told.resource_id,
        kind=told.kind,
        status=told.status,
        withdrawn=told.withdrawn,
        starts_on=told.starts_on,
        ends_on=told.ends_on,
        detail=dict(told.detail),
    )


def _described(told: Reported) -> dict[str, Any]:
    return {**vars(told), "detail": dict(told.detail)}


def _close_settled_cases(
    session: Session, report: Report, row: DeliveryReport, now: datetime, by: Actor | None
) -> None:
    """Close the undecided cases whose level was set elsewhere, or whose plan was sent in error."""
    courses = courses_of(session, report.request_ids, municipality_id=row.municipality_id)
    for request_id, kind, level in _endings(courses):
        case = session.exec(
            select(Case).where(Case.municipality_id == row.municipality_id, Case.request_id == request_id)
        ).first()
        if case is not None:
            intake.close_row(session, case, kind=kind, level=level, report_id=row.id, now=now, by=by)


def _endings(courses: dict[str, Course]) -> Iterator[tuple[str, str, str | None]]:
    """Request, kind of closure and level, for requests that leave nothing to decide here."""
    for request_id, course in sorted(courses.items()):
        if course.request is None or course.request.detail["reason"] == "fejl":
            yield request_id, "entered_in_error", None
        elif course.level is not None:
            yield request_id, "level_set_elsewhere", course.level
