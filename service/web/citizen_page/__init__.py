"""*Mine oplysninger*, where the citizen reads it: the way in, her page and letter, and what is wrong.

Nobody who is signed in as an employee gets here, and nobody who is here is signed in as one.
"""

from dataclasses import dataclass

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from sqlmodel import col, select

from service.database import reading, writing
from service.errors import NotFound, Refused
from service.tables.organisation import Municipality
from service.web import sessions
from service.web.citizen_page import visit
from service.web.citizen_page.visit import Visit, for_citizens
from service.web.current import now, runtime, today
from service.web.guard import open_to_all
from service.workflow.citizen_page import codes, reports, words
from service.workflow.citizen_page.opening import opened_by_citizen
from service.workflow.citizen_page.own_cases import OwnCase, own_cases
from service.workflow.citizen_page.page import CitizenPage, FactRow, page_of
from service.workflow.citizen_page.speaker import Speaker
from service.workflow.letter.contacts import lines_of

blueprint = Blueprint("citizen_page", __name__)

CODE, CASE, FACT, NOTE = "kode", "sag", "oplysning", "note"
HOME = "/borger/oplysninger"


@dataclass(frozen=True)
class DoorPage:
    """The way in: her cases when the municipality's login says who she is, and the form for a code."""

    cases: tuple[OwnCase, ...]
    has_login: bool
    error: str
    typed: str
    is_over: bool
    phones: tuple[tuple[str, str], ...]


@blueprint.get("/borger")
@open_to_all
def door() -> ResponseReturnValue:
    """The way in."""
    visit.refuse_employees_and_strangers()
    return _door(is_over="tid" in request.args)


@blueprint.post("/borger")
@open_to_all
def enter() -> ResponseReturnValue:
    """Use a code up, and begin a visit."""
    visit.refuse_employees_and_strangers()
    typed = request.form.get(CODE, "")
    try:
        opened = codes.redeem(
            runtime().engine, typed, key=runtime().keys.pepper, address=request.remote_addr or "", now=now()
        )
    except codes.CodeRefused as refused:
        return make_response(_door(error=refused.sentence, typed=typed), refused.status)
    visit.begin(Visit(opened.case_id, opened.speaker))
    return redirect(HOME, 303)


@blueprint.post("/borger/sag")
@open_to_all
def choose() -> ResponseReturnValue:
    """Begin a visit to a case of one's own, behind the municipality's login."""
    visit.refuse_employees_and_strangers()
    case_id = request.form.get(CASE, "")
    if case_id not in {case.case_id for case in _own_cases()}:
        raise NotFound
    visit.begin(Visit(case_id, Speaker()))
    return redirect(HOME, 303)


@blueprint.get(HOME)
@open_to_all
@for_citizens
def show(here: Visit) -> ResponseReturnValue:
    """The page."""
    return render_template(
        "citizen_page/own.html", page=_opened(here), here=here, words=words,
        practice=visit.is_practice(),
    )  # fmt: skip


@blueprint.get("/borger/brev")
@open_to_all
@for_citizens
def letter(here: Visit) -> ResponseReturnValue:
    """The letter as it was signed; before there is one, the way leads to the page."""
    page = _opened(here)
    if page.letter is None:
        return redirect(HOME, 303)
    return render_template("citizen_page/letter.html", page=page, practice=visit.is_practice())


@blueprint.get("/borger/forkert")
@open_to_all
@for_citizens
def wrong(here: Visit) -> ResponseReturnValue:
    """What is wrong with a fact."""
    return _wrong(here, request.args.get(FACT, ""))


@blueprint.post("/borger/forkert")
@open_to_all
@for_citizens
def say_wrong(here: Visit) -> ResponseReturnValue:
    """Take what the citizen says: the fact no longer counts, and somebody will look."""
    name, note = request.form.get(FACT, ""), request.form.get(NOTE, "")
    try:
        with writing(runtime().engine) as session:
            reports.report_wrong(
                session, here.case_id, name, note=note, speaker=here.speaker, now=now(), by=None
            )
    except Refused as refused:
        return make_response(_wrong(here, name, note, refused.sentence), refused.status)
    return redirect(f"{HOME}?tak=1#oplysninger", 303)


@blueprint.post("/borger/luk")
@open_to_all
def leave() -> ResponseReturnValue:
    """End the visit."""
    visit.refuse_employees_and_strangers()
    sessions.end()
    return redirect("/borger", 303)


def _door(*, error: str = "", typed: str = "", is_over: bool = False) -> str:
    has_login = runtime().citizen_login is not None
    page = DoorPage(_own_cases(), has_login, error, typed, is_over, _phones())
    return render_template(
        "citizen_page/door.html", page=page, states=words.STATES, practice=visit.is_practice()
    )


def _own_cases() -> tuple[OwnCase, ...]:
    cpr = visit.cpr_of_login()
    if cpr is None:
        return ()
    with reading(runtime().engine) as session:
        return own_cases(session, cpr, runtime().keys.pepper)


def _phones() -> tuple[tuple[str, str], ...]:
    """Whom one can ring: by municipality, the number and when; without those that have not said so."""
    with reading(runtime().engine) as session:
        municipalities = session.exec(select(Municipality).order_by(col(Municipality.name))).all()
    told = [(each.name, lines_of(runtime().settings.contacts, each.code)) for each in municipalities]
    return tuple(
        (name, f"{said['phone']}, {said.get('hours', '')}") for name, said in told if "phone" in said
    )


def _opened(here: Visit) -> CitizenPage:
    """The page, after the entry that it is about to be shown."""
    opened_by_citizen(runtime().engine, here.case_id, here.speaker, now=now())
    settings = runtime().settings
    with reading(runtime().engine) as session:
        return page_of(session, here.case_id, settings.contacts, today(), settings.retention, runtime().shelf)


def _wrong(here: Visit, name: str, note: str = "", error: str = "") -> str:
    page = _opened(here)
    return render_template(
        "citizen_page/wrong.html", page=page, fact=fact_named(page, name), note=note, error=error,
        practice=visit.is_practice(),
    )  # fmt: skip


def fact_named(page: CitizenPage, name: str) -> FactRow:
    """The fact of that name, if it can be said to be wrong; raises NotFound."""
    for group in page.groups:
        for fact in group.facts:
            if fact.name == name and (fact.may_be_wrong or fact.state):
                return fact
    raise NotFound(gettext("Den oplysning findes ikke på siden."))
