"""The model versions that were made before a citizen said no to be learned from, by name."""

from sqlmodel import Session, col, select

from models.artifact import ArtifactRefused
from service.tables.governance import Admission
from service.workflow.in_force import reference_key, requests_of
from service.workflow.model_in_use.shelf import ModelShelf


def built_on(session: Session, shelf: ModelShelf, citizen_id: str) -> tuple[str, ...]:
    """Every admitted version that holds a case of the citizen's, the newest first.

    A version that cannot be opened any more is in nobody's use, and is not named.
    """
    keys = {reference_key(session, *each) for each in requests_of(session, [citizen_id])[citizen_id]}
    query = select(Admission).order_by(col(Admission.shard).desc(), col(Admission.log_seq).desc())
    admitted = dict.fromkeys((row.version, row.manifest_hash) for row in session.exec(query))
    return tuple(version for version, digest in admitted if _holds(shelf, version, digest, keys))


def _holds(shelf: ModelShelf, version: str, manifest_hash: str, keys: set[str]) -> bool:
    try:
        reference = shelf.suggester(version, manifest_hash).artifact.reference
    except ArtifactRefused:
        return False
    return any(reference.holds(key) for key in keys)
