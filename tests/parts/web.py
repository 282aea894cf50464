"""The application on a test's own database, and browsers without a screen: a signed-in one per person."""

import re
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Page
from sqlalchemy import Engine
from werkzeug.routing import Rule
from werkzeug.serving import make_server
from werkzeug.test import TestResponse

from service import sessions
from service.app import create_app
from service.config import Settings
from service.database import writing
from service.keys import create_keys
from tests.cast import NOW, Cast
from tests.parts.vaults import keystore_file, plant_kek, remember_statements
from tests.shelves import FixedShelf

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
COOKIE = "skoen"


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Visitor:
    """One person's browser: follows nothing by itself, and sends the token of the page it last saw."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.token = ""

    def get(self, path: str, **more: Any) -> TestResponse:
        """Open a page."""
        return self._seen(self.client.get(path, **more))

    def post(self, path: str, form: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        """Send a form from one of our own pages."""
        if not self.token:
            self.get("/indbakke")
        headers = {"Sec-Fetch-Site": "same-origin", **more.pop("headers", {})}
        sent = {"csrf_token": self.token, **(form or {})}
        return self._seen(self.client.post(path, data=sent, headers=headers, **more))

    def _seen(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and (found := TOKEN.search(answer.text)):
            self.token = found[1]
        return answer


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once() -> Generator[None]:
    """Werkzeug takes apart and compiles each address of each application: most of making one."""
    compile_anew, known = Rule.compile, dict[tuple[Any, ...], Rule]()

    def compile_once(rule: Rule) -> None:
        key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults))
        if (twin := known.setdefault(key, rule)) is rule:
            compile_anew(rule)
            return
        for name in ("_parts", "_trace", "_converters", "arguments"):
            setattr(rule, name, getattr(twin, name))
        for name in ("_build", "_build_unknown"):
            setattr(rule, name, getattr(twin, name).__func__.__get__(rule))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_once)
        yield


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates are compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def clock() -> Clock:
    """The time of the application: NOW, until it is moved."""
    return Clock(NOW)


@pytest.fixture
def app(engine: Engine, cast: Cast, tmp_path: Path, clock: Clock, compiled: FileSystemBytecodeCache) -> Flask:
    """The application, with a model whose answer is known on its shelf."""
    settings = Settings(
        database_url=engine.url.render_as_string(hide_password=False),
        var=tmp_path,
        models=tmp_path / "models",
        secrets=tmp_path / "secrets",
        keystore_url=f"sqlite:///{keystore_file(engine)}",
        seals=tmp_path / "seals",
        signer=tmp_path / "signer",
        origin="skoen.localhost",
        public_url="http://localhost",
        proxies=0,
        sqlite_journal="truncate",
        debug=False,
    )
    plant_kek(settings.secrets)
    create_keys(settings, engine)
    made = create_app(settings, clock)
    made.jinja_env.bytecode_cache = compiled
    remember_statements(made.extensions["skoen"].engine)
    made.extensions["skoen"] = replace(made.extensions["skoen"], shelf=FixedShelf())
    return made


@pytest.fixture
def visit(app: Flask, engine: Engine, cast: Cast, clock: Clock) -> Callable[[str], Visitor]:
    """`visit("alma")`: a browser in which Alma is signed in."""

    def signed_in(name: str) -> Visitor:
        with writing(engine) as session:
            token = sessions.create(session, now=clock(), content={}, person_id=cast.people[name].person_id)
            session.commit()
        client = app.test_client()
        client.set_cookie(COOKIE, token)
        return Visitor(client)

    return signed_in


@dataclass(frozen=True)
class House:
    """The application on a port of its own, and a way in."""

    url: str
    app: Flask
    cast: Cast

    def let_in(self, page: Page, name: str = "alma") -> None:
        """Sign the browser in as somebody of the cast."""
        with writing(self.cast.engine) as session:
            person_id = self.cast.people[name].person_id
            token = sessions.create(session, now=NOW, content={}, person_id=person_id)
            session.commit()
        page.context.add_cookies([{"name": COOKIE, "value": token, "url": self.url}])


@pytest.fixture
def house(app: Flask, cast: Cast) -> Generator[House]:
    """A server in a thread."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield House(f"http://127.0.0.1:{server.server_port}", app, cast)
    server.shutdown()
    thread.join()
    server.server_close()
