"""How far the test for bias lets the model in use be used on a citizen's case."""

from datetime import date

from sqlmodel import Session

from models.artifact import ArtifactRefused
from models.audit import AuditRefused
from service.workflow import governance
from service.workflow.model_in_use.admission import ActiveModel
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import approval, fairness
from service.workflow.registers.book import standing
from service.workflow.registers.fairness import Use

PHASES_OF_USE = ("pilot", "drift")


def of(model: ActiveModel | None, phase: str | None, exceptions: frozenset[str], shelf: ModelShelf) -> Use:
    """Everything in practice, which knows no citizen, and in shadow, which shows nothing; else by the record.

    A record that is gone or cannot be read lets nothing be shown: then nobody knows.
    """
    if model is None or phase not in PHASES_OF_USE:
        return Use.ALL
    try:
        said = shelf.verdict(model.version, model.manifest_hash)
    except AuditRefused:
        return Use.NOTHING
    except ArtifactRefused:
        return Use.ALL  # nothing is shown either way, and the model's own reason is the one to tell
    return fairness.use_of(said, exceptions)


def exceptions_of(session: Session, municipality_id: str, area: str, on: date) -> frozenset[str]:
    """What the municipality has made an exception from, for the model in use."""
    model = governance.active_model(session, area)
    if model is None:
        return frozenset()
    return fairness.excepted(standing(session, municipality_id, approval.KIND), model.version, on)
