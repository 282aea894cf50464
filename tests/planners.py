"""What whoever plans leaves behind: an offer on the board, and a round of the survey that can be answered."""

from sqlalchemy import Engine

from service.database import writing
from service.identity import Actor
from service.workflow import capacity
from service.workflow.capacity.entries import Entered
from service.workflow.effect import survey
from tests.cast import NOW, TODAY


def a_round_and_a_board(engine: Engine, by: Actor) -> None:
    """Both on the day of the cast, in the unit and the municipality of whoever plans."""
    with writing(engine) as session:
        said = Entered(by.unit_id, "ortopaedisk", TODAY, places=24, free=3, waiting=7, wait_days=5)
        capacity.enter(session, said, now=NOW, by=by)
    with writing(engine) as session:
        survey.open_round(session, opens_on=TODAY, closes_on=TODAY, now=NOW, by=by)
