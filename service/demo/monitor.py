"""The monthly look at the model in use, as the invented municipality did it."""

from datetime import datetime

from sqlalchemy import Engine

from models import areas
from service.clock import local_date
from service.database import reading, writing
from service.demo.registers import AREA, BY
from service.identity import Actor
from service.workflow import monitoring
from service.workflow.model_in_use.shelf import ModelShelf


def each_month(engine: Engine, shelf: ModelShelf, by: Actor, now: datetime) -> int:
    """Look at every whole month with a model in use; gives how many."""
    with reading(engine) as session:
        months = monitoring.missed(session, by.municipality_id, AREA, local_date(now))
    for month in months:
        with reading(engine) as session:
            run = monitoring.look(session, shelf, by.municipality_id, areas.get(AREA), month, now=now)
        with writing(engine) as session:
            monitoring.record(session, by.municipality_id, run, recorded_by=BY, now=now, by=by)
    return len(months)
