"""The layer of the access log that names who looked: asked for by one, opened by another."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from service.tables.base import Instant, Logged, one_of, tied_to_log

LAYER_KINDS = ("asked", "opened")
LAYER_PURPOSES = ("klage", "indsigt", "mistanke", "sikkerhed")
LAYER_ROLES = ("dpo", "tilsyn")
"""Data protection officer and security: one of them asks, and one of the other role opens."""


class LayerOpening(Logged, table=True):
    """One half of opening the names of who looked at one case; `opens` names the question it answers.

    Who asked and who opened, with the roles they did it in. `open_until` is null until it is opened.
    """

    __tablename__ = "layer_openings"
    __table_args__ = (
        UniqueConstraint("opens"),
        one_of("kind", LAYER_KINDS),
        one_of("purpose", LAYER_PURPOSES),
        one_of("role", LAYER_ROLES),
        CheckConstraint(
            "(kind = 'opened') = (opens IS NOT NULL) AND (kind = 'opened') = (open_until IS NOT NULL)",
            name="opened_answers_a_question",
        ),
        *tied_to_log("layer_opening"),
    )

    case_id: str = Field(foreign_key="cases.id", index=True)
    kind: str
    purpose: str
    named: str = Field(foreign_key="people.id")
    role: str
    opens: str | None = Field(default=None, foreign_key="layer_openings.id")
    open_until: datetime | None = Field(default=None, sa_type=Instant)
