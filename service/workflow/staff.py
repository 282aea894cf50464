"""Who works where: municipalities, units, people, and their dated memberships with a role."""

from datetime import date, datetime

from sqlmodel import Session, select

from service import log
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.passwords import hash_password
from service.tables.organisation import (
    ROLES,
    Credential,
    Membership,
    MembershipEnd,
    Municipality,
    Person,
    Unit,
)


def add_municipality(
    session: Session, code: str, name: str, *, now: datetime, by: Actor | None = None
) -> Municipality:
    """Set up a municipality by its four-digit code and commit; the same again changes nothing."""
    if len(code) != 4 or not code.isascii() or not code.isdigit():
        raise Refused("Kommunekoden skal være fire cifre.", field="code")
    found = session.exec(select(Municipality).where(Municipality.code == code)).first()
    if found is not None:
        return found
    municipality = Municipality(code=code, name=name)
    session.add(municipality)
    log.append(session, Event.MUNICIPALITY_ADDED, at=now, by=by, municipality=code)
    session.commit()
    return municipality


def add_unit(
    session: Session, municipality_id: str, name: str, *, now: datetime, by: Actor | None = None
) -> Unit:
    """Set up a unit and commit; the same again changes nothing."""
    statement = select(Unit).where(Unit.municipality_id == municipality_id, Unit.name == name)
    found = session.exec(statement).first()
    if found is not None:
        return found
    unit = Unit(municipality_id=municipality_id, name=name)
    session.add(unit)
    log.append(session, Event.UNIT_ADDED, at=now, by=by, unit_id=unit.id, municipality_id=municipality_id)
    session.commit()
    return unit


def add_person(
    session: Session, username: str, display_name: str, *, now: datetime, by: Actor | None = None
) -> Person:
    """Set up a person and commit; a user name in use is refused. Without a role she can do nothing."""
    if not username.isascii() or not username.isidentifier() or not username.islower():
        raise Refused("Brugernavnet må kun have små bogstaver, tal og understreg.", field="username")
    if session.exec(select(Person).where(Person.username == username)).first() is not None:
        raise Conflict(f"Brugernavnet {username} er i brug.")
    person = Person(username=username, display_name=display_name, created_at=now)
    session.add(person)
    log.append(session, Event.PERSON_ADDED, at=now, by=by, person=person.id)
    session.commit()
    return person


def find_person(session: Session, username: str) -> Person:
    """The person of a user name; NotFound when there is none."""
    person = session.exec(select(Person).where(Person.username == username)).first()
    if person is None:
        raise NotFound(f"Der er ingen bruger med navnet {username}.")
    return person


def set_password(
    session: Session, person_id: str, password: str, *, now: datetime, by: Actor | None = None
) -> None:
    """Give a person a new password and commit; the newest one counts."""
    session.add(Credential(person_id=person_id, password_hash=hash_password(password), created_at=now))
    log.append(session, Event.PASSWORD_SET, at=now, by=by, person=person_id)
    session.commit()


def grant(
    session: Session,
    person_id: str,
    unit_id: str,
    role: str,
    *,
    valid_from: date,
    now: datetime,
    by: Actor | None,
) -> Membership:
    """Give a person a role in a unit from a day on, and commit."""
    if role not in ROLES:
        raise Refused(f"Rollen {role!r} findes ikke. Vælg en af: {', '.join(ROLES)}.", field="role")
    row = Membership(at=now, person_id=person_id, unit_id=unit_id, role=role, valid_from=valid_from)
    log.append(session, Event.MEMBERSHIP_STARTED, at=now, by=by, row=row)
    session.commit()
    return row


def revoke(
    session: Session, membership_id: str, *, valid_to: date, now: datetime, by: Actor | None
) -> MembershipEnd:
    """End a membership after a day, and commit; one that has ended is left as it is."""
    ended = session.exec(select(MembershipEnd).where(MembershipEnd.membership_id == membership_id)).first()
    if ended is not None:
        raise Conflict("Tilknytningen er allerede afsluttet.")
    if session.get(Membership, membership_id) is None:
        raise NotFound()
    row = MembershipEnd(at=now, membership_id=membership_id, valid_to=valid_to)
    log.append(session, Event.MEMBERSHIP_ENDED, at=now, by=by, row=row)
    session.commit()
    return row
