"""The cast: named people every test knows, in two made-up municipalities.

Alma and Bent judge cases in Træning Nord, Freja in Træning Syd; Carla in another municipality may see
nothing of theirs. Tove leads Nord, Dan keeps data, Dorte audits, Ada administers. Dagny is the director,
Vera protects data, Poul sits in the council. All have acknowledged the rules of access.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from service import log
from service.database import reading, writing
from service.identity import Actor, actor_of
from service.log import Event
from service.tables.organisation import Membership, Municipality, Person, Unit
from service.workflow import access_rules, competence, governance
from service.workflow.access_rules.rules import declared
from service.workflow.competence import quiz

PEPPER = b"a pepper for tests only, 32 bytes"
LONG_AGO = datetime(2026, 1, 2, 8, 0, tzinfo=UTC)
NOW = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)
TODAY = NOW.date()

UNITS = {
    "0999": ("Fjordby Kommune", ("Træning Nord", "Træning Syd")),
    "0998": ("Skovby Kommune", ("Træning Skovby",)),
}
PEOPLE = {
    "alma": ("Alma Holm", "Træning Nord", "visitator"),
    "bent": ("Bent Krogh", "Træning Nord", "visitator"),
    "freja": ("Freja Lund", "Træning Syd", "visitator"),
    "carla": ("Carla Bech", "Træning Skovby", "visitator"),
    "tove": ("Tove Dam", "Træning Nord", "teamleder"),
    "dan": ("Dan Vang", "Træning Nord", "datamedarbejder"),
    "dorte": ("Dorte Juhl", "Træning Nord", "tilsyn"),
    "ada": ("Ada Friis", "Træning Nord", "administrator"),
    "dagny": ("Dagny Ravn", "Træning Nord", "direktoer"),
    "vera": ("Vera Kold", "Træning Nord", "dpo"),
    "poul": ("Poul Lind", "Træning Nord", "politiker"),
}


@dataclass(frozen=True)
class Cast:
    """Everybody, by name; `cast.alma` is Alma as she acts."""

    engine: Engine
    people: dict[str, Actor]

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.people[name]
        except KeyError as missing:
            raise AttributeError(name) from missing


def gather(engine: Engine, on: date = TODAY) -> Cast:
    """Create municipalities, units and people in an empty database; both municipalities are in practice."""
    with writing(engine) as session:
        units = _units(session)
        ids = {name: _person(session, name, units) for name in PEOPLE}
        session.commit()
    for municipality_id in {unit.municipality_id for unit in units.values()}:
        with writing(engine) as session:
            governance.change_phase(
                session,
                municipality_id,
                "oevelse",
                legal_basis="",
                approved_by="",
                valid_from=LONG_AGO.date(),
                now=LONG_AGO,
                by=None,
            )
    with reading(engine) as session:
        cast = Cast(engine, {name: actor_of(session, person_id, on) for name, person_id in ids.items()})
    for actor in cast.people.values():
        acknowledges(engine, actor)
    return cast


def acknowledges(engine: Engine, by: Actor, at: datetime = LONG_AGO) -> None:
    """Somebody reads the rules of access and answers the questions on them; it holds for a year."""
    right = {question.code: question.right for question in declared().questions}
    with writing(engine) as session:
        access_rules.acknowledge(session, right, confirmed=True, now=at, by=by)


def unit_named(session: Session, name: str) -> Unit:
    """A unit of the cast."""
    return session.exec(select(Unit).where(Unit.name == name)).one()


def _units(session: Session) -> dict[str, Unit]:
    units = {}
    for code, (name, unit_names) in UNITS.items():
        municipality = Municipality(code=code, name=name)
        session.add(municipality)
        log.append(session, Event.MUNICIPALITY_ADDED, at=LONG_AGO, by=None, municipality=code)
        for unit_name in unit_names:
            unit = units[unit_name] = Unit(municipality_id=municipality.id, name=unit_name)
            session.add(unit)
            log.append(
                session, Event.UNIT_ADDED, at=LONG_AGO, by=None, unit_id=unit.id,
                municipality_id=municipality.id,
            )  # fmt: skip
    session.flush()
    return units


def _person(session: Session, username: str, units: dict[str, Unit]) -> str:
    display_name, unit_name, role = PEOPLE[username]
    person = Person(username=username, display_name=display_name, created_at=LONG_AGO)
    session.add(person)
    log.append(session, Event.PERSON_ADDED, at=LONG_AGO, by=None, person=person.id)
    session.flush()
    row = Membership(
        at=LONG_AGO, person_id=person.id, unit_id=units[unit_name].id, role=role, valid_from=LONG_AGO.date()
    )
    log.append(session, Event.MEMBERSHIP_STARTED, at=LONG_AGO, by=None, row=row)
    return person.id


def passes_quiz(engine: Engine, by: Actor, at: datetime = NOW) -> None:
    """Somebody answers the quiz on the limits of the evidence rightly, with the model that is in use."""
    answers = {question.code: question.right for question in quiz.declared().questions}
    with writing(engine) as session:
        competence.take(session, "genoptraening", answers, now=at, by=by)
