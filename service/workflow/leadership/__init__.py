"""How a municipality stands, for director and politicians: counts and shares, and never a person."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from models.declaration import Area
from service.clock import local_date
from service.tables.acknowledgement import Acknowledgement
from service.tables.organisation import Membership, MembershipEnd, Unit
from service.workflow import governance, trial
from service.workflow.governance import stop_all
from service.workflow.registers import book
from service.workflow.registers.incidents import Notice, clock_of
from service.workflow.statistics import public_numbers
from service.workflow.statistics.periods import Period
from service.workflow.statistics.shares import Share


@dataclass(frozen=True)
class UnitStanding:
    """A unit: how evidence is shown there, and whether it is stopped."""

    name: str
    mode: str
    stopped: bool
    since: datetime | None


@dataclass(frozen=True)
class Standing:
    """A municipality at an instant. `phase` is None where nothing may be shown.

    `registered` counts the standing entries of each register; `running` and `overdue` are breaches whose
    authority has not been told; `closed` counts people with a role whose access is closed. `harm` says of
    each trial that stopped itself what it found, until it is opened.
    """

    phase: str | None
    legal_basis: str
    units: tuple[UnitStanding, ...]
    period: Period
    differing: Share
    registered: dict[str, int]
    running: int
    overdue: int
    people: int
    closed: int
    harm: tuple[str, ...] = ()


def standing_of(session: Session, municipality_id: str, area: Area, now: datetime) -> Standing:
    """How the municipality stands; the share is that of the last whole quarter, under suppression."""
    today = local_date(now)
    phase = governance.phase_of(session, municipality_id, today)
    record = governance.phase_record(session, municipality_id, today)
    period = public_numbers.last_whole_quarter(now)
    rows = book.standing(session, municipality_id)
    notices = Counter(clock_of(row.content, now).notice for row in rows if row.kind == "incident")
    people, closed = _access(session, municipality_id, today)
    return Standing(
        phase=phase,
        legal_basis=record.legal_basis if record and phase else "",
        units=tuple(
            UnitStanding(
                unit.name, governance.mode_of(session, unit.unit_id), unit.stopped,
                unit.stop.at if unit.stop else None,
            )
            for unit in stop_all.states(session, municipality_id)
        ),
        period=period,
        differing=public_numbers.differing(session, municipality_id, area, period),
        registered=dict(Counter(row.kind for row in rows)),
        running=notices[Notice.RUNNING],
        overdue=notices[Notice.OVERDUE],
        people=people,
        closed=closed,
        harm=tuple(
            step.reason
            for each in trial.standings(session, municipality_id, now)
            for step in each.steps
            if step.cause == "harm" and each.state is not trial.State.UNSEALED
        ),
    )  # fmt: skip


def _access(session: Session, municipality_id: str, on: date) -> tuple[int, int]:
    """How many people have a role there on a day, and how many of them cannot open anything."""
    ended = select(MembershipEnd.membership_id).where(MembershipEnd.valid_to < on)
    here = (
        select(Membership.person_id)
        .join(Unit, col(Unit.id) == col(Membership.unit_id))
        .where(Unit.municipality_id == municipality_id, Membership.valid_from <= on)
        .where(col(Membership.id).not_in(ended))
    )
    people = set(session.exec(here))
    open_ = set(session.exec(select(Acknowledgement.person_id).where(Acknowledgement.valid_to >= on)))
    return len(people), len(people - open_)
