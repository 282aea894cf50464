"""Whatever people type stays text: 120 ways to make a page run something, in every field, on every page."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask, Response
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine

from service import sessions
from service.database import writing
from tests.cast import NOW, Cast
from tests.journeys.test_every_page import A_CITIZEN, citizens_token, endpoint_of, pages_of
from tests.parts.browser import WATCH_CSP
from tests.parts.markup import forms, skeleton
from tests.parts.web import COOKIE, House, Visitor
from tests.threats.payloads import MARKUP, RUN
from tests.threats.planted import Planted, plant

HOSTILE = [" ".join(MARKUP[start : start + 30]) for start in range(0, 120, 30)]
"""Each short enough for the shortest field; the fields without a bound get all four."""
ELEMENTS = """[...document.querySelectorAll('*')]
    .map(each => [each.tagName, ...each.getAttributeNames().sort()].join(' '))"""
SCRIPTED = r"""[...document.querySelectorAll('[href], [src], [action], [formaction], [data]')]
    .flatMap(each => ['href', 'src', 'action', 'formaction', 'data'].map(name => each.getAttribute(name)))
    .filter(address => /^\s*(javascript|data|vbscript):/i.test(address))"""
STRANGER = "a script of a stranger ran"
HIT = f"window.{RUN.removesuffix('()')} = () => console.error('{STRANGER}')"


@pytest.fixture
def planted(engine: Engine, cast: Cast) -> Planted:
    """The house with everything hostile in it."""
    return plant(engine, cast, HOSTILE)


@pytest.fixture
def enter(app: Flask, engine: Engine, cast: Cast) -> Callable[[Planted, str], Visitor]:
    """The browser of somebody of the cast, or of those who are only in the planted house."""

    def signed_in(world: Planted, name: str) -> Visitor:
        client = app.test_client()
        if name:
            client.set_cookie(COOKIE, token_of(engine, cast, world, name))
        return Visitor(client)

    return signed_in


def token_of(engine: Engine, cast: Cast, world: Planted, name: str) -> str:
    """A session of somebody's."""
    if name == A_CITIZEN:
        return citizens_token(engine)
    person_id = world.people.get(name) or cast.people[name].person_id
    with writing(engine) as session:
        token = sessions.create(session, now=NOW, content={}, person_id=person_id)
        session.commit()
    return token


def test_every_page_is_among_those_planted(app: Flask, planted: Planted) -> None:
    looked_at = {endpoint_of(app, path) for paths in planted.paths.values() for path in paths}

    assert pages_of(app) - looked_at == set()


def answers(
    world: Planted, enter: Callable[[Planted, str], Visitor], said: list[str]
) -> Iterator[tuple[str, str]]:
    """Every page, and what comes back when each of its forms is sent with the words in every field."""
    for name, paths in world.paths.items():
        visitor = enter(world, name)
        for number, path in enumerate(paths):
            page = visitor.get(path, follow_redirects=True)
            yield f"{name} {number}", page.text
            for place, (action, fields) in enumerate(forms(page.text)):
                if action in ("/log-ud", "/borger/luk"):
                    continue
                typed = {field: " ".join(said) for field in sorted(fields - {"csrf_token"})}
                answer = visitor.post(action, typed, follow_redirects=True)
                assert answer.status_code < 500, (name, path, action)
                if answer.mimetype != "text/html":
                    continue  # a file to be kept
                yield f"{name} {number} {place}", answer.text


def test_no_page_and_no_refused_form_shows_any_of_it_raw(
    engine: Engine, cast: Cast, enter: Callable[[Planted, str], Visitor], planted: Planted
) -> None:
    seen = 0
    for where, html in answers(planted, enter, HOSTILE):
        raw = [text for text in MARKUP if text in html and set(text) & set("<>\"'")]
        assert raw == [], where
        seen += sum(RUN in part for part in html.split("\n"))
        assert [element for element in skeleton(html) if has_handler(element)] == [], where

    assert seen > 200  # the words are on the pages, as words


def has_handler(element: tuple[str, ...]) -> bool:
    """Whether an element could run something by itself."""
    tag, *attributes = element
    unknown = tag in {"iframe", "object", "embed", "style", "base", "video", "math", "animate"}
    return unknown or any(name.startswith("on") or name in ("srcdoc", "style") for name in attributes)


@pytest.fixture
def listening(open_page: Callable[..., Page]) -> Page:
    """A page that complains as soon as a stranger's script runs or the browser has to stop one."""
    page = open_page()
    page.add_init_script(HIT)
    page.on("dialog", lambda dialog: dialog.dismiss())
    return page


def test_in_a_real_browser_nothing_runs_and_nothing_has_to_be_stopped(
    house: House, engine: Engine, cast: Cast, planted: Planted, listening: Page
) -> None:
    for name, paths in planted.paths.items():
        if name:
            token = token_of(engine, cast, planted, name)
            listening.context.add_cookies([{"name": COOKIE, "value": token, "url": house.url}])
        for path in paths:
            listening.goto(house.url + path)
            assert listening.evaluate(SCRIPTED) == [], path
            found = [tuple(each.lower().split()) for each in listening.evaluate(ELEMENTS)]
            assert [element for element in found if has_handler(element)] == [], path


def test_if_escaping_failed_the_policy_would_still_stop_it(
    app: Flask, house: House, browser: Browser
) -> None:
    """The second line of defence alone: a page of ours that shows all of it raw."""

    def raw() -> Response:
        icon = '<link rel="icon" href="/static/img/mark.svg">'
        return Response(f"<!doctype html>{icon}<p>{''.join(MARKUP)}", content_type="text/html; charset=utf-8")

    raw.guarded_by = None  # type: ignore[attr-defined]
    app.view_functions["raw"] = raw
    app.url_map.add(app.url_rule_class("/raat", endpoint="raw", methods=["GET"]))
    context, said = browser.new_context(), []
    page = context.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.add_init_script(WATCH_CSP)
    page.add_init_script(HIT)
    page.goto(house.url + "/raat", wait_until="networkidle")
    context.close()

    assert sum("CSP: script-src" in line for line in said) > 20
    assert [line for line in said if STRANGER in line] == []
