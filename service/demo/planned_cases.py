"""Cases of the demonstration in which nobody waits for anything: citizens have time to ask and to read."""

from sqlmodel import Session, col, select

from service.tables.decision import Decision, Planning
from service.tables.intake import Case


def planned_cases(session: Session, unit_id: str, most: int, skipped: int = 0) -> list[str]:
    """Planned cases of a unit, the newest first but for those skipped."""
    query = (
        select(Case.id, Case.serial)
        .join(Decision, col(Decision.case_id) == Case.id)
        .join(Planning, col(Planning.decision_id) == Decision.id)
        .where(Case.unit_id == unit_id, Case.citizen_id != "")
        .order_by(col(Case.serial).desc())
        .distinct()
        .offset(skipped)
        .limit(most)
    )
    return [case_id for case_id, _ in session.exec(query)]
