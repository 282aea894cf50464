"""The same on PostgreSQL: asked for, in force, answered, exported without, and taken out whole."""

import pytest
from sqlalchemy import Engine

from service.database import reading
from service.demo import rights as demo
from service.workflow import export, in_force
from service.workflow.rights.access import document_of, steps_in
from service.workflow.rights.standing import kinds_in_force, open_requests
from tests.builders import an_admission
from tests.cast import NOW, TODAY, gather
from tests.quarter import decide_case
from tests.rights import a_request, a_withdrawal, an_answer

pytestmark = pytest.mark.postgres


def test_a_right_from_request_to_answer(postgres_engine: Engine) -> None:
    cast = gather(postgres_engine)
    an_admission(postgres_engine, cast.dan)
    case = decide_case(postgres_engine, cast.alma, 1)
    training = a_request(postgres_engine, case, cast.alma, "training")
    objection = a_request(postgres_engine, case, cast.alma, "objection")
    an_answer(postgres_engine, objection, cast.alma, "granted")

    with reading(postgres_engine) as session:
        assert [kind.code for kind in kinds_in_force(session, case.id)] == ["objection", "training"]
        assert [standing.request.id for standing, _ in open_requests(session)] == [training.id]
        assert in_force.stops_evidence(session, case.id) == "objection"
        assert len(in_force.kept_from_others(session)) == 1
        assert list(export.decisions(postgres_engine)) == []
        document = document_of(session, case.citizen_id, None, now=NOW, today=TODAY)
    assert {"right_request", "right_step", "decision"} <= {step["step"] for step in steps_in(document)}

    for asked in (training, objection):
        a_withdrawal(postgres_engine, asked, cast.alma)
    assert len(list(export.decisions(postgres_engine))) == 1
    assert demo.use(postgres_engine, cast.alma, NOW) == 1
