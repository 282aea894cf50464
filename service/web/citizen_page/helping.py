"""Helping a citizen from the case: a code, a power of attorney, her page read out, what she says is wrong."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from service.database import reading, writing
from service.errors import Refused
from service.policy import Action
from service.tables.organisation import Municipality
from service.web.citizen_page import fact_named
from service.web.current import now, runtime, today
from service.web.forms import FieldView, Typed, choice_field, faults_of, text_field, typed_in
from service.web.guard import current_actor, guarded
from service.web.opening import open_case
from service.web.purposes import chosen_for, is_over
from service.workflow.case_file import CaseFile
from service.workflow.citizen_page import codes, opening, reports, representation, words
from service.workflow.citizen_page.page import CitizenPage, page_of
from service.workflow.citizen_page.representation import Power
from service.workflow.citizen_page.speaker import PHONE, Speaker
from service.workflow.letter.contacts import lines_of

blueprint = Blueprint("citizen_help", __name__)

WHO, CITIZEN, POWER = "hvem", "borger", "fuldmagt"
NAME, DOCUMENT, FROM, TO = "navn", "dokument", "fra", "til"
A_DAY = timedelta(days=1)
"""A code is said to be good until the day before its hour."""
FACT, NOTE, READ_BACK = "oplysning", "note", "oplaest"


@dataclass(frozen=True)
class HelpPage:
    """Everything one can do for the citizen of a case. `power` is what stands, if anybody has one."""

    case_id: str
    serial: int
    name: str
    power: Power | None
    power_holds: bool
    whom: FieldView
    power_fields: tuple[FieldView, ...]
    errors: dict[str, str]


@blueprint.get("/sag/<case_id>/borger")
@guarded(Action.ASSIST_CITIZEN)
def show(case_id: str) -> ResponseReturnValue:
    """What can be done."""
    return _page(open_case(case_id))


@blueprint.post("/sag/<case_id>/borger/kode")
@guarded(Action.ASSIST_CITIZEN)
def issue(case_id: str) -> ResponseReturnValue:
    """Make a code and show it, this once: on paper for the letter, or to be read out."""
    file = open_case(case_id)
    try:
        speaker = _speaker(file, request.form.get(WHO, ""))
        with writing(runtime().engine) as session:
            code = codes.issue(
                session, case_id, key=runtime().keys.pepper, representation_id=speaker.representation_id,
                now=now(), by=current_actor(),
            )  # fmt: skip
    except Refused as refused:
        return _page(file, {WHO: refused.sentence}, typed_in(request.form))
    until = (now() + codes.VALID - A_DAY).date()
    return render_template(
        "citizen_page/code.html", file=file, code=code, speaker=speaker, until=until, phone=_phone(file),
        address=f"{runtime().settings.public_url}/borger",
    )  # fmt: skip


@blueprint.post("/sag/<case_id>/borger/fuldmagt")
@guarded(Action.ASSIST_CITIZEN)
def record_power(case_id: str) -> ResponseReturnValue:
    """Note who acts for the citizen."""
    form = request.form
    try:
        with writing(runtime().engine) as session:
            representation.record(
                session, case_id, name=form.get(NAME, ""), document=form.get(DOCUMENT, ""),
                valid_from=_day(form.get(FROM, ""), FROM), valid_to=_day(form.get(TO, ""), TO), now=now(),
                by=current_actor(),
            )  # fmt: skip
    except Refused as refused:
        return _page(open_case(case_id), {refused.field or NAME: refused.sentence}, typed_in(form))
    flash(gettext("Fuldmagten er noteret."))
    return redirect(f"/sag/{case_id}/borger", 303)


@blueprint.post("/sag/<case_id>/borger/fuldmagt/slut")
@guarded(Action.ASSIST_CITIZEN)
def withdraw_power(case_id: str) -> ResponseReturnValue:
    """Note that nobody acts for the citizen any more."""
    with writing(runtime().engine) as session:
        representation.withdraw(session, case_id, now=now(), by=current_actor())
    flash(gettext("Fuldmagten gælder ikke længere."))
    return redirect(f"/sag/{case_id}/borger", 303)


@blueprint.get("/sag/<case_id>/borger/laes-op")
@guarded(Action.ASSIST_CITIZEN)
def read_out(case_id: str) -> ResponseReturnValue:
    """The citizen's page, to be read out on the phone."""
    speaker, page = _opened(case_id, request.args.get(WHO, CITIZEN))
    return render_template(
        "citizen_page/read_out.html", page=page, words=words, speaker=speaker, who=_who(speaker)
    )


@blueprint.get("/sag/<case_id>/borger/udskrift")
@guarded(Action.ASSIST_CITIZEN)
def print_out(case_id: str) -> ResponseReturnValue:
    """The same page on paper, to be handed over or sent."""
    opening.opened_on_behalf(
        runtime().engine, case_id, None, now=now(), by=current_actor(), **_reopened(case_id)
    )
    return render_template("citizen_page/print_out.html", page=_gathered(case_id), words=words)


@blueprint.get("/sag/<case_id>/borger/forkert")
@guarded(Action.ASSIST_CITIZEN)
def wrong(case_id: str) -> ResponseReturnValue:
    """What the citizen says on the phone about one fact; without one the way leads to the page."""
    speaker, page = _opened(case_id, request.args.get(WHO, CITIZEN))
    return _wrong(page, speaker, request.args.get(FACT, ""))


@blueprint.post("/sag/<case_id>/borger/forkert")
@guarded(Action.ASSIST_CITIZEN)
def say_wrong(case_id: str) -> ResponseReturnValue:
    """Enter it on the citizen's behalf, once it has been read back."""
    form = request.form
    speaker, page = _opened(case_id, form.get(WHO, CITIZEN))
    try:
        with writing(runtime().engine) as session:
            reports.report_wrong(
                session, case_id, form.get(FACT, ""), note=form.get(NOTE, ""), speaker=speaker, now=now(),
                by=current_actor(), read_back=form.get(READ_BACK) == "ja",
            )  # fmt: skip
    except Refused as refused:
        answer = _wrong(page, speaker, form.get(FACT, ""), typed_in(form), refused)
        return make_response(answer, refused.status)
    flash(gettext("Oplysningen er meldt forkert. Den indgår ikke, før nogen har set på den."))
    return redirect(f"/sag/{case_id}/meldinger", 303)


def _opened(case_id: str, who: str) -> tuple[Speaker, CitizenPage]:
    """Who is on the phone, and the page, after the entry that it is read out to them."""
    with reading(runtime().engine) as session:
        speaker = _speaker_of(representation.standing(session, case_id), who)
    opening.opened_on_behalf(
        runtime().engine, case_id, speaker, now=now(), by=current_actor(), **_reopened(case_id)
    )
    return speaker, _gathered(case_id)


def _gathered(case_id: str) -> CitizenPage:
    settings = runtime().settings
    with reading(runtime().engine) as session:
        return page_of(session, case_id, settings.contacts, today(), settings.retention, runtime().shelf)


def _reopened(case_id: str) -> dict[str, str]:
    """What a case that is over was opened again for; nothing of one that is not."""
    return {"reopened_for": chosen_for(case_id) or ""} if is_over() else {}


def _speaker(file: CaseFile, who: str) -> Speaker:
    with reading(runtime().engine) as session:
        return _speaker_of(representation.standing(session, file.case.id), who)


def _speaker_of(power: Power | None, who: str) -> Speaker:
    if who == CITIZEN:
        return Speaker(channel=PHONE)
    if who != POWER:
        raise Refused(gettext("Vælg, hvem der ringer."), field=WHO)
    if power is None or not power.holds_on(today()):
        raise Refused(gettext("Der er ingen fuldmagt, som gælder i dag."), field=WHO)
    return Speaker(channel=PHONE, representation_id=power.id)


def _who(speaker: Speaker) -> str:
    return CITIZEN if speaker.representation_id is None else POWER


def _wrong(
    page: CitizenPage, speaker: Speaker, name: str, typed: Typed | None = None, refused: Refused | None = None
) -> ResponseReturnValue:
    if not name:
        return redirect(f"/sag/{page.case_id}/borger/laes-op?{WHO}={_who(speaker)}", 303)
    return render_template(
        "citizen_page/wrong_by_phone.html", page=page, fact=fact_named(page, name), who=_who(speaker),
        note=text_field(NOTE, gettext("Hvad siger borgeren? (kan udelades)"), typed),
        error=refused.sentence if refused else "",
    )  # fmt: skip


def _phone(file: CaseFile) -> str:
    """Whom the citizen can ring, "" where nobody has said so."""
    with reading(runtime().engine) as session:
        municipality = session.get_one(Municipality, file.case.municipality_id)
    return lines_of(runtime().settings.contacts, municipality.code).get("phone", "")


def _page(
    file: CaseFile, errors: dict[str, str] | None = None, typed: Typed | None = None
) -> ResponseReturnValue:
    errors = errors or {}
    with reading(runtime().engine) as session:
        power = representation.standing(session, file.case.id)
    holds = power is not None and power.holds_on(today())
    whom = [(CITIZEN, gettext("Borgeren selv"))]
    if power is not None and holds:
        whom.append((POWER, gettext("%(name)s, som har fuldmagt", name=power.name)))
    labels = {
        NAME: gettext("Hvem har fuldmagt?"), DOCUMENT: gettext("Hvor ligger fuldmagten?"),
        FROM: gettext("Gælder fra"), TO: gettext("Gælder til"),
    }  # fmt: skip
    fields = tuple(
        text_field(
            field, label, typed, errors.get(field, ""), type_="date" if field in (FROM, TO) else "text"
        )
        for field, label in labels.items()
    )
    page = HelpPage(
        file.case.id, file.case.serial, file.identity["name"], power, holds,
        choice_field(WHO, gettext("Hvem er koden til?"), whom, typed, errors.get(WHO, "")), fields, errors,
    )  # fmt: skip
    faults = faults_of((page.whom, *fields))
    answer = render_template("citizen_page/help.html", page=page, faults=faults)
    return make_response(answer, 422 if errors else 200)


def _day(text: str, field: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(gettext("Skriv en dato."), field=field) from None
