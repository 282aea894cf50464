"""Signing in and out; in practice the page lists whom one can sign in as."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from sqlmodel import Session, select
from werkzeug.wrappers import Response as AnyResponse

from service import sign_in
from service.database import reading
from service.errors import NoMembership, NotSignedIn, SignInRefused
from service.identity import Actor, actors_of
from service.tables.organisation import ROLES, Municipality, Person
from service.web import sessions
from service.web.current import now, runtime, today
from service.web.guard import current_actor, open_to_all
from service.web.menu import home_of
from service.web.resend import CARRIED, Typed, carried_here, is_our_path
from service.workflow import governance

blueprint = Blueprint("sign_in", __name__)

USERNAME, PASSWORD = "brugernavn", "adgangskode"
PRACTICE_PASSWORD = "skoen-demo"  # noqa: S105 - the demonstration's, shown only where every citizen is invented
ORDER = {role: number for number, role in enumerate(ROLES)}


@dataclass(frozen=True)
class SignInPage:
    """The sign-in form; `typed` is a form that was sent while nobody was signed in, carried along."""

    username: str
    onward: str
    error: str
    cast: tuple[Actor, ...]
    typed: Typed | None
    cast_password: str = PRACTICE_PASSWORD
    prefix: str = CARRIED


@blueprint.get("/log-ind")
@open_to_all
def show() -> str:
    """The form."""
    return sign_in_page(onward=request.args.get("videre", ""))


def sign_in_page(*, onward: str = "", username: str = "", error: str = "", typed: Typed | None = None) -> str:
    """The sign-in form as a page; whoever shows it settles the status."""
    with reading(runtime().engine) as session:
        cast = practice_cast(session)
    page = SignInPage(username, onward if is_our_path(onward) else "", error, cast, typed)
    return render_template("sign_in/sign_in.html", page=page)


def practice_cast(session: Session) -> tuple[Actor, ...]:
    """Everybody who can sign in, where no municipality has anything but synthetic cases; else nobody."""
    municipalities = session.exec(select(Municipality.id)).all()
    phases = {governance.phase_of(session, municipality, today()) for municipality in municipalities}
    if phases != {governance.PRACTICE}:
        return ()
    people = session.exec(select(Person.id).order_by(Person.username)).all()
    cast = [actor for person in people for actor in actors_of(session, person, today())[:1]]
    return tuple(sorted(cast, key=lambda actor: (ORDER[actor.role], actor.display_name)))


@blueprint.post("/log-ind")
@open_to_all
def enter() -> AnyResponse:
    """Check name and password, begin a session under a new token, and lead on."""
    username, onward = request.form.get(USERNAME, ""), request.form.get("videre", "")
    typed = carried_here()
    try:
        actor = sign_in.sign_in(
            runtime().engine,
            username,
            request.form.get(PASSWORD, ""),
            address=request.remote_addr or "",
            now=now(),
        )
    except (SignInRefused, NoMembership) as refused:
        page = sign_in_page(onward=onward, username=username, error=refused.sentence, typed=typed)
        return make_response(page, refused.status)
    sessions.start(actor.person_id)
    if typed is not None:
        return make_response(
            render_template(
                "error.html",
                heading=gettext("Du er logget ind igen som %(name)s", name=actor.display_name),
                sentence=gettext("Det, du sendte, da du var logget ud, er ikke gemt endnu."),
                typed=typed,
            )
        )
    return redirect(onward if onward and is_our_path(onward) else home_of(actor), 303)


@blueprint.post("/log-ud")
@open_to_all
def leave() -> AnyResponse:
    """End the session, wherever it stands."""
    try:
        sign_in.sign_out(runtime().engine, current_actor(), now=now())
    except NotSignedIn:
        flash(gettext("Du var logget ud i forvejen."))
    sessions.end()
    return redirect("/log-ind", 303)


def ask_to_sign_in(typed: Typed | None) -> Response:
    """The answer to somebody who is not signed in: the form, with what was sent carried along."""
    if request.method == "GET":
        return make_response(redirect(f"/log-ind?videre={request.path}", 303))
    sentence = gettext("Du er logget ud. Log ind, så kan du sende det, du har skrevet, igen.")
    return make_response(sign_in_page(error=sentence, typed=typed), 401)
