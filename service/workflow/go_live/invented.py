"""A model of the cases of practice stays in practice: they are invented, whatever it says of itself."""

from datetime import date

from sqlmodel import Session, col, select

from models.artifact import Artifact
from models.export_head import PRACTICE
from service.tables.organisation import Municipality
from service.workflow import governance
from service.workflow.registers.approval import NotReady


def refuse_invented(session: Session, found: Artifact, on: date) -> None:
    """Raise NotReady when a version learned from invented cases and a municipality is beyond practice."""
    if not found.manifest.config.get("phases", {}).get(PRACTICE):
        return
    for place in session.exec(select(Municipality).order_by(col(Municipality.code))):
        phase = governance.phase_of(session, place.id, on)
        if phase not in (None, PRACTICE):
            raise NotReady(
                f"Version {found.manifest.version} har lært af opdigtede sager fra øvelsen, og {place.name}"
                f" er i fasen {phase}. Træn den på en eksport med rigtige sager."
            )
