"""A citizen's visit: a session of its own with nobody signed in, for one case and one speaker, and short.

In practice a code opens it. Wherever there are real citizens the way is shut, unless the municipality's own
login stands in front; then it must say, with every request, that it is still the same citizen.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlmodel import Session, select

from service.citizen_login import NotLoggedIn
from service.database import reading
from service.errors import Forbidden, NotFound
from service.tables.intake import Case
from service.tables.organisation import Municipality
from service.web import sessions
from service.web.current import now, runtime, today
from service.web.sessions import signed_in_person, this_session
from service.workflow import governance
from service.workflow.case_file import find_case
from service.workflow.citizen_page import representation
from service.workflow.citizen_page.own_cases import own_cases
from service.workflow.citizen_page.speaker import Speaker

P = ParamSpec("P")
KEPT, ANSWERED = "borger", "har_svaret"
LONGEST = timedelta(hours=1)
"""A phone is lent and left lying; half an hour without use ends the visit too, as any session."""


@dataclass(frozen=True)
class Visit:
    """Whose case is visited, and by whom."""

    case_id: str
    speaker: Speaker


def begin(visit: Visit) -> None:
    """Begin a visit under a new token; what the browser's session held is dropped."""
    sessions.start_unsigned(
        {
            KEPT: {
                "case": visit.case_id,
                "representation": visit.speaker.representation_id,
                "since": now().isoformat(),
            }
        }
    )


def has_answered() -> bool:
    """Whether the questions about trust were answered in this visit."""
    return bool(this_session().get(ANSWERED))


def remember_answer() -> None:
    """Ask no more in this visit. It is gone with the visit, and never says what was answered."""
    this_session()[ANSWERED] = True


def for_citizens(
    view: Callable[Concatenate[Visit, P], ResponseReturnValue],
) -> Callable[P, ResponseReturnValue]:
    """Only during a visit; without one the way leads to the door."""

    @wraps(view)
    def visited(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        refuse_employees_and_strangers()
        with reading(runtime().engine) as session:
            here = _visit(session)
        if here is None:
            return redirect("/borger?tid=1", 303)
        return view(here, *args, **kwargs)

    return visited


def refuse_employees_and_strangers() -> None:
    """Raise Forbidden for employees, NotLoggedIn past the login in front, NotFound where the way is shut."""
    if signed_in_person() is not None:
        raise Forbidden(gettext("Du er logget ind som medarbejder. Siden er til borgeren. Log ud først."))
    if cpr_of_login() is None and not is_practice():
        raise NotFound


def cpr_of_login() -> str | None:
    """Who has logged in in front; None where no login stands there. Raises NotLoggedIn past it."""
    login = runtime().citizen_login
    return None if login is None else login.cpr_in(request.headers)


def is_practice() -> bool:
    """Whether there are no real citizens here: every municipality practises with invented ones."""
    with reading(runtime().engine) as session:
        ids = session.exec(select(Municipality.id)).all()
        phases = {governance.phase_of(session, each, today()) for each in ids}
    return phases == {governance.PRACTICE}


def _visit(session: Session) -> Visit | None:
    """The visit of this browser, None when there is none (any more). Raises CaseErased and NotLoggedIn."""
    kept = this_session().get(KEPT)
    if not kept or not timedelta() <= now() - datetime.fromisoformat(kept["since"]) < LONGEST:
        return None
    case, speaker = find_case(session, kept["case"]), Speaker(representation_id=kept["representation"])
    if speaker.representation_id is None:
        _refuse_somebody_else(session, case)
    elif not representation.holds(session, case.id, speaker.representation_id, today()):
        return None
    return Visit(case.id, speaker)


def _refuse_somebody_else(session: Session, case: Case) -> None:
    """Behind the login it is the citizen herself who is logged in, whatever opened the visit."""
    cpr = cpr_of_login()
    if cpr is None:
        return
    if case.id not in {own.case_id for own in own_cases(session, cpr, runtime().keys.pepper)}:
        raise NotLoggedIn
