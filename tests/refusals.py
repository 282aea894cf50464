"""A step in a session of its own, and what a refused one must leave: nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from service.database import reading, writing
from service.workflow.case_file import CaseState, open_file
from tests.rows import rows


def in_session(engine: Engine, step: Callable[[Session], Any]) -> Any:
    """One step in a writing session of its own."""
    with writing(engine) as session:
        return step(session)


def refuses(engine: Engine, error: type[Exception], step: Callable[[Session], Any]) -> None:
    """The step is refused, and no table has a row more or less."""
    before = rows(engine)
    with pytest.raises(error):
        in_session(engine, step)
    assert rows(engine) == before


def state(engine: Engine, case_id: str) -> CaseState:
    """Where a case stands."""
    with reading(engine) as session:
        return open_file(session, case_id).state
