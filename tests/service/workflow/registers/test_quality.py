"""“Strider mod min faglige viden” opens a task of quality, and nothing follows for whoever said it."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from models import areas
from service.database import reading
from service.tables.decision import Decision
from service.workflow.registers import book
from service.workflow.registers.quality import quality_tasks
from service.workflow.registers.tasks import Task
from tests.answered import a_decision, an_answered_case
from tests.cast import NOW, Cast
from tests.parts.web import Visitor
from tests.register import write

AREA = areas.get("genoptraening")


def open_ones(engine: Engine, cast: Cast) -> tuple[Task, ...]:
    here = cast.alma.municipality_id
    with reading(engine) as session:
        return quality_tasks(session, here, book.standing(session, here))


@pytest.mark.requirement("G-39")
def test_the_reason_opens_a_task_that_names_a_version_and_nobody(engine: Engine, cast: Cast) -> None:
    a_decision(engine, an_answered_case(engine, cast), cast.alma)
    assert open_ones(engine, cast) == ()

    for number, said in ((2, {"reason_code": AREA.against_knowledge}),
                         (3, {"second_reason_code": AREA.against_knowledge})):  # fmt: skip
        case = an_answered_case(engine, cast, number=number)
        a_decision(engine, case, cast.alma, **said)
    (task,) = open_ones(engine, cast)

    assert task.subject.startswith("model:") and task.register == "dilemma"
    told = " ".join(map(str, asdict(task).values()))
    for secret in (case.id, str(case.serial), cast.alma.person_id, cast.alma.unit_id, "2 "):
        assert secret not in told


@pytest.mark.requirement("G-39")
def test_a_discussion_closes_it_and_the_next_such_decision_opens_it_again(engine: Engine, cast: Cast) -> None:
    made = a_decision(engine, an_answered_case(engine, cast), cast.alma, reason_code=AREA.against_knowledge)
    (task,) = open_ones(engine, cast)

    write(engine, cast.dan, "dilemma", subject="model:another", now=NOW + timedelta(hours=1))
    assert open_ones(engine, cast) == (task,)
    write(engine, cast.dan, "dilemma", subject=task.subject, now=made.at - timedelta(minutes=1))
    assert open_ones(engine, cast) == (task,)
    write(engine, cast.dan, "dilemma", subject=task.subject, now=NOW + timedelta(hours=1))
    assert open_ones(engine, cast) == ()


@pytest.mark.requirement("G-39")
def test_where_nothing_was_shown_the_task_is_about_practice(engine: Engine, cast: Cast) -> None:
    case = an_answered_case(engine, cast, wants_evidence=False)
    a_decision(engine, case, cast.alma, reason_code=AREA.against_knowledge)

    assert [task.subject for task in open_ones(engine, cast)] == ["system:skoen"]


@pytest.mark.requirement("G-39")
def test_whoever_reads_the_registers_sees_the_task(
    engine: Engine, cast: Cast, visit: Callable[[str], Visitor]
) -> None:
    a_decision(engine, an_answered_case(engine, cast), cast.alma, reason_code=AREA.against_knowledge)
    write(engine, cast.dan, "catalogue")

    assert "Sagt imod med faglig viden: modelversion" in visit("tove").get("/registre").text


@pytest.mark.requirement("G-39")
def test_a_decision_has_no_field_for_what_follows_for_an_employee() -> None:
    assert set(Decision.model_fields) == {
        "id", "at", "shard", "log_seq", "case_id", "suggestion_id", "person_id", "unit_id", "choice",
        "reason_code", "second_reason_code", "agreement", "change", "idempotency_key", "replaces", "part_id",
    }  # fmt: skip
