"""The citizen's letter: written after the decision, if at all, shown and printed as it was signed."""

from dataclasses import dataclass

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from service.clock import local_date
from service.database import reading, writing
from service.errors import Refused
from service.policy import Action
from service.web.assessment.case_page import CasePage
from service.web.current import now, runtime, today
from service.web.decision.planning_form import first_of
from service.web.forms import Typed, typed_in
from service.web.guard import current_actor, guarded
from service.web.letter.form import (
    CONFIRMED,
    DECISION,
    PREVIEW,
    REPLACES,
    TASK,
    WEIGHED,
    LetterForm,
    letter_form,
    parts_in,
)
from service.web.letter.pdf import pdf_of
from service.web.opening import open_case
from service.web.suggestion.page import reading_page
from service.workflow.case_file import CaseFile
from service.workflow.letter.checks import faults_of
from service.workflow.letter.compose import LetterText, compose
from service.workflow.letter.draft import draft_of
from service.workflow.letter.ground import LETTER_STATES, Ground, ground_of
from service.workflow.letter.write import Signed, signed_letter, write_letter

blueprint = Blueprint("letter", __name__)
LARGE = "stor"


@dataclass(frozen=True)
class WritingPage:
    """The form, and the letter as it would be with what stands in it."""

    case: CasePage
    form: LetterForm
    letter: LetterText
    is_new_version: bool


@dataclass(frozen=True)
class LetterPage:
    """A signed letter. `is_outdated` says that the decision has been replaced since."""

    case_id: str
    serial: int
    letter: LetterText
    large: bool
    is_outdated: bool
    may_be_rewritten: bool


@blueprint.get("/sag/<case_id>/brev")
@guarded(Action.WRITE_LETTER)
def write(case_id: str) -> ResponseReturnValue:
    """The draft, its three parts and the citizen's wish to confirm or write anew, and how it will look."""
    file = open_case(case_id)
    if file.state not in LETTER_STATES:
        return redirect(f"/sag/{case_id}", 303)
    return _writing_page(file)


@blueprint.post("/sag/<case_id>/brev")
@guarded(Action.WRITE_LETTER)
def sign(case_id: str) -> ResponseReturnValue:
    """Sign the letter, or only show how it will look. A letter that must be mended is shown again."""
    typed = typed_in(request.form)
    if first_of(typed, TASK) == PREVIEW:
        return _writing_page(open_case(case_id), typed)
    try:
        _store(case_id, typed)
    except Refused as refused:
        return _writing_page(open_case(case_id), typed, refused)
    flash(gettext("Brevet er gemt."))
    return redirect(f"/sag/{case_id}/brev/vis", 303)


@blueprint.get("/sag/<case_id>/brev/vis")
@guarded(Action.OPEN_CASE)
def show(case_id: str) -> ResponseReturnValue:
    """The letter as it was signed; before there is one, the way leads to the case."""
    file, signed = _signed(case_id)
    if signed is None:
        return redirect(f"/sag/{case_id}", 303)
    page = LetterPage(
        case_id=case_id,
        serial=file.case.serial,
        letter=signed.text,
        large=_is_large(),
        is_outdated=file.decision is None or file.decision.id != signed.row.decision_id,
        may_be_rewritten=file.state in LETTER_STATES,
    )
    return render_template("letter/read.html", page=page)


@blueprint.get("/sag/<case_id>/brev.pdf")
@guarded(Action.OPEN_CASE)
def pdf(case_id: str) -> ResponseReturnValue:
    """The same letter as a tagged PDF, to be printed or handed over."""
    file, signed = _signed(case_id)
    if signed is None:
        return redirect(f"/sag/{case_id}", 303)
    answer = make_response(pdf_of(signed.text, large=_is_large()))
    day = local_date(signed.row.at).isoformat()
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="brev-sag-{file.case.serial}-{day}.pdf"'
    return answer


def _signed(case_id: str) -> tuple[CaseFile, Signed | None]:
    file = open_case(case_id)
    with reading(runtime().engine) as session:
        return file, signed_letter(session, case_id)


def _is_large() -> bool:
    return request.args.get("skrift") == LARGE


def _store(case_id: str, typed: Typed) -> None:
    with writing(runtime().engine) as session:
        write_letter(
            session,
            case_id,
            parts_in(typed),
            confirmed=tuple(typed.get(CONFIRMED, ())),
            decision_id=first_of(typed, DECISION),
            replaces=first_of(typed, REPLACES) or None,
            contacts=runtime().settings.contacts,
            now=now(),
            by=current_actor(),
        )


def _writing_page(file: CaseFile, typed: Typed | None = None, refused: Refused | None = None) -> Response:
    with reading(runtime().engine) as session:
        ground = ground_of(session, file, runtime().settings.contacts, today())
        before = signed_letter(session, file.case.id)
    form, letter = _form_of(file, ground, before, typed, refused)
    page = WritingPage(reading_page(file), form, letter, is_new_version=before is not None)
    return make_response(render_template("letter/write.html", page=page), 422 if refused else 200)


def _form_of(
    file: CaseFile, ground: Ground, before: Signed | None, typed: Typed | None, refused: Refused | None
) -> tuple[LetterForm, LetterText]:
    """What was typed stands in the form, else the letter before about this decision, else the draft."""
    decision_id = file.decision.id if file.decision else ""
    is_current = before is not None and before.row.decision_id == decision_id
    parts = before.parts if before is not None and is_current else draft_of(ground)
    confirmed: list[str] = []
    errors: dict[str, str] = {}
    replaces = before.row.id if before else ""
    if typed is not None:
        parts, confirmed = parts_in(typed), list(typed.get(CONFIRMED, ()))
        errors = faults_of(ground, parts, confirmed)
        decision_id, replaces = first_of(typed, DECISION), first_of(typed, REPLACES)
    if refused is not None and not errors:
        errors = {refused.field or WEIGHED: refused.sentence}
    form = letter_form(parts, confirmed, errors, decision_id=decision_id, replaces=replaces)
    return form, compose(ground, parts)
