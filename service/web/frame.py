"""What the frame of every page shows: who is signed in, where one may go, and that this is practice."""

from typing import Any

from flask import Flask
from flask_babel import get_locale
from sqlalchemy.exc import DBAPIError

from service import policy
from service.database import reading
from service.errors import SkoenError
from service.identity import Actor
from service.policy import Action
from service.web.current import runtime, today
from service.web.guard import current_actor
from service.web.menu import menu_for
from service.workflow import governance


def install(app: Flask) -> None:
    """Give every page its frame."""
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """The names base.html uses. An error page must stand also when nobody can be looked up."""
    actor = _actor()
    return {
        "signed_in": actor,
        "menu": menu_for(actor) if actor else (),
        "practice": is_practice(actor) if actor else False,
        "not_saving": tuple(each.danish for each in runtime().watch.look().faults.values()),
        "may": lambda name: actor is not None and policy.permits(actor, Action[name]),
        "get_locale": get_locale,
    }


def is_practice(actor: Actor) -> bool:
    """Whether the actor's municipality knows synthetic cases alone."""
    try:
        with reading(runtime().engine) as session:
            return governance.phase_of(session, actor.municipality_id, today()) == governance.PRACTICE
    except DBAPIError:
        return False


def _actor() -> Actor | None:
    try:
        return current_actor()
    except (SkoenError, DBAPIError):
        return None
