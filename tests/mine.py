"""What *Mine oplysninger* is tried with: codes, powers of attorney, and what a citizen says is wrong."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from service.database import writing
from service.identity import Actor
from service.tables.citizen import FactReport, FactReportAnswer, Representation
from service.tables.intake import Case
from service.workflow.citizen_page import codes, reports, representation
from service.workflow.citizen_page.speaker import PHONE, Speaker
from tests.cast import NOW, PEPPER

RESTRICTION = "restriktion"
"""A fact of the usual plan: no restriction."""


def a_code(
    engine: Engine, case: Case, by: Actor, *, now: datetime = NOW, key: bytes = PEPPER, **said: Any
) -> str:
    """A one-time code, as it is printed."""
    with writing(engine) as session:
        return codes.issue(session, case.id, key=key, now=now, by=by, **said)


def redeemed(engine: Engine, code: str, *, now: datetime = NOW, address: str = "192.0.2.1") -> codes.Opened:
    """What a code opens."""
    return codes.redeem(engine, code, key=PEPPER, address=address, now=now)


def a_power(engine: Engine, case: Case, by: Actor, **changes: Any) -> Representation:
    """Bo acts for Agnes in June and July."""
    said: dict[str, Any] = {
        "name": "Bo Prøve", "document": "Journal 2026-17", "valid_from": date(2026, 6, 1),
        "valid_to": date(2026, 7, 31), "now": NOW, **changes,
    }  # fmt: skip
    with writing(engine) as session:
        return representation.record(session, case.id, by=by, **said)


def a_report(
    engine: Engine,
    case: Case,
    question: str = RESTRICTION,
    note: str = "Jeg må ikke bøje.",
    **said: Any,
) -> FactReport:
    """The citizen says on her own page that a fact is wrong."""
    usual: dict[str, Any] = {"speaker": Speaker(), "by": None, "now": NOW}
    with writing(engine) as session:
        return reports.report_wrong(session, case.id, question, note=note, **{**usual, **said})


def by_phone(by: Actor) -> dict[str, Any]:
    """The same by phone, read back."""
    return {"speaker": Speaker(channel=PHONE), "by": by, "read_back": True}


def looked_at(engine: Engine, report: FactReport, by: Actor, **changes: Any) -> FactReportAnswer:
    """A caseworker has looked, and lets the fact stand."""
    said = {"outcome": "kept", "note": "Det står sådan i planen.", "now": NOW, **changes}
    with writing(engine) as session:
        return reports.answer_report(session, report.case_id, report.id, by=by, **said)
