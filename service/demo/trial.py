"""The demo's trial: for eight weeks a share of Fjordby's cases was decided without evidence."""

from datetime import datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from service.clock import local_date
from service.database import reading, writing
from service.demo import town
from service.tables.organisation import Unit
from service.workflow import trial
from service.workflow.trial import Plan
from service.workflow.trial.planning import sample_size

NAME = "oevelse-efteraar"
UNITS = ("Træning Nord", "Træning Syd")
SHARE, LASTS = 40, timedelta(weeks=8)
"""Far more than the ten percent of operation, so that eight weeks show anything at all."""
EXPECTED = (0.35, 0.5)


def begin(engine: Engine, area: str, now: datetime) -> None:
    """Dan registers the plan and the director starts it, before the first plan of the quarter arrives."""
    dan, dagny = town.actor(engine, "dan", now), town.actor(engine, "dagny", now)
    with reading(engine) as session:
        units = tuple(unit.id for unit in _units(session, dan.municipality_id))
    plan = Plan(
        name=NAME, area=area, units=units, share=SHARE, starts_on=local_date(now),
        ends_on=local_date(now + LASTS), approver="Dagny Ravn, direktør",
        null_option="Så ved vi ikke, om grundlaget hjælper, skader eller er lige meget.",
        expected_with=round(100 * EXPECTED[0]), expected_without=round(100 * EXPECTED[1]),
        cases=sample_size(*EXPECTED, SHARE / 100).cases, margin=10,
    )  # fmt: skip
    with writing(engine) as session:
        trial.register(session, plan, now=now, by=dan)
    with writing(engine) as session:
        trial.start(session, NAME, now=now, by=dagny)


def end(engine: Engine, now: datetime) -> None:
    """Dan looks whether either arm did harm, and opens what it came to."""
    dan = town.actor(engine, "dan", now)
    with writing(engine) as session:
        trial.look_at(session, NAME, now=now, by=dan)
    with writing(engine) as session:
        trial.unseal(
            session, NAME, reason="Vi vil vide, om grundlaget ændrer beslutningerne.", now=now, by=dan
        )


def _units(session: Session, municipality_id: str) -> list[Unit]:
    named = select(Unit).where(Unit.municipality_id == municipality_id, col(Unit.name).in_(UNITS))
    return list(session.exec(named))
