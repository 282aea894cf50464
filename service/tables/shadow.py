"""The seal of shadow results: who asked for it to be broken and why, and who broke it together with them."""

from datetime import date

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from service.tables.base import Logged, one_of, tied_to_log

UNSEALING_KINDS = ("asked", "opened")


class Unsealing(Logged, table=True):
    """A step towards the sealed results of a municipality and a period (both days included).

    `asked` says why, in advance. `opened` names it, is by another person, and is what breaks the seal.
    """

    __tablename__ = "unsealings"
    __table_args__ = (
        UniqueConstraint("opens"),
        one_of("kind", UNSEALING_KINDS),
        *tied_to_log("unsealing"),
    )

    municipality_id: str = Field(foreign_key="municipalities.id", index=True)
    kind: str
    starts_on: date
    ends_on: date
    reason: str
    named: str = Field(foreign_key="people.id")
    opens: str | None = Field(default=None, foreign_key="unsealings.id")
