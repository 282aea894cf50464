"""What planners say about the offers: places and waiting. Nothing that judges a case can import it."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from service.tables.base import Logged, tied_to_log


class CapacityEntry(Logged, table=True):
    """How an offer stood on a day, as it was entered; of one unit and offer the newest row counts.

    `offer` is a code of the area's teams. `wait_days` is how many days there were to the next possible start.
    """

    __tablename__ = "capacity_entries"
    __table_args__ = (
        CheckConstraint("free >= 0 AND free <= places", name="free_within_places"),
        CheckConstraint("waiting >= 0 AND wait_days >= 0", name="not_negative"),
        *tied_to_log("capacity"),
    )

    unit_id: str = Field(foreign_key="units.id", index=True)
    offer: str
    counted_on: date
    places: int
    free: int
    waiting: int
    wait_days: int
    recorded_by: str
