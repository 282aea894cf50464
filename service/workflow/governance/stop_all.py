"""The stop button of every unit of a municipality at once: one transaction, and one logged row for each unit.

A unit that was stopped on its own has its own reason. It is left as it is, also when the others are released.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from service import log, policy
from service.errors import Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.governance import Stop
from service.tables.log import LogEntry
from service.tables.organisation import Unit
from service.workflow.governance import is_stopped, newest_stop

SCOPE = "all"
"""What the entry of a row says when it was written for every unit at once."""
DRILL = "Øvelse: "
"""What the reason of a drill begins with, and no other reason."""


@dataclass(frozen=True)
class UnitState:
    """A unit and the last time its button was used; `with_all`: that was for every unit at once."""

    unit_id: str
    name: str
    stop: Stop | None
    with_all: bool

    @property
    def stopped(self) -> bool:
        """Whether no evidence is shown in it."""
        return self.stop is not None and self.stop.stopped


@dataclass(frozen=True)
class Pressed:
    """What was done: the units that changed, and those that were left as they were, by name."""

    changed: tuple[str, ...]
    left: tuple[str, ...]


def states(session: Session, municipality_id: str) -> tuple[UnitState, ...]:
    """Every unit of a municipality, by name."""
    units = select(Unit).where(Unit.municipality_id == municipality_id).order_by(col(Unit.name))
    return tuple(_state(session, unit) for unit in session.exec(units))


def stop_all(session: Session, *, reason: str, now: datetime, by: Actor, drill: bool = False) -> Pressed:
    """Show no evidence in any unit of the actor's municipality from the next request on, and commit.

    Units that are stopped already are left as they are; when all are, nothing is written. Raises Refused
    without a reason, and for one that calls itself a drill and is none.
    """
    return _press(session, True, _reason(reason, drill), now, by, drill)


def release_all(session: Session, *, reason: str, now: datetime, by: Actor) -> Pressed:
    """Show evidence again in the units that were stopped all at once, and commit."""
    return _press(session, False, _reason(reason, drill=False), now, by, False)


def all_stopped(session: Session, municipality_id: str) -> bool:
    """Whether the next request in any unit of a municipality is shown no evidence."""
    units = session.exec(select(Unit.id).where(Unit.municipality_id == municipality_id)).all()
    return all(is_stopped(session, unit_id) for unit_id in units)


def _press(session: Session, stopping: bool, reason: str, now: datetime, by: Actor, drill: bool) -> Pressed:
    policy.authorize(by, Action.STOP_ALL_UNITS)
    found = states(session, by.municipality_id)
    chosen = [unit for unit in found if not unit.stopped] if stopping else [u for u in found if u.with_all]
    for unit in chosen:
        row = Stop(
            at=now, unit_id=unit.unit_id, stopped=stopping, reason=reason, pressed_by=by.person_id
        )  # fmt: skip
        event = Event.STOP_PRESSED if stopping else Event.STOP_RELEASED
        log.append(session, event, at=now, by=by, row=row, scope=SCOPE, drill=drill or None)
    session.commit()
    left = [unit.name for unit in found if unit.stopped and unit not in chosen]
    return Pressed(tuple(unit.name for unit in chosen), tuple(left))


def _reason(reason: str, drill: bool) -> str:
    said = reason.strip()
    if not said:
        raise Refused("Skriv kort hvorfor.", field="reason")
    if said.casefold().startswith(DRILL.strip().casefold()):
        raise Refused("Kun en øvelse må kalde sig “Øvelse”. Den startes fra kommandolinjen.", field="reason")
    return DRILL + said if drill else said


def _state(session: Session, unit: Unit) -> UnitState:
    stop = newest_stop(session, unit.id)
    with_all = stop is not None and stop.stopped and _is_of_all(session, stop)
    return UnitState(unit.id, unit.name, stop, with_all)


def _is_of_all(session: Session, stop: Stop) -> bool:
    entry = session.get_one(LogEntry, (stop.shard, stop.log_seq)).entry
    return bool(entry) and json.loads(entry).get("scope") == SCOPE
