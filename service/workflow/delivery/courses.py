"""Courses of training as they now stand: the newest report of each resource, and the outcome that follows."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from models.record import Outcome
from service.tables.delivery import DeliveryReport, ReportedResource
from service.workflow.delivery.reported import COURSE_KINDS

SIX_WEEKS = timedelta(weeks=6)
ENDED = ("completed", "cancelled", "stopped")
REQUEST_ENDED = ("completed", "revoked")
BEGUN = ("in-progress", "finished")
NEED_MET = ("intet_behov_borger", "intet_behov_fagperson")
"""Reasons for ending a course that say that there was no more to train: the course counts as completed."""
COMPLETED, NEVER_STARTED, WITHOUT_CODE = "gennemfoert", "ikke_startet", "uden_kode"
MOST_DAYS = 1000
AT_A_TIME = 400  # well below the number of parameters either engine allows in one statement


@dataclass(frozen=True)
class Told:
    """One resource and the report that told of it last."""

    resource: ReportedResource
    reported_at: datetime


@dataclass(frozen=True)
class Course:
    """All that is reported about one request; what was withdrawn is left out.

    `levels` are the levels in the order they were reported, each with its time.
    """

    request: ReportedResource | None
    parts: tuple[Told, ...]
    levels: tuple[tuple[datetime, str], ...]
    last_report: datetime

    def of(self, *kinds: str) -> list[ReportedResource]:
        """The resources of these kinds."""
        return [told.resource for told in self.parts if told.resource.kind in kinds]

    @property
    def level(self) -> str | None:
        """The level that the municipality set, as it now stands."""
        return self.request.detail.get("level") if self.request else None

    @property
    def first_contact_on(self) -> date | None:
        """The day of the first contact that took place."""
        days = [each.starts_on for each in self.of("encounter") if each.status in BEGUN and each.starts_on]
        return min(days, default=None)


@dataclass(frozen=True)
class Offer:
    """What was reported about the deadline: `offered_on` is the day offered for the first contact.

    It counts even when the citizen cancels. `reason` says why nothing was offered (udskudt, frit_valg, …).
    """

    discharged_on: date
    offered_on: date | None
    first_contact_on: date | None
    reason: str | None


def outcome_of(
    session: Session, request_ids: Iterable[str], *, municipality_id: str | None = None
) -> dict[str, Outcome]:
    """The outcome of every request that something is reported about.

    Raises ValueError when two municipalities report on the same request id and none is named.
    """
    found = courses_of(session, request_ids, municipality_id=municipality_id)
    return {request_id: outcome(course) for request_id, course in found.items()}


def offer_of(
    session: Session, request_ids: Iterable[str], *, municipality_id: str | None = None
) -> dict[str, Offer]:
    """The offer of every request that is reported and not withdrawn."""
    found = courses_of(session, request_ids, municipality_id=municipality_id)
    return {
        request_id: Offer(
            discharged_on=date.fromisoformat(course.request.detail["discharged_on"]),
            offered_on=course.request.starts_on,
            first_contact_on=course.first_contact_on,
            reason=course.request.detail["reason"],
        )
        for request_id, course in found.items()
        if course.request is not None
    }


def outcome(course: Course) -> Outcome:
    """How it went, as far as the reports tell; a withdrawn request tells nothing."""
    if course.request is None:
        return Outcome()
    first = course.first_contact_on
    ended = has_ended(course)
    return Outcome(
        status=_status(course, first is not None, ended),
        level_changed=level_changed(course),
        started=True if first else (False if ended else None),
        days_to_start=_days_to_start(course.request, first),
        sessions=sum(each.status == "finished" for each in course.of("encounter"))
        if first or ended
        else None,
    )


def _status(course: Course, started: bool, ended: bool) -> str | None:
    """A code of the area's outcomes; None while nothing has begun and nothing has ended."""
    if not ended:
        return "i_gang" if started else None
    if not started:
        return "ikke_startet"
    return "gennemfoert" if _was_completed(course) else "afbrudt"


def ended_with(course: Course) -> str | None:
    """COMPLETED, KL's reason for ending, NEVER_STARTED or WITHOUT_CODE; None while the course goes on."""
    if course.request is None or not has_ended(course):
        return None
    started = course.first_contact_on is not None
    if started and _was_completed(course):
        return COMPLETED
    ended = [plan for plan in course.of("care_plan") if plan.status in ENDED]
    last = max(((plan.ends_on or date.min, plan.detail.get("reason") or "") for plan in ended), default=None)
    return (last[1] if last else "") or (WITHOUT_CODE if started else NEVER_STARTED)


def has_ended(course: Course) -> bool:
    """The request is done with, or there are courses and all of them have ended."""
    if course.request is not None and course.request.status in REQUEST_ENDED:
        return True
    plans = course.of("care_plan")
    return bool(plans) and all(plan.status in ENDED for plan in plans)


def _was_completed(course: Course) -> bool:
    """Whether what ended last was carried through, or ended because there was no more need."""
    plans = [plan for plan in course.of("care_plan") if plan.status in ENDED] or course.of(*COURSE_KINDS)
    if not plans:
        return course.request is not None and course.request.status == "completed"
    last = max((plan.ends_on or date.min) for plan in plans)
    return any(
        plan.status == "completed" or plan.detail.get("reason") in NEED_MET
        for plan in plans
        if (plan.ends_on or date.min) == last
    )


def _days_to_start(request: ReportedResource, first: date | None) -> int | None:
    """Days from discharge to the first contact; a contact before the discharge counts as day 0."""
    if first is None:
        return None
    days = (first - date.fromisoformat(request.detail["discharged_on"])).days
    return None if days > MOST_DAYS else max(days, 0)


def level_changed(course: Course, within: timedelta = SIX_WEEKS) -> bool | None:
    """Whether another level was reported so soon after the first; None while that may still come."""
    if not course.levels:
        return None
    first_at, first_level = course.levels[0]
    if any(level != first_level and at - first_at <= within for at, level in course.levels):
        return True
    return False if has_ended(course) or course.last_report - first_at > within else None


def level_after(course: Course, within: timedelta = SIX_WEEKS) -> str | None:
    """The level reported last within so long after the first one; None where none is reported."""
    if not course.levels:
        return None
    first_at = course.levels[0][0]
    return [level for at, level in course.levels if at - first_at <= within][-1]


def courses_of(
    session: Session, request_ids: Iterable[str], *, municipality_id: str | None = None
) -> dict[str, Course]:
    """What now stands about each request, by request id; requests without reports are left out."""
    wanted = sorted(set(request_ids))
    found: dict[str, Course] = {}
    for start in range(0, len(wanted), AT_A_TIME):
        some = wanted[start : start + AT_A_TIME]
        rows = list(_rows(session, some, municipality_id))
        _refuse_two_municipalities(rows)
        found |= _courses(rows, set(some))
    return found


Row = tuple[ReportedResource, DeliveryReport]


def _rows(session: Session, request_ids: Sequence[str], municipality_id: str | None) -> Iterator[Row]:
    """Every telling of every resource that any report has tied to the requests, oldest report first."""
    tied = select(ReportedResource.resource_id).where(col(ReportedResource.request_id).in_(request_ids))
    statement = (
        select(ReportedResource, DeliveryReport)
        .join(DeliveryReport, col(DeliveryReport.id) == col(ReportedResource.report_id))
        .where(col(ReportedResource.resource_id).in_(tied))
        .order_by(
            col(DeliveryReport.reported_at), col(DeliveryReport.shard), col(DeliveryReport.log_seq),
            col(ReportedResource.id),
        )
    )  # fmt: skip
    if municipality_id is not None:
        statement = statement.where(DeliveryReport.municipality_id == municipality_id)
    yield from session.exec(statement)


def _refuse_two_municipalities(rows: Sequence[Row]) -> None:
    if len({report.municipality_id for _, report in rows}) > 1:
        raise ValueError("two municipalities report on the same request: name the municipality")


def _courses(rows: Sequence[Row], wanted: set[str]) -> dict[str, Course]:
    newest: dict[str, Told] = {}
    request_of: dict[str, str] = {}
    levels: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    last: dict[str, datetime] = {}
    for resource, report in rows:
        newest[resource.resource_id] = Told(resource, report.reported_at)
        if resource.request_id:
            request_of[resource.resource_id] = resource.request_id
            last[resource.request_id] = report.reported_at
        if resource.kind == "service_request" and not resource.withdrawn and resource.detail["level"]:
            levels[resource.request_id].append((report.reported_at, resource.detail["level"]))
    parts: dict[str, list[Told]] = defaultdict(list)
    for resource_id, request_id in request_of.items():
        parts[request_id].append(newest[resource_id])
    return {
        request_id: _course(parts[request_id], levels[request_id], last[request_id])
        for request_id in wanted & parts.keys()
    }


def _course(parts: list[Told], levels: list[tuple[datetime, str]], last: datetime) -> Course:
    standing = tuple(told for told in parts if not told.resource.withdrawn)
    requests = [told.resource for told in standing if told.resource.kind == "service_request"]
    return Course(requests[0] if requests else None, standing, tuple(levels), last)
