"""One case from arrival to planning, as the stories that need many of them do it."""

from datetime import UTC, datetime

from sqlalchemy import Engine

from service.database import writing
from service.identity import Actor
from service.workflow import decision, suggestion
from tests.builders import a_case, a_judgement
from tests.cast import UNITS
from tests.shelves import FixedShelf

DAY = datetime(2026, 6, 30, 8, 0, tzinfo=UTC)


def one_case(engine: Engine, by: Actor, key: str, level: str) -> None:
    """Receive, judge, answer, decide and plan one case in the caseworker's own unit."""
    municipality = next(code for code, (name, _) in UNITS.items() if name == by.municipality_name)
    case = a_case(engine, now=DAY, request_id=key, municipality_code=municipality, unit_name=by.unit_name)
    own = a_judgement(engine, case, by, now=DAY, key=key, choice=level)
    suggestion.answer(
        engine,
        own.id,
        shelf=FixedShelf(),
        render=lambda payload, mode: mode,
        template_version="t/1",
        now=DAY,
        by=by,
    )
    with writing(engine) as session:
        decision.decide(
            session, case.id, choice="avanceret", reason_code="funktion_nu", key=key, now=DAY, by=by
        )
    with writing(engine) as session:
        decision.plan(
            session,
            case.id,
            forms=("gruppe",),
            team="ortopaedisk",
            place="center",
            start_status="inden_frist",
            first_date=case.due_on,
            now=DAY,
            by=by,
        )
