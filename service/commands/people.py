"""Whoever a command is run for: named as people say it, acting in the role that the command needs."""

from datetime import datetime

from sqlmodel import Session, or_, select

from service.clock import local_date
from service.errors import NotFound
from service.identity import Actor, actors_of
from service.policy import Action, permits
from service.tables.organisation import Municipality, Person


def acting(
    session: Session, who: str, action: Action, *, now: datetime, municipality: str | None = None
) -> Actor:
    """Somebody by "name, role", name or user name, in a role that may do the action if it is one of hers.

    Raises NotFound when nobody or more than one person is meant. Whether she may, the workflow decides.
    """
    name, _, role = (part.strip() for part in who.partition(","))
    is_meant = Person.display_name == name
    if not role:
        is_meant = or_(is_meant, Person.username == name)  # type: ignore[assignment]
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
