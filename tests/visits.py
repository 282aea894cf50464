"""A citizen's visit in a test: who may have one, and how it begins."""

from collections.abc import Callable

from flask import Flask
from sqlalchemy import Engine

from service.tables.intake import Case
from tests.answered import a_decision, an_answered_case
from tests.cast import Cast
from tests.letters import a_letter
from tests.mine import RESTRICTION, a_code
from tests.parts.web import Visitor

Visit = Callable[[str], Visitor]
NAME = "Agnes Prøve"
PAGE = "/borger/oplysninger"
INSIDE = (PAGE, "/borger/brev", f"/borger/forkert?oplysning={RESTRICTION}")


def a_case_with_a_letter(engine: Engine, cast: Cast) -> Case:
    """A case with evidence, decision and letter."""
    found = an_answered_case(engine, cast)
    a_decision(engine, found, cast.alma)
    a_letter(engine, found, cast.alma)
    return found


def a_stranger(app: Flask) -> Visitor:
    """A browser in which nobody is signed in."""
    found = Visitor(app.test_client())
    found.get("/borger")
    return found


def key_of(app: Flask) -> bytes:
    """The key that codes are hashed with."""
    key: bytes = app.extensions["skoen"].keys.pepper
    return key


def enters(app: Flask, engine: Engine, visitor: Visitor, case: Case, cast: Cast, **said: str) -> None:
    """Come in with a new code."""
    code = a_code(engine, case, cast.alma, key=key_of(app), **said)
    assert visitor.post("/borger", {"kode": code}).location == PAGE
