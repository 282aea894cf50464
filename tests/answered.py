"""A case whose judgement has its answer: where the pages after the judgement begin."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, func, select

from service import log
from service.database import reading, writing
from service.identity import Actor
from service.log import Event
from service.tables.base import Logged
from service.tables.decision import Decision
from service.tables.exploration import Exploration
from service.tables.governance import Phase
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.tables.suggestion import Suggestion
from service.web.suggestion.basis import TEMPLATE_VERSION, render_basis
from service.web.suggestion.exploring_view import TEMPLATE_VERSION as EXPLORED
from service.web.suggestion.exploring_view import render_exploration
from service.workflow import decision, governance, suggestion
from service.workflow.suggestion import exploration
from tests.builders import a_case, a_judgement, an_admission
from tests.cast import LONG_AGO, NOW, Cast
from tests.shelves import FixedShelf


def an_answered_case(
    engine: Engine, cast: Cast, *, shelf: FixedShelf | None = None, number: int = 1, **judgement: Any
) -> Case:
    """Alma's judgement on a new case, answered; the first case brings the admission of a model."""
    if number == 1:
        an_admission(engine, cast.dan)
    case = a_case(engine, request_id=f"request-{number}")
    own = a_judgement(engine, case, cast.alma, key=f"judgement-{number}", **judgement)
    answer(engine, own.id, cast.alma, shelf)
    return case


def answer(engine: Engine, assessment_id: str, by: Actor, shelf: FixedShelf | None = None) -> Suggestion:
    """The answer to a judgement, rendered as the page shows it."""
    return suggestion.answer(
        engine,
        assessment_id,
        shelf=shelf or FixedShelf(),  # type: ignore[arg-type]
        render=render_basis,
        template_version=TEMPLATE_VERSION,
        now=NOW,
        by=by,
    )


def an_exploration(
    engine: Engine, case: Case, by: Actor, changed: Mapping[str, Any], shelf: FixedShelf | None = None
) -> Exploration:
    """Other facts tried on an answered case, rendered as the page shows it."""
    return exploration.explore(
        engine, case.id, changed, shelf=shelf or FixedShelf(),  # type: ignore[arg-type]
        render=render_exploration, template_version=EXPLORED, now=NOW, by=by,
    )  # fmt: skip


def a_decision(engine: Engine, case: Case, by: Actor, **said: Any) -> Decision:
    """A decision on an answered case."""
    usual = {"choice": "avanceret", "reason_code": "funktion_nu", "key": f"decision-{case.serial}"}
    with writing(engine) as session:
        return decision.decide(session, case.id, now=NOW, by=by, **{**usual, **said})


def an_operation_without_basis(engine: Engine, cast: Cast) -> None:
    """The municipality is in operation, and nobody has recorded by what right."""
    row = Phase(
        at=NOW, municipality_id=cast.alma.municipality_id, phase="drift", legal_basis="", approved_by="",
        valid_from=NOW.date(),
    )  # fmt: skip
    with writing(engine) as session:
        log.append(session, Event.PHASE_CHANGED, at=NOW, by=None, row=row)
        session.commit()


def rows(engine: Engine, table: type[Logged] | type[LogEntry]) -> int:
    """How many rows a table has."""

    def count(session: Session) -> int:
        return session.exec(select(func.count()).select_from(table)).one()

    with reading(engine) as session:
        return count(session)


def into_shadow(engine: Engine, cast: Cast) -> None:
    """Fjordby is in the phase in which everything is computed and nothing shown."""
    with writing(engine) as session:
        governance.change_phase(
            session, cast.alma.municipality_id, "skygge", legal_basis="Sundhedsloven § 140",
            approved_by="Ida Vest, direktør", valid_from=LONG_AGO.date(),
            now=LONG_AGO + timedelta(days=1), by=None,
        )  # fmt: skip
