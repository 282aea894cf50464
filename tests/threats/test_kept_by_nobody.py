"""No browser, proxy or neighbour keeps or frames what an answer holds: on every route, for everybody."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.web.security import HEADERS
from tests.answered import an_answered_case
from tests.cast import Cast
from tests.house.test_routes import path_of, rules
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
RECOGNISABLE = {"ETag", "Last-Modified", "Expires", "Age"}


@pytest.mark.requirement("G-05", "G-28")
@pytest.mark.parametrize("name", ["alma", "tove", "dorte", "nobody"])
def test_every_answer_of_every_route_says_that_nobody_may_keep_it(
    name: str, app: Flask, engine: Engine, cast: Cast, visit: Visit
) -> None:
    case_id = an_answered_case(engine, cast).id
    visitor = Visitor(app.test_client()) if name == "nobody" else visit(name)
    answered = set()
    for rule in rules(app):
        for method in sorted(rule.methods or ()):
            answer = visitor.client.open(path_of(rule, case_id), method=method)
            where = f"{method} {rule.rule}"
            assert answer.headers["Cache-Control"] == "no-store", where
            assert not RECOGNISABLE & set(answer.headers), where
            assert {header: answer.headers[header] for header in HEADERS} == HEADERS, where
            answered.add(answer.status_code)

    assert {200, 303, 400} <= answered
