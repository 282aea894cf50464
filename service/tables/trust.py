"""The citizens' three questions about trust: how many chose each answer in a quarter, and nothing else.

No row is one person's. There is no key to a case, a citizen or a visit, no instant, and no order: all cells
of a quarter are made at once, and each answer writes all of them.
"""

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.tables.base import new_id, one_of

GROUPS = ("evidence", "control", "shown", "not_shown")
"""How the case was decided: the two arms of a trial, and outside one with evidence and without."""


class TrustTally(SQLModel, table=True):
    """How many chose an answer. Mutable: a row for each answer would tell whose it is."""

    __tablename__ = "trust_tallies"
    __table_args__ = (
        UniqueConstraint("municipality_id", "quarter", "arm", "question", "choice"),
        CheckConstraint("chosen >= 0", name="not_negative"),
        one_of("arm", GROUPS),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    municipality_id: str = Field(foreign_key="municipalities.id")
    quarter: str
    arm: str
    question: str
    choice: str
    chosen: int = 0
