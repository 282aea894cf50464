"""Who has read the rules of access and said so, and who opened access in an emergency without."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from service.tables.base import Logged, one_of, tied_to_log

ACKNOWLEDGEMENT_KINDS = ("acknowledged", "emergency")


class Acknowledgement(Logged, table=True):
    """Access to citizens' data until a day: by reading the rules, or in an emergency and with a reason.

    `rules` is the fingerprint of the rules as they were read. `reason` is what somebody says who has no time
    to read them; it is "" otherwise.
    """

    __tablename__ = "acknowledgements"
    __table_args__ = (
        one_of("kind", ACKNOWLEDGEMENT_KINDS),
        CheckConstraint("(kind = 'emergency') = (reason <> '')", name="emergency_has_a_reason"),
        *tied_to_log("acknowledgement"),
    )

    person_id: str = Field(foreign_key="people.id", index=True)
    kind: str
    rules: str
    reason: str = ""
    valid_to: date
