"""The gate of needless facts: what cannot be seen to matter is used only where somebody answers for it.

It reads what training measured, and computes nothing. Practice with invented citizens is not stopped.
"""

from datetime import date

from sqlmodel import Session, col, select

from models.artifact import Artifact
from models.needless import ProportionUnread, needless_facts
from service.tables.organisation import Municipality
from service.workflow import governance
from service.workflow.registers.approval import NotReady
from service.workflow.registers.book import standing
from service.workflow.registers.kept_facts import KEPT, undecided

NOT_STOPPED = governance.PRACTICE
"""Its citizens are invented."""


def refuse_needless_facts(session: Session, found: Artifact, on: date) -> None:
    """Raise NotReady while a municipality beyond practice has not decided to keep each needless fact."""
    version = found.manifest.version
    try:
        needless = needless_facts(found.evaluation)
    except ProportionUnread as unread:
        raise NotReady(
            f"Det kan ikke læses, hvad hver oplysning giver i version {version}. Træn den igen."
        ) from unread
    for place in session.exec(select(Municipality).order_by(col(Municipality.code))):
        if needless and governance.phase_of(session, place.id, on) not in (None, NOT_STOPPED):
            lacking = undecided(standing(session, place.id), version, needless)
            if lacking:
                raise NotReady(_words(version, place.code, lacking))


def _words(version: str, code: str, lacking: tuple[str, ...]) -> str:
    names = ", ".join(f'"{name}"' for name in lacking)
    return (
        f"Version {version} bruger {len(lacking)} oplysninger, der ikke ses at give noget ud over de andre."
        " Tag dem ud og træn igen (uden --keep og --facts all, eller ud af området), eller behold dem:"
        f" indfør i kommune {code} et dilemma om model:{version} med {KEPT} = [{names}]:"
        " skoen register add dilemma."
    )
