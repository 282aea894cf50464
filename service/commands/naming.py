"""How the line of a command names a day, a reason, a place, and whoever it is run for."""

from datetime import datetime

import click
from sqlmodel import Session, col, or_, select

from service.clock import local_date
from service.errors import NotFound, Refused
from service.identity import Actor, actor_of, actors_of
from service.policy import Action, permits
from service.tables.organisation import Municipality, Person, Unit
from service.workflow import staff

A_DAY = click.DateTime(formats=["%Y-%m-%d"])
on_behalf_of = click.option("--by", "username", required=True, help="The user name of whoever decides it.")
because = click.option("--reason", required=True, help="Why, in a few words.")
of_municipality = click.option("--municipality", required=True, help="The four-digit code.")


def actor_named(session: Session, username: str, now: datetime) -> Actor:
    """Somebody by user name, as she acts today; raises NotFound."""
    return actor_of(session, staff.find_person(session, username).id, local_date(now))


def municipality_named(session: Session, code: str) -> Municipality:
    """The municipality of a code; raises NotFound."""
    found = session.exec(select(Municipality).where(Municipality.code == code)).first()
    if found is None:
        raise NotFound(f"Der er ingen kommune med koden {code}.")
    return found


def municipality_meant(session: Session, code: str | None) -> Municipality:
    """The municipality of a code, without one the only one there is; raises NotFound, or Refused."""
    if code is not None:
        return municipality_named(session, code)
    places = session.exec(select(Municipality).order_by(Municipality.code)).all()
    if len(places) != 1:
        codes = ", ".join(place.code for place in places) or "ingen"
        raise Refused(f"Vælg en kommune med --municipality. Der er: {codes}.")
    return places[0]


def unit_named(session: Session, name: str, by: Actor) -> str:
    """The id of the unit of that name in the actor's municipality; raises NotFound."""
    found = session.exec(
        select(Unit.id).where(Unit.name == name, Unit.municipality_id == by.municipality_id)
    ).first()
    if found is None:
        raise NotFound(f"Der er ingen enhed med navnet {name} i {by.municipality_name}.")
    return found


def acting(
    session: Session, who: str, action: Action, *, now: datetime, municipality: str | None = None
) -> Actor:
    """Somebody by "name, role", name or user name, in a role that may do the action if it is one of hers.

    Raises NotFound when nobody or more than one person is meant. Whether she may, the workflow decides.
    """
    name, _, role = (part.strip() for part in who.partition(","))
    is_meant = col(Person.display_name) == name
    if not role:
        is_meant = or_(is_meant, col(Person.username) == name)
    found = [
        actor
        for person_id in session.exec(select(Person.id).where(is_meant))
        for actor in actors_of(session, person_id, local_date(now))
        if role in ("", actor.role) and municipality in (None, code_of(session, actor))
    ]
    if not found:
        raise NotFound(f"Der er ingen “{who}” her. Skriv navn og rolle som i Skøn, eller brugernavnet.")
    if len({actor.person_id for actor in found}) > 1:
        raise NotFound(f"Flere hedder “{who}”. Skriv brugernavnet.")
    return next((actor for actor in found if permits(actor, action)), found[0])


def code_of(session: Session, actor: Actor) -> str:
    """The code of the municipality that somebody acts in."""
    return session.get_one(Municipality, actor.municipality_id).code
