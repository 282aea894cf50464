"""What became of each decided case: its offer, its dates, whether the level held, how the course ended."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlmodel import Session, col, select

from models.declaration import Area
from service.clock import local_date
from service.tables.assessment import Assessment
from service.tables.decision import Decision, Planning
from service.tables.intake import Case
from service.tables.trial import TrialAllocation
from service.workflow.case_file import is_erased
from service.workflow.delivery.courses import COMPLETED, Course, courses_of, ended_with, level_changed
from service.workflow.statistics.queries import AT_A_TIME, decided_rows
from service.workflow.statistics.rows import DecidedRow

WINDOWS = (6, 8)
"""Weeks in which a level must hold to have been right the first time."""
EVIDENCE, CONTROL, OUTSIDE = "evidence", "control", "outside"
"""The arms of a trial, and all the cases that were drawn in none."""
STEPS_AGAIN: Mapping[str, type[Assessment] | type[Decision] | type[Planning]] = {
    "judged": Assessment, "decided": Decision, "planned": Planning,
}  # fmt: skip
"""The steps that may be taken again in a case, and where each time stands."""


@dataclass(frozen=True)
class Followed:
    """A decided case and what became of it; what is not known, or erased, is None.

    `offer` is the team that gives the training. `offered_on` is the day offered for the first contact, also
    when the citizen cancelled. `start_after` is a later start that the plan states. `ended_with` is
    "gennemfoert" or KL's reason for ending. `held` says by window whether the level was right the first time.
    `planned_on` is the day of the newest planning, `again` the steps that were taken more than once.
    """

    row: DecidedRow
    arm: str = EVIDENCE
    offer: str | None = None
    discharged_on: date | None = None
    start_after: date | None = None
    offered_on: date | None = None
    started_on: date | None = None
    ended_with: str | None = None
    held: tuple[tuple[int, bool], ...] = ()
    received_on: date | None = None
    planned_on: date | None = None
    again: frozenset[str] = frozenset()

    @property
    def days_to_offer(self) -> int | None:
        """Days from discharge to the day offered; an offer before the discharge counts as day 0."""
        return _days(self.discharged_on, self.offered_on)

    @property
    def days_to_start(self) -> int | None:
        """Days from discharge to the first contact that took place."""
        return _days(self.discharged_on, self.started_on)

    @property
    def days_to_open(self) -> int | None:
        """Days from the plan came to the judgement was opened."""
        return _days(self.received_on, local_date(self.row.opened_at))

    @property
    def days_to_plan(self) -> int | None:
        """Days from the decision to the newest planning of its start."""
        return _days(local_date(self.row.decided_at), self.planned_on)

    @property
    def due_on(self) -> date | None:
        """The last day on which a start had to be offered."""
        return None if self.discharged_on is None else self.row.due_on

    @property
    def was_broken_off(self) -> bool:
        """Whether the course ended before it was completed, whatever the reason."""
        return self.ended_with not in (None, COMPLETED)

    def right_first_time(self, weeks: int) -> bool | None:
        """Whether the level held so many weeks without a new plan; None while that may still come."""
        return dict(self.held).get(weeks)


def _days(start: date | None, end: date | None) -> int | None:
    return None if start is None or end is None else max((end - start).days, 0)


def followed_cases(
    session: Session, units: Sequence[str], area: Area, start: date, end: date, *, until: date
) -> list[Followed]:
    """The cases decided from one day to another (not included), each with what became of it.

    `until` is the day that counting stops before: a window that is not over by then says nothing yet.
    """
    rows = decided_rows(session, units, area, start, end)
    ids = [row.case_id for row in rows]
    cases = {case.id: case for case in _of(session, Case, ids)}
    plans, arms, again = _plans(session, ids), _arms(session, ids), _again(session, ids)
    courses, referred = _courses(session, cases), _referred_again(session, cases, area)
    found = [
        _followed(row, cases[row.case_id], plans, arms, courses.get(row.case_id), referred, until)
        for row in rows
    ]
    return [replace(each, again=again[each.row.case_id]) for each in found]


def _followed(
    row: DecidedRow,
    case: Case,
    plans: Mapping[str, Planning],
    arms: Mapping[str, str],
    course: Course | None,
    referred: Mapping[str, Sequence[date]],
    until: date,
) -> Followed:
    arm = arms.get(case.id, OUTSIDE)
    if is_erased(case):
        return Followed(row, arm)
    plan = plans.get(case.id) if row.planned else None
    reported = course.request.starts_on if course is not None and course.request is not None else None
    return Followed(
        row=row,
        arm=arm,
        offer=plan.team if plan is not None else None,
        discharged_on=case.discharged_on,
        start_after=case.start_after,
        offered_on=reported or row.first_date,
        started_on=course.first_contact_on if course is not None else None,
        ended_with=ended_with(course) if course is not None else None,
        held=tuple(_held(row, case, course, referred.get(case.citizen_id, ()), until)),
        received_on=case.received_on,
        planned_on=local_date(plan.at) if plan is not None else None,
    )


def _held(
    row: DecidedRow, case: Case, course: Course | None, plans: Sequence[date], until: date
) -> Iterator[tuple[int, bool]]:
    """By window whether the level held; windows that are not over, or of which nothing is told, are left out.

    A new plan for the same citizen is a new referral: then it was not right the first time either.
    """
    decided = local_date(row.decided_at)
    for weeks in WINDOWS:
        within = timedelta(weeks=weeks)
        changed = level_changed(course, within) if course is not None else None
        referred = any(case.received_on < day <= decided + within for day in plans)
        if changed or referred:
            yield weeks, False
        elif changed is False and decided + within < until:
            yield weeks, True


def _of(session: Session, table: type[Case], ids: Sequence[str]) -> Iterator[Case]:
    for some in _some(ids):
        yield from session.exec(select(table).where(col(table.id).in_(some)))


def _plans(session: Session, ids: Sequence[str]) -> dict[str, Planning]:
    """The newest planning of each case."""
    replaced = select(Planning.replaces).where(col(Planning.replaces).is_not(None))
    newest = select(Planning).where(col(Planning.id).not_in(replaced))
    order = (col(Planning.shard), col(Planning.log_seq))
    return {
        planning.case_id: planning
        for some in _some(ids)
        for planning in session.exec(newest.where(col(Planning.case_id).in_(some)).order_by(*order))
    }


def _again(session: Session, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """By case the steps of which a later row names the one that it replaces."""
    found: dict[str, set[str]] = {each: set() for each in ids}
    for step, table in STEPS_AGAIN.items():
        later = select(table.case_id).where(col(table.replaces).is_not(None))
        for some in _some(ids):
            for case_id in session.exec(later.where(col(table.case_id).in_(some))):
                found[case_id].add(step)
    return {case_id: frozenset(steps) for case_id, steps in found.items()}


def _arms(session: Session, ids: Sequence[str]) -> dict[str, str]:
    """The arm that each case was drawn for, whatever was shown in it; cases in no trial are left out."""
    drawn = select(TrialAllocation.case_id, TrialAllocation.arm)
    return {
        case_id: arm
        for some in _some(ids)
        for case_id, arm in session.exec(drawn.where(col(TrialAllocation.case_id).in_(some)))
    }


def _courses(session: Session, cases: Mapping[str, Case]) -> dict[str, Course]:
    """What is reported about the cases, by case."""
    by_municipality: dict[str, dict[str, str]] = defaultdict(dict)
    for case in cases.values():
        by_municipality[case.municipality_id][case.request_id] = case.id
    return {
        requests[request_id]: course
        for municipality_id, requests in by_municipality.items()
        for request_id, course in courses_of(session, requests, municipality_id=municipality_id).items()
    }


def _referred_again(session: Session, cases: Mapping[str, Case], area: Area) -> dict[str, list[date]]:
    """The days on which plans came for the citizens of these cases."""
    citizens = sorted({case.citizen_id for case in cases.values() if case.citizen_id})
    days: dict[str, list[date]] = defaultdict(list)
    for some in _some(citizens):
        of_them = select(Case).where(col(Case.citizen_id).in_(some), Case.area == area.name)
        for case in session.exec(of_them):
            days[case.citizen_id].append(case.received_on)
    return days


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_A_TIME):
        yield ids[start : start + AT_A_TIME]
