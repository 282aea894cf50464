"""The citizen's rights on her own page: yes or no to each use, and one step to ask for the rest."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from service import log
from service.database import reading, writing
from service.errors import NotFound, Refused
from service.web.citizen_page import visit
from service.web.citizen_page.visit import Visit, for_citizens
from service.web.current import now, runtime, today
from service.web.guard import open_to_all
from service.workflow import rights
from service.workflow.citizen_page.opening import opened_by_citizen
from service.workflow.rights.own_words import ASK_FIRST, ASKED_FOR, BY_POWER, MAY_WE
from service.workflow.rights.standing import Standing, of_case

blueprint = Blueprint("citizen_rights", __name__)

HOME = "/borger/rettigheder"
KIND, WORDS, SAID = "rettighed", "ord", "svar"
YES, NO = "ja", "nej"


@dataclass(frozen=True)
class Choice:
    """One use she can say yes or no to, and what she has said."""

    code: str
    question: str
    is_no: bool


@dataclass(frozen=True)
class Asked:
    """One thing she has asked for; `answer` is what she was told, "" while she waits."""

    label: str
    received_on: date
    due_on: date
    answer: str
    is_open: bool


@dataclass(frozen=True)
class OwnRights:
    """Everything on the page."""

    choices: tuple[Choice, ...]
    asked: tuple[Asked, ...]
    kinds: tuple[tuple[str, str], ...]
    chosen: str = ""
    words: str = ""
    error: str = ""


@blueprint.get(HOME)
@open_to_all
@for_citizens
def show(here: Visit) -> ResponseReturnValue:
    """What she has said and asked for."""
    return _page(here)


@blueprint.post(HOME)
@open_to_all
@for_citizens
def ask(here: Visit) -> ResponseReturnValue:
    """Ask for something; it holds at once, where there is something to hold."""
    kind, words = request.form.get(KIND, ""), request.form.get(WORDS, "")
    try:
        _ask(here, kind if kind in ASKED_FOR else "", words.replace("\r\n", "\n"))
    except Refused as refused:
        return make_response(_page(here, kind, words, refused.sentence), refused.status)
    return redirect(f"{HOME}#bedt-om", 303)


@blueprint.post(f"{HOME}/valg")
@open_to_all
@for_citizens
def choose(here: Visit) -> ResponseReturnValue:
    """Say yes or no to one use. To say the same again changes nothing."""
    kind, said = request.form.get(KIND, ""), request.form.get(SAID, "")
    if kind not in (*MAY_WE, *ASK_FIRST) or said not in (YES, NO):
        raise NotFound
    if said == (YES if kind in ASK_FIRST else NO):
        _ask(here, kind, "")
    else:
        _take_back(here, kind)
    return redirect(f"{HOME}#{kind}", 303)


def _ask(here: Visit, kind: str, words: str) -> None:
    by_power = here.speaker.representation_id is not None
    with writing(runtime().engine) as session:
        rights.ask(
            session, here.case_id, kind, channel="own", speaker=here.speaker.kind, words=words,
            on_behalf=BY_POWER if by_power else "", received_on=today(), now=now(), by=None,
        )  # fmt: skip


def _take_back(here: Visit, kind: str) -> None:
    with reading(runtime().engine) as session:
        standing = [each for each in of_case(session, here.case_id) if each.request.kind == kind]
    for each in standing:
        if each.is_in_force:
            with writing(runtime().engine) as session:
                rights.withdraw(session, each.request.id, now=now(), by=None)


def _page(here: Visit, chosen: str = "", words: str = "", error: str = "") -> str:
    opened_by_citizen(runtime().engine, here.case_id, here.speaker, now=now())
    with reading(runtime().engine) as session:
        standing = of_case(session, here.case_id)
        asked = tuple(_asked(session, each) for each in reversed(standing) if each.request.kind in ASKED_FOR)
    held = {each.request.kind for each in standing if each.is_in_force}
    choices = (
        *(Choice(code, question, code in held) for code, question in MAY_WE.items()),
        *(Choice(code, question, code not in held) for code, question in ASK_FIRST.items()),
    )
    page = OwnRights(
        choices=choices,
        asked=asked, kinds=tuple(ASKED_FOR.items()), chosen=chosen, words=words, error=error,
    )  # fmt: skip
    return render_template("citizen_page/rights.html", page=page, practice=visit.is_practice())


def _asked(session: Session, standing: Standing) -> Asked:
    request_, answer = standing.request, standing.answer
    return Asked(
        label=ASKED_FOR[request_.kind],
        received_on=request_.received_on,
        due_on=standing.due_on,
        answer=log.open_part(session, answer)["words"] if answer else "",
        is_open=standing.is_open,
    )
