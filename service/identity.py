"""Who somebody is: the person with the unit and role they act in, and the citizen behind a CPR number."""

import hmac
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from service.errors import NoMembership
from service.tables.intake import IdentityMap
from service.tables.organisation import Membership, MembershipEnd, Municipality, Person, Unit


@dataclass(frozen=True)
class Actor:
    """A person acting in one unit. `person_id` is the pseudonym that stands in the log.

    `authority` is whom she acts for as the access log names it: `CVR:<number>`, else `KOMMUNE:<code>`.
    """

    person_id: str
    username: str
    display_name: str
    unit_id: str
    unit_name: str
    municipality_id: str
    municipality_name: str
    role: str
    authority: str = ""


def actor_of(session: Session, person_id: str, on: date, unit_id: str | None = None) -> Actor:
    """The person as she acts on a day: in the unit asked for, or in the first by name.

    Raises NoMembership when she has no membership (there) on that day.
    """
    for actor in actors_of(session, person_id, on):
        if unit_id in (None, actor.unit_id):
            return actor
    raise NoMembership


def actors_of(session: Session, person_id: str, on: date) -> list[Actor]:
    """Every unit and role the person has on a day, by the unit's name."""
    has_ended = and_(col(MembershipEnd.membership_id) == col(Membership.id))
    query = (
        select(Person, Unit, Municipality, Membership.role)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .join(MembershipEnd, has_ended, isouter=True)
        .join(Unit, col(Unit.id) == col(Membership.unit_id))
        .join(Municipality, col(Municipality.id) == col(Unit.municipality_id))
        .where(Person.id == person_id, Membership.valid_from <= on)
        .where(or_(col(MembershipEnd.id).is_(None), col(MembershipEnd.valid_to) >= on))
        .order_by(col(Unit.name), col(Membership.role))
    )
    return [
        Actor(
            person_id=person.id,
            username=person.username,
            display_name=person.display_name,
            unit_id=unit.id,
            unit_name=unit.name,
            municipality_id=municipality.id,
            municipality_name=municipality.name,
            role=role,
            authority=authority_of(municipality),
        )
        for person, unit, municipality, role in session.exec(query)
    ]


def authority_of(municipality: Municipality) -> str:
    """A municipality as the access log names it."""
    return f"CVR:{municipality.cvr}" if municipality.cvr else f"KOMMUNE:{municipality.code}"


def lookup_of(municipality_id: str, cpr: str, pepper: bytes) -> str:
    """The keyed hash that finds a citizen; without the key all CPR numbers could be tried in minutes."""
    return hmac.digest(pepper, f"{municipality_id}:{cpr}".encode(), "sha256").hex()


def find_citizen(session: Session, municipality_id: str, cpr: str, pepper: bytes) -> str | None:
    """The citizen id behind a parsed CPR number, or None when the municipality has no such citizen here."""
    query = select(IdentityMap.citizen_id).where(
        IdentityMap.municipality_id == municipality_id,
        IdentityMap.lookup == lookup_of(municipality_id, cpr, pepper),
    )
    return session.exec(query).first()


def citizen_id_for(session: Session, municipality_id: str, cpr: str, pepper: bytes) -> str:
    """The random citizen id of a parsed CPR number, made on first sight. Needs a writing session."""
    known = find_citizen(session, municipality_id, cpr, pepper)
    if known is not None:
        return known
    row = IdentityMap(municipality_id=municipality_id, lookup=lookup_of(municipality_id, cpr, pepper))
    session.add(row)
    session.flush()
    return row.citizen_id
