"""Nobody slips in what was never asked: an extra field on a form or body is refused, and nothing stored."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from models import areas
from service.web.fields import FIELDS, Many, may_hold
from tests.answered import a_decision, an_answered_case
from tests.builders import READ
from tests.cast import NOW, Cast
from tests.house.test_routes import is_api, rules
from tests.journeys.test_every_page import A_CITIZEN, citizens_token, endpoint_of, paths_by_person
from tests.parts.markup import forms
from tests.parts.size import sized
from tests.parts.web import COOKIE, Visitor
from tests.rows import rows

Visit = Callable[[str], Visitor]
EXTRA = (
    "role", "id", "log_seq", "shard", "at", "person_id", "unit_id", "municipality_id", "case_id", "arm",
    "agreement", "evidence_seen_before", "by", "_method", "__proto__", "oplysning.cpr", "oplysning.role",
)  # fmt: skip
"""Columns and names that somebody could hope are taken over from what is sent."""


@pytest.fixture
def case_id(engine: Engine, cast: Cast) -> str:
    """A decided case: every form that writes could do something about it."""
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    return case.id


def posts(app: Flask, case_id: str) -> Iterator[tuple[Rule, str]]:
    """Every route that takes something, and its address about the case."""
    for rule in rules(app):
        if "POST" in (rule.methods or ()):
            yield rule, re.sub(r"<\w+>", case_id, rule.rule.replace("<case_id>", case_id))


def test_every_form_refuses_every_extra_field(app: Flask, engine: Engine, visit: Visit, case_id: str) -> None:
    people = {name: visit(name) for name in ("alma", "tove")}
    for visitor in people.values():
        visitor.get("/enhed")
    before, tried = rows(engine), set()
    takes_forms = [(rule, path) for rule, path in posts(app, case_id) if not is_api(rule)]
    for turn, (rule, path) in enumerate(takes_forms):
        visitor = people["tove" if rule.endpoint.startswith("unit.") else "alma"]
        known = {name: "1" for name in FIELDS.get(rule.endpoint, ()) if isinstance(name, str)}
        for extra in sized([EXTRA[(5 * turn + step) % len(EXTRA)] for step in range(5)], EXTRA):
            answer = visitor.post(path, {**known, extra: "administrator"})
            assert answer.status_code == 400, (rule.rule, extra)
            assert "passer ikke til siden" in answer.text, (rule.rule, extra)
            tried.add(extra)

    assert tried == set(EXTRA)
    assert len(takes_forms) > 20
    assert rows(engine) == before


def test_no_form_takes_a_file(app: Flask, engine: Engine, visit: Visit, case_id: str) -> None:
    alma, before = visit("alma"), None
    alma.get("/indbakke")
    before = rows(engine)
    for rule, path in posts(app, case_id):
        if not is_api(rule):
            answer = alma.post(path, {"tekst": (open(__file__, "rb"), "x.txt")})  # noqa: PTH123, SIM115
            assert answer.status_code == 400, rule.rule

    assert rows(engine) == before


BODIES: dict[str, dict[str, Any]] = {
    "oplysninger": {"answers": {}},
    "vurdering": {
        "choice": "basal", "confidence": "sikker", "read_version": 1, "answers": READ,
        "opened_at": NOW.isoformat(), "key": "judgement-extra",
    },
    "beslutning": {"choice": "basal", "reason_code": "borgerens_maal", "key": "decision-extra"},
}  # fmt: skip


def test_every_body_of_the_api_refuses_every_extra_field(
    app: Flask, engine: Engine, visit: Visit, case_id: str
) -> None:
    alma = visit("alma")
    token = {"X-CSRF-Token": alma.client.get("/api/v1/adgang").json["csrf_token"]}  # type: ignore[index]
    paths = [path for rule, path in posts(app, case_id) if is_api(rule)]
    assert {path.rsplit("/", 1)[1] for path in paths} == set(BODIES)
    before = rows(engine)
    for path in paths:
        usual = BODIES[path.rsplit("/", 1)[1]]
        for extra in EXTRA:
            bodies = [{**usual, extra: "administrator"}]
            if "answers" in usual:
                bodies.append({**usual, "answers": {**usual["answers"], extra: "ja"}})
            for body in bodies:
                answer = alma.client.post(path, json=body, headers=token)
                assert answer.status_code == 422, (path, extra)

    assert rows(engine) == before


def test_every_field_of_every_form_is_one_that_its_route_takes(
    app: Flask, engine: Engine, cast: Cast, visit: Visit
) -> None:
    """Else a page of ours could not be sent."""
    wrong, seen = set(), set()
    for person, paths in paths_by_person(engine, cast).items():
        visitor = visit(person) if person in cast.people else Visitor(app.test_client())
        if person == A_CITIZEN:
            visitor.client.set_cookie(COOKIE, citizens_token(engine))
        for path in paths:
            for action, fields in forms(visitor.get(path).text):
                endpoint = endpoint_for(app, action)
                seen |= {(endpoint, field) for field in fields}
                wrong |= {(endpoint, field) for field in fields if not may_hold(endpoint, field)}

    assert wrong == set()
    assert len(seen) > 60


def endpoint_for(app: Flask, action: str) -> str:
    """The endpoint that a form is sent to."""
    return str(app.url_map.bind("localhost").match(action.partition("?")[0], method="POST")[0])


def test_the_table_speaks_of_forms_that_exist_and_fields_that_could_be_asked(app: Flask) -> None:
    asked = {rule.endpoint for rule in rules(app) if "POST" in (rule.methods or ()) and not is_api(rule)}

    assert set(FIELDS) == asked
    assert endpoint_of(app, "/log-ind") == "sign_in.show"
    question = areas.get("genoptraening").questions[0].name
    assert may_hold("assessment.judge", f"oplysning.{question}")
    assert not may_hold("decision.decide", f"oplysning.{question}")
    assert not any(may_hold("assessment.judge", name) for many in Many for name in (many.name, many.value))
