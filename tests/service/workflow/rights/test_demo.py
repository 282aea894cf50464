"""The demonstration's citizens have used their rights, and the worklist has something in it."""

from datetime import timedelta

from sqlalchemy import Engine

from service.database import reading
from service.demo import rights
from service.workflow.rights.standing import open_requests
from tests.cast import NOW, Cast
from tests.quarter import decide_case


def test_some_wait_for_an_answer_and_some_have_had_theirs(admitted: Engine, cast: Cast) -> None:
    for number in range(len(rights.TOLD)):
        decide_case(admitted, cast.alma, number)
    assert rights.use(admitted, cast.alma, NOW + timedelta(days=9)) == len(rights.TOLD)
    with reading(admitted) as session:
        waiting = [standing.request.kind for standing, _ in open_requests(session)]

    assert waiting == ["access", "objection"]
