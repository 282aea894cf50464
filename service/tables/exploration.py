"""What somebody tried on one case after her judgement: other facts than the case has. Never part of it."""

from sqlalchemy import ForeignKeyConstraint
from sqlmodel import Field

from service.tables.base import CaseStep, tied_to_log


class Exploration(CaseStep, table=True):
    """One question "what if", and what was answered; what was changed and what came of it is sealed.

    It belongs to what was shown (`suggestion_id`), with the same version of the model. Nothing else in the
    house reads it: no decision, label, export or figure rests on it.
    """

    __tablename__ = "explorations"
    __table_args__ = (
        ForeignKeyConstraint(["case_id", "suggestion_id"], ["suggestions.case_id", "suggestions.id"]),
        *tied_to_log("exploration"),
    )

    case_id: str = Field(foreign_key="cases.id", index=True)
    suggestion_id: str = Field(index=True)
    explored_by: str = Field(foreign_key="people.id")
    model_version: str
    manifest_hash: str
    template_version: str
    payload_hash: str
