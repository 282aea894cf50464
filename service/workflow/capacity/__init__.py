"""The capacity board: places and waiting by offer, for planning alone.

Nothing that judges a case, suggests, learns or shows a case may import this room, directly or through others
(tests/house/test_capacity_apart.py). An offer is the team of a unit that gives the training.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from service import log, policy
from service.errors import Forbidden, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.capacity import CapacityEntry
from service.tables.organisation import Unit
from service.workflow.capacity.entries import Entered, faults_of


class CapacityRefused(Refused):
    """What was entered cannot be taken; `faults` says of each field why."""

    def __init__(self, faults: dict[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(faults.values()))


def enter(session: Session, entered: Entered, *, now: datetime, by: Actor) -> CapacityEntry:
    """How an offer of one's own unit stands, from the page; commits.

    Raises Forbidden for a role that does not plan and for another unit, CapacityRefused for what cannot be.
    """
    policy.authorize(by, Action.ENTER_CAPACITY)
    if entered.unit_id != by.unit_id:
        raise Forbidden
    if faults := faults_of(entered, now):
        raise CapacityRefused(faults)
    row = write(session, entered, recorded_by=f"{by.display_name}, {by.role}", now=now, by=by)
    session.commit()
    return row


def write(
    session: Session, entered: Entered, *, recorded_by: str, now: datetime, by: Actor | None
) -> CapacityEntry:
    """The row and its entry, of numbers that were found in order; the caller commits."""
    row = CapacityEntry(
        at=now, unit_id=entered.unit_id, offer=entered.offer, counted_on=entered.counted_on,
        places=entered.places, free=entered.free, waiting=entered.waiting, wait_days=entered.wait_days,
        recorded_by=recorded_by,
    )  # fmt: skip
    log.append(session, Event.CAPACITY_ENTERED, at=now, by=by, row=row)
    return row


def standing(session: Session, units: Sequence[str]) -> list[CapacityEntry]:
    """Of each unit and offer what was counted on the newest day, and written last of that day."""
    order = (col(CapacityEntry.counted_on), col(CapacityEntry.shard), col(CapacityEntry.log_seq))
    rows = session.exec(select(CapacityEntry).where(col(CapacityEntry.unit_id).in_(units)).order_by(*order))
    newest = {(row.unit_id, row.offer): row for row in rows}
    return [newest[key] for key in sorted(newest)]


def units_of(session: Session, municipality_id: str) -> dict[str, str]:
    """The ids of a municipality's units, by name."""
    found = session.exec(select(Unit).where(Unit.municipality_id == municipality_id))
    return {unit.name: unit.id for unit in found}
