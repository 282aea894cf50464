"""One municipality reads nothing of another: every route, tried by somebody of every role from elsewhere."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import select
from werkzeug.routing import Rule

from service import sessions
from service.database import reading, writing
from service.identity import Actor, actor_of
from service.policy import POLICY
from service.tables.organisation import EXTERNAL, ROLES
from service.tables.suggestion import Suggestion
from service.web.guard import OPEN
from service.workflow import staff
from service.workflow.oversight import restricted_layer
from service.workflow.staff import External
from tests.answered import a_decision, an_answered_case
from tests.cast import LONG_AGO, NOW, TODAY, Cast, acknowledges
from tests.look_ups import a_month_of_look_ups, a_sample
from tests.parts.web import COOKIE, Visitor
from tests.register import register_entries

TOLD = ("Agnes", "7102479995", "Prøvevej", "Fjordby", "Træning Nord", "Træning Syd", "Alma Holm", "Dorte")
"""What tells of Fjordby, its citizens and its people."""


@pytest.fixture
def there(app: Flask, engine: Engine, cast: Cast) -> dict[str, str]:
    """By the name in a route, the id of something in Fjordby."""
    case = an_answered_case(engine, cast)
    a_decision(engine, case, cast.alma)
    a_month_of_look_ups(engine, cast, 6)
    entry, *_ = register_entries(engine, cast.dan)
    with reading(engine) as session:
        shown = session.exec(select(Suggestion.id).where(Suggestion.case_id == case.id)).one()
    with writing(engine) as session:
        asked = restricted_layer.ask(session, case.id, "klage", now=NOW, by=cast.vera).id
    return {
        "case_id": case.id, "suggestion_id": shown, "entry_id": entry, "asked_id": asked, "number": "1",
        "sample_id": a_sample(engine, cast.dorte, wanted=3).id,
    }  # fmt: skip


@pytest.fixture
def strangers(app: Flask, engine: Engine, cast: Cast) -> dict[str, Visitor]:
    """By role, somebody signed in who works in Skovby."""
    return {role: _signed_in(app, engine, _stranger(engine, cast, role)) for role in ROLES}


@pytest.mark.requirement("R-02")
def test_nothing_of_another_municipality_can_be_reached_by_its_id(
    app: Flask, there: dict[str, str], strangers: dict[str, Visitor]
) -> None:
    reached = []
    for rule in rules(app):
        if not rule.arguments & {"case_id", "entry_id", "asked_id", "sample_id"}:
            continue
        path = path_of(rule, there)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            for role, visitor in those_who_may(app, rule, strangers):
                answer = visitor.post(path) if method == "POST" else visitor.get(path)
                if answer.status_code not in (403, 404):
                    reached.append((role, method, rule.rule, answer.status_code))
                assert not [word for word in TOLD if word in answer.text], (role, path)

    assert reached == []


@pytest.mark.requirement("R-02")
def test_no_page_tells_of_another_municipality(
    app: Flask, there: dict[str, str], strangers: dict[str, Visitor]
) -> None:
    told = []
    for rule in rules(app):
        if rule.arguments or "GET" not in (rule.methods or set()) or is_for_everybody(app, rule):
            continue
        for role, visitor in those_who_may(app, rule, strangers):
            text = visitor.get(rule.rule).text
            told += [(role, rule.rule, word) for word in TOLD if word in text]

    assert told == []


@pytest.mark.requirement("R-02")
def test_a_stranger_who_knows_the_number_of_a_case_or_a_citizen_finds_nothing(
    engine: Engine, there: dict[str, str], strangers: dict[str, Visitor]
) -> None:
    tries = {
        "tilsyn": [("/tilsyn", {"sagsnummer": "1", "formaal": "klage"})],
        "dpo": [("/databeskyttelse/navne", {"sagsnummer": "1", "formaal": "klage"})],
        "visitator": [("/indbakke/soegning", {"soegning": "7102479995"}),
                      ("/indbakke/soegning", {"soegning": "Agnes"})],
    }  # fmt: skip
    for role, forms in tries.items():
        for path, form in forms:
            answer = strangers[role].post(path, form, follow_redirects=True)
            told = [word for word in TOLD if word in answer.text and word not in form.values()]
            assert told == [], (role, path)


def rules(app: Flask) -> Iterator[Rule]:
    """Every route of ours."""
    return (rule for rule in app.url_map.iter_rules() if rule.endpoint not in OPEN)


def those_who_may(app: Flask, rule: Rule, strangers: dict[str, Visitor]) -> Iterator[tuple[str, Visitor]]:
    """The strangers whose role opens the route at home; that the others are refused, test_routes.py tells."""
    action = app.view_functions[rule.endpoint].guarded_by  # type: ignore[attr-defined]
    return ((role, visitor) for role, visitor in strangers.items() if (role, action) in POLICY)


def is_for_everybody(app: Flask, rule: Rule) -> bool:
    """Whether the page is the same for everybody, and names every municipality that uses the system."""
    return app.view_functions[rule.endpoint].guarded_by is None  # type: ignore[attr-defined]


def path_of(rule: Rule, there: dict[str, str]) -> str:
    """An address of a route with ids of Fjordby in it."""
    path = rule.rule
    for name in rule.arguments:
        path = path.replace(f"<{name}>", there.get(name, "0" * 32))
    return path


def _stranger(engine: Engine, cast: Cast, role: str) -> Actor:
    terms = External("Et firma", "Drift", TODAY) if role in EXTERNAL else None
    with writing(engine) as session:
        person = staff.add_person(session, f"fremmed_{role}", "Fremmed", now=LONG_AGO)
        staff.grant(
            session, person.id, cast.carla.unit_id, role, valid_from=TODAY, now=NOW, by=None, external=terms
        )
    with reading(engine) as session:
        actor = actor_of(session, person.id, TODAY)
    acknowledges(engine, actor, NOW)
    return actor


def _signed_in(app: Flask, engine: Engine, actor: Actor) -> Visitor:
    with writing(engine) as session:
        token = sessions.create(session, now=NOW, content={}, person_id=actor.person_id)
        session.commit()
    client = app.test_client()
    client.set_cookie(COOKIE, token)
    return Visitor(client)
