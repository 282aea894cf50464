"""How often practice and evidence differed in the last whole quarter, as far as everybody may know."""

from datetime import datetime

from sqlmodel import Session, select

from models.declaration import Area
from service.clock import local_date
from service.tables.organisation import Unit
from service.workflow.statistics import queries
from service.workflow.statistics.periods import Period, quarter_of
from service.workflow.statistics.practice import practice
from service.workflow.statistics.shares import Share


def last_whole_quarter(now: datetime) -> Period:
    """The quarter before the one that an instant lies in."""
    return quarter_of(local_date(now)).before


def differing(session: Session, municipality_id: str, area: Area, period: Period) -> Share:
    """How many of a municipality's decisions were another than most similar cases; hidden where few.

    One number for all units and case types together, released by the same rules as the page of statistics.
    """
    units = tuple(session.exec(select(Unit.id).where(Unit.municipality_id == municipality_id)))
    rows = queries.decided_rows(session, units, area, period.start, period.end)
    return practice(rows, period).override
