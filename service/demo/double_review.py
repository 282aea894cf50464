"""The demo's skønsprøve: Tove has drawn two quarters, and her caseworkers have judged most of it again."""

from datetime import datetime
from random import Random

from sqlalchemy import Engine
from sqlmodel import select

from models import areas
from service import log
from service.database import reading, writing
from service.demo import town
from service.errors import Refused
from service.identity import Actor
from service.log import Event
from service.tables.assessment import Assessment
from service.tables.double_review import ReviewDraw
from service.workflow import double_review
from service.workflow.double_review.blind import PURPOSE

LEAD, UNIT = "tove", "Træning Nord"
ALIKE = 0.85
"""How often a colleague judges as the first one did."""
LEFT_WAITING = 4


def play(engine: Engine, area: str, now: datetime) -> int:
    """Draw this quarter and the one before, and judge all but the last few; gives how many were judged."""
    lead = town.actor(engine, LEAD, now)
    with reading(engine) as session:
        newest = double_review.newest_quarter(session, now, lead)
    for quarter in (newest.before, newest):
        try:
            double_review.draw(engine, quarter.code, now=now, by=lead)
        except Refused:  # nothing was decided then
            continue
    waiting = _waiting(engine)
    staff = town.caseworkers(engine, UNIT, now)
    return sum(_judge(engine, area, draw_id, staff, now) for draw_id in waiting[:-LEFT_WAITING])


def _waiting(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return sorted(session.exec(select(ReviewDraw.id)))


def _judge(engine: Engine, area: str, draw_id: str, staff: list[Actor], now: datetime) -> bool:
    """Let the first colleague who may judge a case again; whoever begins is drawn for each case."""
    chance = Random(draw_id)  # noqa: S311 - a simulation
    for by in chance.sample(staff, len(staff)):
        with reading(engine) as session:
            if draw_id not in {drawn.id for drawn in double_review.queue(session, by)}:
                continue
            drawn = session.get_one(ReviewDraw, draw_id)
            first, case_id = session.get_one(Assessment, drawn.assessment_id).choice, drawn.case_id
        others = [level for level in areas.get(area).level_codes if level != first]
        choice = first if chance.random() < ALIKE else chance.choice(others)
        with writing(engine) as session:
            log.append(session, Event.CASE_OPENED, at=now, by=by, case_id=case_id, purpose=PURPOSE)
            session.commit()
        with writing(engine) as session:
            double_review.judge(session, draw_id, choice, now=now, by=by)
        return True
    return False
