"""Tasks of quality that caseworkers open by saying that the evidence is against professional knowledge.

A task names the version of the model and nothing else: no case, no unit, no person and no count. Nothing
follows from it for an employee. A dilemma about that version, entered after the newest such decision, closes
it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import case
from sqlmodel import Session, col, func, or_, select

from models import areas
from models.declaration import Area
from service.tables.decision import Decision
from service.tables.governance import RegisterEntry
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow.registers.tasks import Task, Trigger

CLOSES = "dilemma"
SYSTEM = "system:skoen"
"""What a task is about where nothing was shown: then it is the practice that is doubted."""


def quality_tasks(
    session: Session, municipality_id: str, entries: Iterable[RegisterEntry]
) -> tuple[Task, ...]:
    """What is open in a municipality, by version; `entries` are those that stand in its registers."""
    weighed = [entry for entry in entries if entry.kind == CLOSES]
    said = [
        (area, each)
        for area in map(areas.get, areas.names())
        for each in _said(session, municipality_id, area)
    ]
    return tuple(_open(said, _newest(weighed)))


def _said(session: Session, municipality_id: str, area: Area) -> Sequence[tuple[str | None, datetime]]:
    """By version, the newest decision that says so; no row for an area without such a reason."""
    if not area.against_knowledge:
        return ()
    reasons = (Decision.reason_code, Decision.second_reason_code)
    shown = case((col(Suggestion.outcome) == "shown", col(Suggestion.model_version)), else_=None)
    found = (
        select(shown, func.max(Decision.at))
        .join(Suggestion, col(Suggestion.id) == Decision.suggestion_id)
        .join(Case, col(Case.id) == Decision.case_id)
        .where(Case.municipality_id == municipality_id, Case.area == area.name)
        .where(or_(*(col(reason) == area.against_knowledge for reason in reasons)))
        .group_by(shown)
        .order_by(shown)
    )
    return session.exec(found).all()


def _newest(weighed: Iterable[RegisterEntry]) -> dict[str, datetime]:
    newest: dict[str, datetime] = {}
    for entry in weighed:
        newest[entry.subject] = max(entry.at, newest.get(entry.subject, entry.at))
    return newest


def _open(
    said: Iterable[tuple[Area, tuple[str | None, datetime]]], weighed: Mapping[str, datetime]
) -> Iterator[Task]:
    for area, (version, at) in said:
        subject = f"model:{version}" if version else SYSTEM
        closed_at = weighed.get(subject)
        if closed_at is None or closed_at < at:
            about = f"modelversion {version}" if version else f"praksis i {area.label.lower()}"
            yield Task(Trigger.MODEL, f"Sagt imod med faglig viden: {about}", CLOSES, subject)
