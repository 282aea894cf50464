"""How often a reference case was shown to a caseworker as a similar case: a number, and not to whom."""

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel


class SimilarShowing(SQLModel, table=True):
    """In how many answers a case was among the similar cases shown, by its key in artifacts.

    Mutable: a row for each showing would tell whose case it was shown in.
    """

    __tablename__ = "similar_showings"
    __table_args__ = (CheckConstraint("times > 0", name="was_shown"),)

    key: str = Field(primary_key=True)
    times: int
