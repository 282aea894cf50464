"""What the frame of every page shows: who is signed in, where one may go, and that this is practice."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, request
from flask_babel import get_locale, gettext
from sqlalchemy.exc import DBAPIError

from service import policy
from service.database import reading
from service.errors import SkoenError
from service.identity import Actor
from service.policy import Action
from service.web.current import runtime, today
from service.web.guard import current_actor
from service.workflow import governance


@dataclass(frozen=True)
class MenuItem:
    """One way on from the frame."""

    path: str
    label: str
    current: bool


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


def menu_for(actor: Actor) -> tuple[MenuItem, ...]:
    """The pages a role has, in the order of the work."""
    pages = (
        ("/indbakke", gettext("Indbakke"), Action.SEE_INBOX),
        ("/ledelse", gettext("Ledelse"), Action.READ_LEADERSHIP),
        ("/politisk", gettext("Politisk overblik"), Action.READ_POLITICAL),
        ("/rettigheder", gettext("Rettigheder"), Action.SEE_RIGHTS),
        ("/statistik", gettext("Statistik"), Action.READ_STATISTICS),
        ("/tider", gettext("Frister"), Action.READ_STATISTICS),
        ("/effekt", gettext("Effekt"), Action.READ_STATISTICS),
        ("/kapacitet", gettext("Kapacitet"), Action.SEE_CAPACITY),
        ("/spoergeskema", gettext("Spørgeskema"), Action.ANSWER_SURVEY),
        ("/mit-spejl", gettext("Mit spejl"), Action.SEE_OWN_PATTERN),
        ("/oevelsesrum", gettext("Øvelsesrum"), Action.PRACTISE),
        ("/skoensproeve", gettext("Skønsprøve"), Action.REVIEW_BLIND),
        ("/skoensproever", gettext("Skønsprøve"), Action.DRAW_REVIEW),
        ("/om-modellen", gettext("Om modellen"), Action.READ_MODEL),
        ("/datakatalog", gettext("Datakatalog"), Action.READ_CATALOGUE),
        ("/enhed", gettext("Enheden"), Action.READ_MODEL),
        ("/registre", gettext("Registre"), Action.READ_REGISTERS),
        ("/tilsyn", gettext("Tilsyn"), Action.READ_LOG),
        ("/logkontrol", gettext("Logkontrol"), Action.CONTROL_LOG),
        ("/databeskyttelse", gettext("Databeskyttelse"), Action.SEE_PROTECTION),
        ("/drift", gettext("Drift"), Action.SEE_OPERATIONS),
    )
    return tuple(
        MenuItem(path, label, request.path == path or request.path.startswith(path + "/"))
        for path, label, action in pages
        if policy.permits(actor, action)
    )


def home_of(actor: Actor) -> str:
    """The page a role begins on."""
    return menu_for(actor)[0].path


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
