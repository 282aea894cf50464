"""Who works where: municipalities, units, people, and their dated memberships with a role."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from service import log
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.passwords import hash_password
from service.tables.organisation import (
    EXTERNAL,
    ROLES,
    Credential,
    Membership,
    MembershipEnd,
    Municipality,
    Person,
    Unit,
)

LONGEST_TERMS = timedelta(days=365)
"""How long somebody from outside has a role by one agreement."""


@dataclass(frozen=True)
class External:
    """By which terms somebody from outside has a role: for whom, which data and what for, until which day."""

    organisation: str
    terms: str
    last_day: date


def add_municipality(
    session: Session, code: str, name: str, *, now: datetime, by: Actor | None = None, cvr: str | None = None
) -> Municipality:
    """Set up a municipality by its four-digit code and commit; the same again changes nothing."""
    if cvr is not None and not re.fullmatch(r"[0-9]{8}", cvr):
        raise Refused("CVR-nummeret skal være otte cifre.", field="cvr")
    if len(code) != 4 or not code.isascii() or not code.isdigit():
        raise Refused("Kommunekoden skal være fire cifre.", field="code")
    found = session.exec(select(Municipality).where(Municipality.code == code)).first()
    if found is not None:
        return found
    municipality = Municipality(code=code, name=name, cvr=cvr)
    session.add(municipality)
    log.append(session, Event.MUNICIPALITY_ADDED, at=now, by=by, municipality=code, cvr=cvr)
    session.commit()
    return municipality


def add_unit(
    session: Session, municipality_id: str, name: str, *, now: datetime, by: Actor | None = None,
    sor: str | None = None,
) -> Unit:  # fmt: skip
    """Set up a unit and commit; the same again changes nothing."""
    if sor is not None and not re.fullmatch(r"[0-9]{1,18}", sor):
        raise Refused("SOR-koden må kun have cifre, højst 18.", field="sor")
    statement = select(Unit).where(Unit.municipality_id == municipality_id, Unit.name == name)
    found = session.exec(statement).first()
    if found is not None:
        return found
    unit = Unit(municipality_id=municipality_id, name=name, sor=sor)
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
    external: External | None = None,
) -> Membership:
    """Give a person a role in a unit from a day on, and commit.

    A role from outside is refused without its terms, and every other role with them.
    """
    if role not in ROLES:
        raise Refused(f"Rollen {role!r} findes ikke. Vælg en af: {', '.join(ROLES)}.", field="role")
    _refuse_terms(role, external, valid_from)
    row = Membership(
        at=now, person_id=person_id, unit_id=unit_id, role=role, valid_from=valid_from,
        organisation=external.organisation.strip() if external else None,
        terms=external.terms.strip() if external else None,
    )  # fmt: skip
    log.append(session, Event.MEMBERSHIP_STARTED, at=now, by=by, row=row)
    if external is not None:
        end = MembershipEnd(at=now, membership_id=row.id, valid_to=external.last_day)
        log.append(session, Event.MEMBERSHIP_ENDED, at=now, by=by, row=end)
    session.commit()
    return row


def _refuse_terms(role: str, external: External | None, valid_from: date) -> None:
    if (external is not None) != (role in EXTERNAL):
        raise Refused(
            "En leverandør eller forsker skal have vilkår og en sidste dag, og ingen anden skal.",
            field="terms",
        )
    if external is None:
        return
    if not external.organisation.strip() or not external.terms.strip():
        raise Refused("Skriv, hvem det er for, hvilke data det gælder, og hvad de bruges til.", field="terms")
    if not valid_from <= external.last_day <= valid_from + LONGEST_TERMS:
        raise Refused("Den sidste dag skal ligge inden for et år.", field="last_day")


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
