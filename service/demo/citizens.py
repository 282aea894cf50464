"""A few invented citizens who have read their page: one waits for a look, one has had it, one has help."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import Engine

from service.clock import local_date
from service.database import reading, writing
from service.demo.planned_cases import planned_cases
from service.identity import Actor
from service.workflow.citizen_page import opening, reports, representation
from service.workflow.citizen_page.speaker import PHONE, Speaker
from service.workflow.effect import trust

FACT = "ganghjaelpemiddel"
WAITS = "Jeg bruger kun stok, når jeg er ude."
LOOKED_AT = "Jeg går uden noget hjemme."
KEPT = "Hospitalet så dig gå med det, og det gælder også ude. Vi har talt om det i telefonen."
HELPER = "Inger Prøve"
DOCUMENT = "Fuldmagt i journalen, dokument 4"
SKIPPED = 5
"""The newest cases are left to those who use their rights."""
ANSWERING = 60
SAY_YES = {"forstod": 0.7, "hoert": 0.6, "tillid": 0.65}
"""How many answer the three questions, and how readily each with yes. Assumptions, and no finding."""


def read_their_pages(engine: Engine, by: Actor, now: datetime) -> int:
    """Let citizens of planned cases in a unit read their pages and speak up; gives how many did."""
    with reading(engine) as session:
        cases = planned_cases(session, by.unit_id, most=3, skipped=SKIPPED)
    for case_id, play in zip(cases, (_waits, _was_looked_at, _is_helped), strict=False):
        play(engine, case_id, by, now)
    _say_what_they_think(engine, by, now)
    return len(cases)


def _say_what_they_think(engine: Engine, by: Actor, now: datetime) -> None:
    chance = Random("trust")  # noqa: S311 - a simulation, repeatable by its seed
    with reading(engine) as session:
        cases = planned_cases(session, by.unit_id, most=ANSWERING)
    for case_id in cases:
        answers = {
            code: "ja" if chance.random() < share else chance.choice(("delvis", "nej"))
            for code, share in SAY_YES.items()
        }
        with writing(engine) as session:
            trust.answer(session, case_id, answers, now=now)


def _waits(engine: Engine, case_id: str, by: Actor, now: datetime) -> None:
    opening.opened_by_citizen(engine, case_id, Speaker(), now=now)
    with writing(engine) as session:
        reports.report_wrong(session, case_id, FACT, note=WAITS, speaker=Speaker(), now=now, by=None)


def _was_looked_at(engine: Engine, case_id: str, by: Actor, now: datetime) -> None:
    phone = Speaker(channel=PHONE)
    opening.opened_on_behalf(engine, case_id, phone, now=now, by=by)
    with writing(engine) as session:
        report = reports.report_wrong(
            session, case_id, FACT, note=LOOKED_AT, speaker=phone, now=now, by=by, read_back=True
        )
    with writing(engine) as session:
        reports.answer_report(session, case_id, report.id, outcome=reports.KEPT, note=KEPT, now=now, by=by)


def _is_helped(engine: Engine, case_id: str, by: Actor, now: datetime) -> None:
    today = local_date(now)
    with writing(engine) as session:
        representation.record(
            session, case_id, name=HELPER, document=DOCUMENT, valid_from=today - timedelta(days=10),
            valid_to=today + timedelta(days=180), now=now, by=by,
        )  # fmt: skip
