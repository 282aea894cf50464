"""Another site cannot act in somebody's name: no token, no origin, no change; and looking changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine

from service.app import create_app
from service.tables import METADATA
from tests.answered import an_answered_case
from tests.cast import Cast
from tests.house.test_routes import CHANGES, path_of, rules
from tests.parts.web import COOKIE, Clock, Visitor

Visit = Callable[[str], Visitor]
LOOKED = {"log_entries", "log_heads"}
"""Where it is noted that somebody looked; a browser's session notes its last use."""


def changing(app: Flask, case_id: str) -> Iterator[tuple[str, str]]:
    """Every way to change something: method and address."""
    for rule in rules(app):
        for method in sorted((rule.methods or set()) & CHANGES):
            yield method, path_of(rule, case_id)


def content(engine: Engine, without: set[str]) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the named ones."""
    with engine.connect() as connection:
        return {
            table.name: sorted(tuple(row) for row in connection.execute(table.select()))
            for table in METADATA.sorted_tables
            if table.name not in without
        }


@pytest.mark.requirement("G-05", "G-28")
@pytest.mark.parametrize("forged", ["none", "guessed", "of another session", "of a stranger"])
def test_nothing_changes_without_the_token_of_this_very_session(
    forged: str, app: Flask, engine: Engine, cast: Cast, visit: Visit
) -> None:
    case_id, alma, bent = an_answered_case(engine, cast).id, visit("alma"), visit("bent")
    stranger = Visitor(app.test_client())
    for visitor, page in ((alma, "/enhed"), (bent, "/enhed"), (stranger, "/log-ind")):
        visitor.get(page)
    token = {"none": "", "guessed": "a" * 91, "of another session": bent.token,
             "of a stranger": stranger.token}[forged]  # fmt: skip
    before, tried = content(engine, set()), 0
    for method, path in changing(app, case_id):
        for sent in ({"data": {"csrf_token": token}}, {"headers": {"X-CSRF-Token": token}}):
            answer = alma.client.open(path, method=method, **sent)  # type: ignore[arg-type]
            assert answer.status_code == 400, (method, path)
            tried += 1

    assert tried > 40
    assert content(engine, set()) == before


@pytest.fixture
def over_https(app: Flask, clock: Clock) -> Flask:
    """The same installation as the municipality's users reach it: by https, behind one proxy."""
    settings = replace(app.extensions["skoen"].settings, public_url="https://skoen.kommune.dk", proxies=1)
    return create_app(settings, clock)


PROXIED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "skoen.kommune.dk"}


@pytest.mark.parametrize("referrer", [None, "https://evil.example/", "http://skoen.kommune.dk/"], ids=str)
def test_over_https_a_form_must_also_come_from_a_page_of_ours(
    referrer: str | None, over_https: Flask, engine: Engine, cast: Cast, visit: Visit
) -> None:
    case_id, alma = an_answered_case(engine, cast).id, visit("alma")
    cookie = alma.client.get_cookie(COOKIE)
    assert cookie is not None
    there = Visitor(over_https.test_client())
    there.client.set_cookie("__Host-skoen", cookie.value, domain="skoen.kommune.dk", secure=True)
    place = {"base_url": "https://skoen.kommune.dk", "headers": PROXIED}
    assert there.get("/enhed", **place).status_code == 200
    before = content(engine, set())
    headers = {**PROXIED, **({"Referer": referrer} if referrer else {})}
    for _, path in changing(over_https, case_id):
        answer = there.post(path, base_url="https://skoen.kommune.dk", headers=headers)
        assert answer.status_code == 400, path

    assert content(engine, set()) == before


def test_looking_at_every_page_changes_nothing_but_the_log_of_who_looked(
    app: Flask, engine: Engine, cast: Cast, visit: Visit, clock: Clock
) -> None:
    case_id = an_answered_case(engine, cast).id
    visitors = [
        (visit("alma"), {"GET", "HEAD", "OPTIONS"}),
        *((visit(n), {"GET"}) for n in ("tove", "dorte")),
    ]
    before, looked = content(engine, {*LOOKED, "web_sessions"}), 0
    for rule in rules(app):
        for visitor, methods in visitors:
            for method in sorted((rule.methods or set()) & methods):
                answer = visitor.client.open(path_of(rule, case_id), method=method)
                looked += answer.status_code == 200

    assert looked > 50
    assert content(engine, {*LOOKED, "web_sessions"}) == before


def test_the_sign_in_itself_takes_no_strangers_form(app: Flask, engine: Engine, cast: Cast) -> None:
    """Else somebody could be signed in as another without knowing it."""
    before = content(engine, {"web_sessions"})
    answer = app.test_client().post("/log-ind", data={"brugernavn": "alma", "adgangskode": "skoen-demo"})

    assert answer.status_code == 400
    assert content(engine, {"web_sessions"}) == before
