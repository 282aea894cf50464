"""Who may ask for a page: every route names its action, or says that it is open to all.

A route that does neither answers 500 before it does anything, and fails a house test.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, current_app, g, request
from sqlmodel import Session
from werkzeug.exceptions import InternalServerError

from service import policy
from service.database import reading
from service.errors import NotSignedIn
from service.identity import Actor, actor_of
from service.limits import in_force
from service.policy import Action
from service.tables.intake import Case
from service.tables.organisation import Municipality
from service.web import purposes
from service.web.current import now, runtime, today
from service.web.sessions import signed_in_person
from service.workflow import access_rules, case_access
from service.workflow.case_file import find_row, refuse_erased

P = ParamSpec("P")
R = TypeVar("R")
OPEN = frozenset({"static"})
"""Endpoints without a function of ours."""


def guarded(action: Action, *, also_over: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Only for people whose role and relation to the case allow the action.

    A route with `case_id` in its path is checked against that case; another municipality's is not found.
    A case that is over opens to casework only when it is said what for, but for routes that are `also_over`.
    """

    def locked(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            case_id = kwargs.get("case_id")
            _admit(action, str(case_id) if case_id is not None else None)
            if case_id is not None and action not in policy.ALSO_ERASED:
                _mind_the_end(str(case_id), also_over)
            return view(*args, **kwargs)

        checked.guarded_by = action  # type: ignore[attr-defined]
        return checked

    return locked


def open_to_all(view: Callable[P, R]) -> Callable[P, R]:
    """For the few pages that need nobody signed in."""
    view.guarded_by = None  # type: ignore[attr-defined]
    return view


def current_actor() -> Actor:
    """Whoever asks; raises NotSignedIn when nobody is signed in."""
    if "actor" not in g:
        person_id = signed_in_person()
        if person_id is None:
            raise NotSignedIn
        with reading(runtime().engine) as reader:
            g.actor = actor_of(reader, person_id, today())
    actor: Actor = g.actor
    return actor


def current_case() -> Case:
    """The case in the path of a guarded route."""
    case: Case = g.case
    return case


def install(app: Flask) -> None:
    """Refuse a route that names no policy."""
    app.before_request(refuse_unlocked)


def refuse_unlocked() -> None:
    """Deny by default: a view nobody thought about is not reachable."""
    if request.endpoint is None or request.endpoint in OPEN:
        return
    view = current_app.view_functions[request.endpoint]
    if not hasattr(view, "guarded_by"):
        raise InternalServerError(f"{request.endpoint} has no policy")


def _refuse_suspended(actor: Actor, action: Action) -> None:
    """Raise Suspended for whoever has not acknowledged the rules of access for a year."""
    if action in policy.WITHOUT_RULES:
        return
    with reading(runtime().engine) as reader:
        access_rules.refuse_suspended(reader, actor.person_id, today())


def _limit_here(reader: Session, name: str) -> int:
    """A limit as it is in the unit of whoever asks."""
    limits, actor = in_force(), current_actor()
    if not limits.units:
        return limits.of(name)
    return limits.of(name, reader.get_one(Municipality, actor.municipality_id).code, actor.unit_name)


def _mind_the_end(case_id: str, also_over: bool) -> None:
    """Raise PurposeMissing for casework in a case that is over, until it is said what it is opened for."""
    role = current_actor().role
    if role not in purposes.PURPOSE_OF_ROLE:
        return
    with reading(runtime().engine) as reader:
        days = min(runtime().settings.access_days, _limit_here(reader, "access_days"))
        if not case_access.is_closed(reader, case_id, days=days, now=now()):
            return
    purposes.close_to_casework()
    if not also_over:
        purposes.purpose_of(role, case_id)


def _admit(action: Action, case_id: str | None) -> None:
    actor = current_actor()
    if case_id is None:
        policy.authorize(actor, action)
        _refuse_suspended(actor, action)
        return
    with reading(runtime().engine) as reader:
        case = find_row(reader, case_id)
    policy.authorize(actor, action, case)
    _refuse_suspended(actor, action)
    if action not in policy.ALSO_ERASED:
        refuse_erased(case)  # not before: that a case was erased is for those who might have opened it
    g.case = case
