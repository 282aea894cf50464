"""The demonstration's citizens have read their pages, and there is something to look at."""

from datetime import timedelta

from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.demo import citizens
from service.tables.citizen import FactReportAnswer, Representation
from service.workflow.caseload import TEAM, inbox
from tests.cast import NOW, TODAY, Cast
from tests.quarter import decide_case


def test_one_waits_for_a_look_one_has_had_it_and_one_is_helped(admitted: Engine, cast: Cast) -> None:
    for number in range(citizens.SKIPPED + 3):
        decide_case(admitted, cast.alma, number)
    assert citizens.read_their_pages(admitted, cast.alma, NOW + timedelta(days=9)) == 3
    with reading(admitted) as session:
        rows = inbox(session, cast.alma, whose=TEAM, search=None, today=TODAY)
        looked = session.exec(select(FactReportAnswer)).all()
        helped = session.exec(select(Representation)).all()
    assert [row.waits_for_a_look for row in rows].count(True) == len(looked) == len(helped) == 1


def test_a_town_without_decisions_has_nobody(admitted: Engine, cast: Cast) -> None:
    assert citizens.read_their_pages(admitted, cast.alma, NOW) == 0
