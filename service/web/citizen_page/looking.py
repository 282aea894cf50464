"""A caseworker looks at what the citizen says is wrong: it stands for a reason, or it is put right."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from models import facts as case_facts
from service.database import reading, writing
from service.errors import Refused
from service.policy import Action
from service.web.current import now, runtime
from service.web.forms import FieldView, Typed, question_field, read_answers, text_field, typed_in
from service.web.guard import current_actor, current_case, guarded
from service.web.opening import open_case
from service.workflow.case_file import CaseFile
from service.workflow.citizen_page import reports
from service.workflow.citizen_page.speaker import PHONE, REPRESENTATIVE

blueprint = Blueprint("citizen_reports", __name__)

REPORT, OUTCOME, NOTE = "melding", "resultat", "note"


@dataclass(frozen=True)
class Waiting:
    """One report with the form for its look. `told` says who said it and how."""

    id: str
    at: datetime
    told: str
    label: str
    value: str
    source: str
    note: str
    answer: FieldView
    reason: FieldView
    error: str


@blueprint.get("/sag/<case_id>/meldinger")
@guarded(Action.RECORD_FACTS)
def show(case_id: str) -> ResponseReturnValue:
    """Everything that waits for a look; with nothing waiting the way leads to the case."""
    return _page(open_case(case_id))


@blueprint.post("/sag/<case_id>/meldinger")
@guarded(Action.RECORD_FACTS)
def answer(case_id: str) -> ResponseReturnValue:
    """Store what came of one look."""
    form, report_id = request.form, request.form.get(REPORT, "")
    with reading(runtime().engine) as session:
        report = reports.find(session, current_case(), report_id)
    file = open_case(case_id)
    answers, errors = read_answers([file.area.by_name[report.question]], form)
    corrected = form.get(OUTCOME) == reports.CORRECTED
    try:
        if corrected and errors:
            raise Refused(errors[report.question])
        if corrected and answers.get(report.question) is None:
            raise Refused(gettext("Skriv, hvad der er rigtigt, eller vælg »Ukendt«."))
        with writing(runtime().engine) as session:
            reports.answer_report(
                session, case_id, report_id, outcome=form.get(OUTCOME, ""),
                value=answers.get(report.question) if corrected else None, note=form.get(NOTE, ""), now=now(),
                by=current_actor(),
            )  # fmt: skip
    except Refused as refused:
        return _page(file, report_id, typed_in(form), refused.sentence)
    flash(gettext("Det er noteret, at du har set på det. Der kan vises grundlag igen efter en ny vurdering."))
    return redirect(f"/sag/{case_id}", 303)


def _page(
    file: CaseFile, about: str = "", typed: Typed | None = None, error: str = ""
) -> ResponseReturnValue:
    with reading(runtime().engine) as session:
        standing = reports.standing(session, file.case)
    if not standing:
        return redirect(f"/sag/{file.case.id}", 303)
    waiting = tuple(
        _waiting(file, said, typed if said.row.id == about else None, error if said.row.id == about else "")
        for said in standing
    )
    page = render_template("citizen_page/reports.html", file=file, waiting=waiting)
    return make_response(page, 422 if error else 200)


def _waiting(file: CaseFile, said: reports.Report, typed: Typed | None, error: str) -> Waiting:
    question = file.area.by_name[said.question]
    return Waiting(
        id=said.row.id,
        at=said.row.at,
        told=told_words(said.row.channel, said.row.speaker),
        label=question.label,
        value=case_facts.say(question, said.fact.value),
        source=said.fact.source.label,
        note=said.note,
        answer=question_field(question, None, typed),
        reason=text_field(
            NOTE, gettext("Hvad er du kommet frem til?"), typed,
            help_=gettext("Skal den blive stående, så skriv hvorfor. Borgeren kan læse det."),
        ),
        error=error,
    )  # fmt: skip


def told_words(channel: str, speaker: str) -> str:
    """Who said it, and how."""
    if speaker == REPRESENTATIVE:
        return gettext("En med fuldmagt, i telefonen") if channel == PHONE else gettext("En med fuldmagt")
    return gettext("Borgeren, i telefonen") if channel == PHONE else gettext("Borgeren selv")
