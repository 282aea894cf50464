"""How every reported course of a municipality went, some at a time: a million take no more than a few."""

from collections.abc import Iterator

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.record import Outcome
from service.database import reading
from service.tables.delivery import DeliveryReport, ReportedResource
from service.workflow.delivery.courses import outcome_of

AT_A_TIME = 400


def outcomes(engine: Engine, municipality_id: str) -> Iterator[tuple[str, Outcome]]:
    """Request id and outcome, in the order of the ids, of every course that has begun or ended.

    Each part is a reading transaction of its own, so that nobody waits to write until all of it is written.
    """
    last = ""
    while True:
        with reading(engine) as session:
            ids = _after(session, municipality_id, last)
            found = outcome_of(session, ids, municipality_id=municipality_id)
        for request_id in ids:
            outcome = found.get(request_id, Outcome())
            if outcome.status is not None or outcome.started is not None:
                yield request_id, outcome
        if len(ids) < AT_A_TIME:
            return
        last = ids[-1]


def _after(session: Session, municipality_id: str, last: str) -> list[str]:
    """The next request ids that are reported about."""
    statement = (
        select(ReportedResource.request_id)
        .join(DeliveryReport, col(DeliveryReport.id) == col(ReportedResource.report_id))
        .where(DeliveryReport.municipality_id == municipality_id, ReportedResource.request_id > last)
        .distinct()
        .order_by(ReportedResource.request_id)
        .limit(AT_A_TIME)
    )
    return list(session.exec(statement))
