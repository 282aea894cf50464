"""A citizen asked to be erased and is not: the refusal stands in each of her cases, its words sealed."""

from datetime import datetime

from sqlmodel import Session, col, select

from service import log
from service.log import Event
from service.tables.intake import Case
from service.tables.oversight import ErasureRefusal
from service.workflow.erasure import LONGEST_REASON, ErasureRefused
from service.workflow.erasure import grounds as grounds


def refuse_erasure(
    session: Session, citizen_id: str, *, ground: str, reason: str, operator: str, now: datetime
) -> list[ErasureRefusal]:
    """Record the refusal in every case of the citizen and commit; it goes when she is erased after all.

    Raises UnknownGround, and ErasureRefused without a reason or a case to record it in.
    """
    grounds.require(ground, grounds.REFUSALS)
    if not reason.strip() or len(reason) > LONGEST_REASON:
        raise ErasureRefused(f"A reason is needed, of at most {LONGEST_REASON} characters.")
    cases = session.exec(select(Case).where(Case.citizen_id == citizen_id).order_by(col(Case.id))).all()
    if not citizen_id or not cases:
        raise ErasureRefused("There is no case of the citizen's here to record it in.")
    rows = [ErasureRefusal(at=now, case_id=case.id, ground=ground, operator=operator) for case in cases]
    for row in rows:
        log.append(
            session, Event.ERASURE_REFUSED, at=now, by=None, row=row, citizen_id=citizen_id,
            case_id=row.case_id, personal={"text": reason.strip()}, ground=ground,
        )  # fmt: skip
    session.commit()
    return rows
