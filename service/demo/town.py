"""The demo's municipalities, units and people, and how their evidence is governed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, select

from service.database import reading, writing
from service.identity import Actor, actor_of
from service.tables.organisation import Municipality, Person
from service.workflow import access_rules, governance, staff
from service.workflow.access_rules.rules import declared

PASSWORD = "skoen-demo"  # noqa: S105 - a demo with invented citizens; printed for whoever starts it

MUNICIPALITIES = {"0999": "Fjordby Kommune", "0998": "Skovby Kommune"}
UNITS = {
    "Træning Nord": ("0999", "overblik"),
    "Træning Syd": ("0999", "forslag"),
    "Træning Skovby": ("0998", "overblik"),
}


@dataclass(frozen=True)
class Member:
    """Somebody of the cast. `presented` says whether she is named on the sign-in page."""

    username: str
    display_name: str
    unit: str
    role: str
    title: str
    presented: bool = True


CAST = (
    Member("alma", "Alma Holm", "Træning Nord", "visitator", "Visitator, Træning Nord"),
    Member("bent", "Bent Krogh", "Træning Nord", "visitator", "Visitator, samme team som Alma"),
    Member("freja", "Freja Lund", "Træning Syd", "visitator", "Visitator, Træning Syd (viser overskrift)"),
    Member("carla", "Carla Bech", "Træning Skovby", "visitator", "Visitator i en anden kommune"),
    Member("tove", "Tove Dam", "Træning Nord", "teamleder", "Teamleder, Træning Nord"),
    Member("dan", "Dan Vang", "Træning Nord", "datamedarbejder", "Datamedarbejder"),
    Member("dorte", "Dorte Juhl", "Træning Nord", "tilsyn", "Tilsyn"),
    Member("ada", "Ada Friis", "Træning Nord", "administrator", "Administrator"),
    Member("dagny", "Dagny Ravn", "Træning Nord", "direktoer", "Direktør"),
    Member("vera", "Vera Kold", "Træning Nord", "dpo", "Databeskyttelsesrådgiver"),
    Member("poul", "Poul Lind", "Træning Nord", "politiker", "Medlem af udvalget"),
    Member("ebbe", "Ebbe Skov", "Træning Nord", "visitator", "Visitator", presented=False),
    Member("gorm", "Gorm Riis", "Træning Syd", "visitator", "Visitator", presented=False),
    Member("hanne", "Hanne Bo", "Træning Syd", "visitator", "Visitator", presented=False),
)

WITHOUT_QUIZ = "hanne"
"""Has not passed the quiz on the limits of the evidence, so she is shown no headline."""


def build(engine: Engine, now: datetime) -> None:
    """Set up municipalities, units, people and the phase `oevelse` in an empty database."""
    with writing(engine) as session:
        ids = {
            code: staff.add_municipality(session, code, name, now=now).id
            for code, name in MUNICIPALITIES.items()
        }
    with writing(engine) as session:
        units = {
            name: staff.add_unit(session, ids[code], name, now=now).id for name, (code, _) in UNITS.items()
        }
    for member in CAST:
        _join(engine, member, units[member.unit], now)
    for municipality_id in ids.values():
        with writing(engine) as session:
            governance.change_phase(
                session, municipality_id, "oevelse", legal_basis="", approved_by="", valid_from=now.date(),
                now=now, by=None,
            )  # fmt: skip
    ada = actor(engine, "ada", now)
    for name, (_, mode) in UNITS.items():
        if mode != governance.DEFAULT_MODE:
            with writing(engine) as session:
                governance.set_mode(session, units[name], mode, now=now, by=ada)


def actor(engine: Engine, username: str, now: datetime) -> Actor:
    """Somebody of the cast as she acts."""
    with reading(engine) as session:
        return actor_of(session, staff.find_person(session, username).id, now.date())


def caseworkers(engine: Engine, unit: str, now: datetime) -> list[Actor]:
    """The caseworkers of a unit, in the order of the cast."""
    names = [member.username for member in CAST if member.unit == unit and member.role == "visitator"]
    return [actor(engine, name, now) for name in names]


def is_built(session: Session) -> bool:
    """Whether the demo's municipalities stand in this database."""
    codes = set(session.exec(select(Municipality.code)).all())
    return codes >= set(MUNICIPALITIES)


def _join(engine: Engine, member: Member, unit_id: str, now: datetime) -> None:
    with writing(engine) as session:
        person: Person = staff.add_person(session, member.username, member.display_name, now=now)
    with writing(engine) as session:
        staff.set_password(session, person.id, PASSWORD, now=now)
    with writing(engine) as session:
        staff.grant(session, person.id, unit_id, member.role, valid_from=now.date(), now=now, by=None)
    right = {question.code: question.right for question in declared().questions}
    by = actor(engine, member.username, now)
    with writing(engine) as session:
        access_rules.acknowledge(session, right, confirmed=True, now=now, by=by)
