"""Which model version is in use: admissions and rollbacks, one append-only row each, the newest counts."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from service.tables.governance import Admission


@dataclass(frozen=True)
class ActiveModel:
    """The model version in use, the hash its manifest must have, and since when."""

    version: str
    manifest_hash: str
    since: datetime


def active_model(session: Session, area: str) -> ActiveModel | None:
    """The model in use for an area, or None where none has been admitted."""
    rows = history(session, area)
    if not rows:
        return None
    return ActiveModel(version=rows[-1].version, manifest_hash=rows[-1].manifest_hash, since=rows[-1].at)


def history(session: Session, area: str) -> list[Admission]:
    """Every admission and rollback of an area, oldest first."""
    oldest_first = (
        select(Admission).where(Admission.area == area).order_by(col(Admission.at), col(Admission.log_seq))
    )
    return list(session.exec(oldest_first))
