"""The three questions on the citizen's page: offered after the decision, to herself, once in a visit."""

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select

from service.database import reading
from service.tables.intake import Case
from service.tables.log import LogEntry
from service.tables.trust import TrustTally
from service.workflow.effect.trust import ANSWERS, QUESTIONS
from service.workflow.letter.plain import measure
from tests.builders import a_case
from tests.cast import Cast
from tests.mine import a_power
from tests.visits import PAGE, a_case_with_a_letter, a_stranger, enters

PATH = "/borger/tillid"
SAID = {f"svar.{code}": "ja" for code in QUESTIONS}


@pytest.fixture
def case(engine: Engine, cast: Cast) -> Case:
    """A decided case."""
    return a_case_with_a_letter(engine, cast)


def counted(engine: Engine) -> int:
    """How many answers there are to all questions."""
    with reading(engine) as session:
        return sum(session.exec(select(TrustTally.chosen)))


def entries(engine: Engine) -> int:
    """How many entries both logs have."""
    with reading(engine) as session:
        return len(session.exec(select(LogEntry.seq)).all())


@pytest.mark.requirement("F-32")
def test_she_answers_once_in_a_visit_and_the_log_does_not_know(
    app: Flask, engine: Engine, cast: Cast, case: Case
) -> None:
    agnes = a_stranger(app)
    enters(app, engine, agnes, case, cast)
    assert f'href="{PATH}"' in agnes.get(PAGE).text
    before = entries(engine)
    page = agnes.get(PATH).text
    assert " checked" not in page
    assert agnes.post(PATH, {}).status_code == 422
    assert agnes.post(PATH, {"svar.tillid": "meget"}).status_code == 422
    assert counted(engine) == 0
    assert agnes.post(PATH, SAID).location == PATH
    assert "Tak for dit svar" in agnes.get(PATH).text
    assert agnes.post(PATH, SAID).location == PATH
    assert counted(engine) == len(QUESTIONS)
    assert entries(engine) == before


@pytest.mark.parametrize("who", ["undecided", "representative"])
def test_nobody_is_asked_before_the_decision_nor_for_somebody_else(
    app: Flask, engine: Engine, cast: Cast, case: Case, who: str
) -> None:
    visitor = a_stranger(app)
    if who == "undecided":
        enters(app, engine, visitor, a_case(engine, request_id="new"), cast)
    else:
        enters(app, engine, visitor, case, cast, representation_id=a_power(engine, case, cast.alma).id)
    assert PATH not in visitor.get(PAGE).text
    assert visitor.get(PATH).status_code == 404
    assert visitor.post(PATH, SAID).status_code == 404
    assert counted(engine) == 0


@pytest.mark.requirement("K-17")
def test_the_questions_are_plain() -> None:
    assert measure((*QUESTIONS.values(), *(f"{words}." for words in ANSWERS.values()))).is_plain
