"""A citizen uses a right, and what came of it, as one of the caseworkers enters it."""

from datetime import timedelta
from typing import Any

from sqlalchemy import Engine

from service.database import writing
from service.identity import Actor
from service.tables.intake import Case
from service.tables.rights import RightRequest, RightStep
from service.workflow import rights
from tests.cast import NOW, TODAY, Cast

WORDS = "Jeg vil ikke have, at I bruger mine oplysninger sådan."


def said_of(kind: str, **said: Any) -> dict[str, Any]:
    """What `ask` is told, with a day for a caseworker who answered the phone."""
    usual = {"channel": "phone", "words": WORDS, "received_on": TODAY, "now": NOW}
    return {"kind": kind, **usual, **said}


def a_request(engine: Engine, case: Case, by: Actor | None, kind: str, **said: Any) -> RightRequest:
    """A right used by the citizen of a case."""
    with writing(engine) as session:
        return rights.ask(session, case.id, by=by, **said_of(kind, **said))


def an_answer(engine: Engine, asked: RightRequest, by: Actor | None, outcome: str, **said: Any) -> RightStep:
    """The answer to a request; a refusal of an objection has its usual ground."""
    ground = None if outcome == "granted" else "compelling_grounds"
    usual = {"words": "Vi har set på det.", "ground": ground, "now": NOW + timedelta(days=3)}
    with writing(engine) as session:
        return rights.answer(session, asked.id, outcome=outcome, by=by, **{**usual, **said})


def a_withdrawal(engine: Engine, asked: RightRequest, by: Actor | None, **said: Any) -> RightStep:
    """The citizen takes a request back."""
    with writing(engine) as session:
        return rights.withdraw(session, asked.id, by=by, **{"now": NOW + timedelta(days=4), **said})


def rights_pages(engine: Engine, cast: Cast, case: Case) -> list[str]:
    """The pages about rights, with a case in which some are asked for, answered and late."""
    access = a_request(engine, case, cast.alma, "access", received_on=TODAY - timedelta(days=40))
    restriction, training = (a_request(engine, case, cast.alma, kind) for kind in ("restriction", "training"))
    an_answer(engine, restriction, cast.alma, "granted")
    base = f"/sag/{case.id}/rettigheder"
    return ["/rettigheder", base, *(f"{base}/{each.id}" for each in (access, restriction, training))]
