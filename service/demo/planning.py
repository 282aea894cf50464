"""What the demo's planners and caseworkers say: places and waiting by offer, and the survey's rounds."""

from datetime import date, datetime, timedelta
from random import Random

from sqlalchemy import Engine

from service.clock import local_date
from service.database import reading, writing
from service.demo import town
from service.identity import Actor
from service.tables.survey import SurveyRound
from service.workflow import capacity
from service.workflow.capacity.entries import Entered
from service.workflow.effect import survey
from service.workflow.effect.questions import QUESTIONS

FORTNIGHT = timedelta(days=14)
REPORTING = ("Træning Nord", "Træning Syd")
BOARD = {
    "ortopaedisk": (32, 4, 9, 5),
    "neurologisk": (14, 1, 6, 9),
    "medicinsk": (20, 5, 3, 3),
    "kraeft": (8, 2, 1, 4),
    "haand": (6, 0, 4, 11),
}
"""By offer: places, of them free, people waiting, days to the next possible start. Invented."""
AGREES = {1: (0.35, 0.3, 0.8, 0.5, 0.55, 0.6), 2: (0.55, 0.5, 0.75, 0.5, 0.65, 0.55)}
"""By round, how readily each statement is agreed with. Assumptions of the demo, and no finding."""


def open_rounds(engine: Engine, first_day: datetime, last_day: date) -> None:
    """Two rounds that will be over, at the beginning and shortly before the end, and one still open."""
    tove, begins = town.actor(engine, "tove", first_day), local_date(first_day)
    for opens in (begins, last_day - 2 * FORTNIGHT, last_day - timedelta(days=2)):
        closes = opens + FORTNIGHT - timedelta(days=1)
        with writing(engine) as session:
            survey.open_round(session, opens_on=opens, closes_on=closes, now=first_day, by=tove)


def fill(engine: Engine, now: datetime) -> None:
    """The board of both units, and the answers to the rounds that are over."""
    tove = town.actor(engine, "tove", now)
    with writing(engine) as session:
        units = capacity.units_of(session, tove.municipality_id)
        for unit in REPORTING:
            for offer, (places, free, waiting, wait_days) in BOARD.items():
                said = Entered(units[unit], offer, local_date(now), places, free, waiting, wait_days)
                capacity.write(session, said, recorded_by="Tove Dam, teamleder", now=now, by=tove)
        session.commit()
    with reading(engine) as session:
        rounds = survey.rounds(session, tove.municipality_id)
    people = [each for unit in REPORTING for each in town.caseworkers(engine, unit, now)]
    for number, found in enumerate(rounds[:2], start=1):
        for person in people:
            _answer(engine, found, number, person, now)


def _answer(engine: Engine, found: SurveyRound, number: int, person: Actor, now: datetime) -> None:
    """One caseworker's answers, on the first day of the round."""
    chance = Random(f"{number}:{person.username}")  # noqa: S311 - a simulation, repeatable by its seed
    answers = {
        each.code: chance.choice(("helt_enig", "enig"))
        if chance.random() < share
        else chance.choice(("hverken", "uenig", "helt_uenig"))
        for each, share in zip(QUESTIONS, AGREES[number], strict=True)
    }
    on_the_day = now + (found.opens_on - local_date(now))
    with writing(engine) as session:
        survey.answer(session, found.id, answers, now=on_the_day, by=person)
