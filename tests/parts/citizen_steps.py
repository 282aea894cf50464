"""One row of every step of *Mine oplysninger*, for `tests.parts.steps`."""

from datetime import datetime
from typing import Any, Protocol

from sqlmodel import Session

from service.log import Event
from service.tables.base import Logged
from service.tables.citizen import CitizenCode, CitizenCodeUse, FactReport, FactReportAnswer, Representation
from tests.cast import Cast


class Put(Protocol):
    """Writes a row with its entry."""

    def __call__(self, session: Session, event: Event, row: Logged, *by: Any, **personal: Any) -> Any:
        """Write it."""
        ...


def citizen_page_steps(
    session: Session, cast: Cast, before: dict[str, Logged], put: Put, at: datetime
) -> dict[str, Logged]:
    """The rows by step."""
    alma, case_id = cast.alma, before["received"].id
    power = Representation(at=at, case_id=case_id, recorded_by=alma.person_id)
    put(session, Event.REPRESENTATION_RECORDED, power, alma, name="Bo Ærø", document="Fuldmagt 1")
    code = CitizenCode(
        at=at, case_id=case_id, issued_by=alma.person_id, representation_id=power.id, lookup="0" * 64,
        expires_at=at,
    )  # fmt: skip
    put(session, Event.CITIZEN_CODE_ISSUED, code, alma)
    use = CitizenCodeUse(at=at, case_id=case_id, code_id=code.id)
    put(session, Event.CITIZEN_CODE_USED, use)
    report = FactReport(
        at=at, case_id=case_id, facts_id=before["facts"].id, channel="phone", speaker="representative",
        representation_id=power.id, recorded_by=alma.person_id,
    )  # fmt: skip
    put(session, Event.FACT_REPORTED, report, alma)
    looked = FactReportAnswer(
        at=at, case_id=case_id, report_id=report.id, facts_id=before["facts"].id, answered_by=alma.person_id,
        outcome="kept",
    )  # fmt: skip
    put(session, Event.FACT_REPORT_ANSWERED, looked, alma, text="Det står sådan i planen.")
    return {
        "representation": power, "citizen_code": code, "citizen_code_use": use, "fact_report": report,
        "fact_report_answer": looked,
    }  # fmt: skip
