"""Every route says who may use it, and the application keeps to what it says."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from werkzeug.routing import Rule

from service.identity import Actor
from service.policy import ON_A_CASE, POLICY, Action, permits
from service.web.guard import OPEN
from tests.builders import a_case
from tests.cast import Cast
from tests.parts.web import TOKEN, Visitor

Visit = Callable[[str], Visitor]

FOR_EVERYBODY = {
    "about.accessibility",
    "about.show",
    "notice.show",
    "algorithm.show",
    "algorithm.as_json",
    "algorithm.schema",
    "api.openapi",
    "glossary.show",
    "health.health",
    "health.front",
    "sign_in.show",
    "sign_in.enter",
    "sign_in.leave",
}
"""The only routes that need nobody signed in."""
FOR_CITIZENS = {
    "citizen_page.door", "citizen_page.enter", "citizen_page.choose", "citizen_page.show",
    "citizen_rights.show", "citizen_rights.ask", "citizen_rights.choose", "citizen_trust.show",
    "citizen_trust.answer",
    "citizen_page.letter", "citizen_page.wrong", "citizen_page.say_wrong", "citizen_page.leave",
}  # fmt: skip
"""Nobody who is signed in gets there, and without a visit of her own neither does a citizen."""
CHANGES = {"POST", "PUT", "PATCH", "DELETE"}
PEOPLE = ("alma", "freja", "carla", "tove", "dan", "dorte", "ada")
NOWHERE = "0" * 32


def rules(app: Flask) -> Iterator[Rule]:
    """Every route of ours."""
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN)


def action_of(app: Flask, rule: Rule) -> Action | None:
    """What a route asks for; a route that does not say raises AttributeError."""
    found: Action | None = app.view_functions[rule.endpoint].guarded_by  # type: ignore[attr-defined]
    return found


def test_every_route_names_its_action(app: Flask) -> None:
    silent = [
        rule.rule for rule in rules(app) if not hasattr(app.view_functions[rule.endpoint], "guarded_by")
    ]

    assert silent == []


def test_only_the_doors_are_open_to_all(app: Flask) -> None:
    assert {
        rule.endpoint for rule in rules(app) if action_of(app, rule) is None
    } == FOR_EVERYBODY | FOR_CITIZENS


def test_an_action_on_a_case_and_a_case_in_the_path_go_together(app: Flask) -> None:
    wrong = [
        rule.rule
        for rule in rules(app)
        if (action_of(app, rule) in ON_A_CASE) != ("case_id" in rule.arguments)
    ]

    assert wrong == []


def test_somebody_may_use_every_guarded_route(app: Flask) -> None:
    asked = {action_of(app, rule) for rule in rules(app)} - {None}

    assert asked <= {action for _, action in POLICY}


def test_a_route_that_forgets_its_policy_answers_nothing(app: Flask) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/glemt", "forgotten", lambda: "en hemmelighed")
    answer = app.test_client().get("/glemt")

    assert answer.status_code == 500
    assert "hemmelighed" not in answer.text


def test_strangers_come_no_further_than_the_doors(app: Flask) -> None:
    client = app.test_client()
    for rule in rules(app):
        if rule.endpoint in FOR_EVERYBODY | FOR_CITIZENS:  # the latter: see test_citizen_visit.py
            continue
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            answer = client.open(path_of(rule, NOWHERE), method=method)
            assert answer.status_code in (303, 400, 401), (method, rule.rule, answer.status_code)
            if answer.status_code == 303:
                assert answer.headers["Location"].startswith("/log-ind"), rule.rule


def test_whatever_changes_something_needs_the_pages_token(app: Flask, engine: Engine, visit: Visit) -> None:
    case_id, alma = a_case(engine).id, visit("alma")
    for rule in rules(app):
        for method in (rule.methods or set()) & CHANGES:
            answer = alma.client.open(path_of(rule, case_id), method=method, data={})
            assert answer.status_code == 400, (method, rule.rule, answer.status_code)


@pytest.mark.parametrize("name", PEOPLE)
def test_roles_reach_what_the_table_says_and_nothing_else(
    name: str, app: Flask, engine: Engine, visit: Visit, cast: Cast
) -> None:
    case_id, visitor, actor = a_case(engine).id, visit(name), cast.people[name]
    for rule in rules(app):
        action = action_of(app, rule)
        if action is None:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            path = path_of(rule, case_id)
            answer = visitor.post(path) if method == "POST" else visitor.get(path)
            where = f"{name} {method} {rule.rule}: {answer.status_code}"
            if not may(actor, action) or (is_api(rule) and not permits(actor, Action.USE_API)):
                assert answer.status_code in refusals(actor, action), where
            else:
                assert answer.status_code not in {401, 403} or asks_for_a_purpose(answer.text), where


def test_an_unknown_case_and_another_municipalitys_look_the_same(engine: Engine, visit: Visit) -> None:
    case_id, carla = a_case(engine).id, visit("carla")
    theirs, nobodys = carla.get(f"/sag/{case_id}"), carla.get(f"/sag/{NOWHERE}")

    assert theirs.status_code == nobodys.status_code == 404
    assert _plain(theirs.text, case_id) == _plain(nobodys.text, NOWHERE)


def _plain(html: str, case_id: str) -> str:
    """A page without what differs between any two looks: the address, and a token with the second in it."""
    return TOKEN.sub("", html).replace(case_id, "")


def is_api(rule: Rule) -> bool:
    """Whether a route is for programs, which takes an action more."""
    return rule.rule.startswith("/api/")


def asks_for_a_purpose(html: str) -> bool:
    """Whether the page asks what a case is opened for."""
    return "/formaal" in html


def path_of(rule: Rule, case_id: str) -> str:
    """An address of a route, about the given case."""
    values = {name: case_id if name == "case_id" else NOWHERE for name in rule.arguments}
    path = rule.rule
    for name, value in values.items():
        path = path.replace(f"<{name}>", value)
    return path


def may(actor: Actor, action: Action) -> bool:
    """Whether the table lets somebody near the usual case, which lies in Træning Nord of Fjordby."""
    if not permits(actor, action):
        return False
    if action not in ON_A_CASE:
        return True
    near = POLICY[(actor.role, action)]
    if actor.municipality_name != "Fjordby Kommune":
        return False
    return near == "municipality" or actor.unit_name == "Træning Nord"


def refusals(actor: Actor, action: Action) -> set[int]:
    """How somebody is refused: what she may not know of is not found."""
    is_far = actor.unit_name != "Træning Nord" and action in ON_A_CASE
    return {404} if is_far and permits(actor, action) else {403, 404}
