"""Sparring: asking a colleague, and answering one, without leaving the case."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from sqlmodel import Session, col, select
from werkzeug.wrappers import Response as AnyResponse

from service import log
from service.database import reading, writing
from service.errors import Refused
from service.policy import Action
from service.tables.organisation import Person
from service.web.assessment.case_page import case_page
from service.web.current import now, runtime, today
from service.web.forms import text_field, typed_in
from service.web.guard import current_actor, guarded
from service.web.opening import open_case
from service.workflow.assessment import consultation
from service.workflow.case_file import CaseFile

blueprint = Blueprint("consultation", __name__)


@dataclass(frozen=True)
class Advice:
    """A question to the team and its answer; `answer` is None while it waits."""

    id: str
    asked_by: str
    asked_at: datetime
    question: str
    answered_by: str | None
    answer: str | None
    is_mine: bool


def advice_in(session: Session, file: CaseFile) -> tuple[Advice, ...]:
    """Every consultation of a case, in order, with the words that were said."""
    people = {asked.asked_by for asked in file.consultations}
    people |= {answer.answered_by for answer in file.consultation_answers}
    found = session.exec(select(Person).where(col(Person.id).in_(people))).all()
    names = {person.id: person.display_name for person in found}
    answers = {answer.consultation_id: answer for answer in file.consultation_answers}
    me = current_actor().person_id
    return tuple(
        Advice(
            id=asked.id,
            asked_by=names[asked.asked_by],
            asked_at=asked.at,
            question=log.open_part(session, asked)["text"],
            answered_by=names[answers[asked.id].answered_by] if asked.id in answers else None,
            answer=log.open_part(session, answers[asked.id])["text"] if asked.id in answers else None,
            is_mine=asked.asked_by == me,
        )
        for asked in file.consultations
    )


@blueprint.get("/sag/<case_id>/sparring")
@guarded(Action.CONSULT)
def show(case_id: str) -> str:
    """What has been asked and answered, and a field to ask."""
    return _page(open_case(case_id))


def _page(file: CaseFile, error: str = "", about: str = "") -> str:
    with reading(runtime().engine) as session:
        advice = advice_in(session, file)
    typed = typed_in(request.form) if not about else None
    return render_template(
        "assessment/consultation.html",
        page=case_page(file, now=now(), today=today(), may_judge=False),
        advice=advice,
        question=text_field(
            "tekst", gettext("Hvad vil du gerne have en kollegas øje på? (kan udelades)"), typed
        ),
        error=error,
        about=about,
    )


@blueprint.post("/sag/<case_id>/sparring")
@guarded(Action.CONSULT)
def ask(case_id: str) -> AnyResponse:
    """Ask the team; the case goes on as it was."""
    with writing(runtime().engine) as session:
        consultation.ask(session, case_id, text=request.form.get("tekst", ""), now=now(), by=current_actor())
    flash(gettext("Dine kolleger kan nu se i indbakken, at du beder om sparring."))
    return redirect(f"/sag/{case_id}", 303)


@blueprint.post("/sag/<case_id>/sparring/<consultation_id>/svar")
@guarded(Action.ANSWER_CONSULTATION)
def answer(case_id: str, consultation_id: str) -> AnyResponse:
    """A colleague's advice."""
    try:
        with writing(runtime().engine) as session:
            consultation.answer(
                session, consultation_id, text=request.form.get("tekst", ""), now=now(), by=current_actor()
            )
    except Refused as refused:
        page = _page(open_case(case_id), error=refused.sentence, about=consultation_id)
        return make_response(page, refused.status)
    flash(gettext("Dit svar er gemt i sagen."))
    return redirect("/indbakke", 303)
