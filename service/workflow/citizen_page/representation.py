"""Who acts for the citizen by a power of attorney: noted by a caseworker who has seen the document."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service import log, policy
from service.clock import local_date
from service.errors import Conflict, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.citizen import Representation
from service.workflow.case_file import find_case, newest

MOST_SIGNS = 200


@dataclass(frozen=True)
class Power:
    """A power of attorney that stands: who has it, where the document lies, and its days, both included."""

    id: str
    name: str
    document: str
    valid_from: date
    valid_to: date

    def holds_on(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.valid_from <= day <= self.valid_to


def record(
    session: Session, case_id: str, *, name: str, document: str, valid_from: date, valid_to: date,
    now: datetime, by: Actor,
) -> Representation:  # fmt: skip
    """Note a power of attorney and commit; it takes the place of the one before.

    Raises Refused, naming the field, for what is missing or cannot be.
    """
    case = find_case(session, case_id)
    policy.authorize(by, Action.ASSIST_CITIZEN, case)
    name, document = name.strip(), document.strip()
    for field, text, what in (("navn", name, "navnet"), ("dokument", document, "hvor fuldmagten ligger")):
        if not text:
            raise Refused(f"Skriv {what}.", field=field)
        if len(text) > MOST_SIGNS:
            raise Refused(f"Skriv højst {MOST_SIGNS} tegn.", field=field)
    if valid_to < valid_from:
        raise Refused("Fuldmagten kan ikke ophøre, før den begynder.", field="til")
    if valid_to < local_date(now):
        raise Refused("Fuldmagten er udløbet.", field="til")
    before = newest(session, Representation, case_id)
    row = Representation(
        at=now, case_id=case_id, recorded_by=by.person_id, replaces=before.id if before else None
    )
    said = {
        "name": name, "document": document, "valid_from": valid_from.isoformat(),
        "valid_to": valid_to.isoformat(),
    }  # fmt: skip
    log.append(
        session, Event.REPRESENTATION_RECORDED, at=now, by=by, row=row, citizen_id=case.citizen_id,
        personal=said, withdrawn=False,
    )  # fmt: skip
    session.commit()
    return row


def withdraw(session: Session, case_id: str, *, now: datetime, by: Actor) -> Representation:
    """Note that nobody acts for the citizen any more, and commit; raises Conflict when nobody did."""
    case = find_case(session, case_id)
    policy.authorize(by, Action.ASSIST_CITIZEN, case)
    before = newest(session, Representation, case_id)
    if before is None or before.withdrawn:
        raise Conflict("Der er ingen fuldmagt i sagen.")
    row = Representation(
        at=now, case_id=case_id, recorded_by=by.person_id, withdrawn=True, replaces=before.id
    )
    log.append(
        session, Event.REPRESENTATION_RECORDED, at=now, by=by, row=row, citizen_id=case.citizen_id,
        withdrawn=True,
    )  # fmt: skip
    session.commit()
    return row


def standing(session: Session, case_id: str) -> Power | None:
    """The power of attorney that stands, also before and after its days; None when there is none."""
    row = newest(session, Representation, case_id)
    if row is None or row.withdrawn:
        return None
    said = log.open_part(session, row)
    return Power(
        row.id, said["name"], said["document"], date.fromisoformat(said["valid_from"]),
        date.fromisoformat(said["valid_to"]),
    )  # fmt: skip


def holds(session: Session, case_id: str, representation_id: str, today: date) -> bool:
    """Whether one power of attorney is the one that stands, and holds today."""
    power = standing(session, case_id)
    return power is not None and power.id == representation_id and power.holds_on(today)


def require(session: Session, case_id: str, representation_id: str, today: date) -> None:
    """Raise Refused unless it holds."""
    if not holds(session, case_id, representation_id, today):
        raise Refused("Fuldmagten gælder ikke i dag.", field="hvem")
