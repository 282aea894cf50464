"""Three questions to the citizen, which she may answer or leave: nothing of it can be found again.

The page says nothing about her, and leaves no entry: an entry would tell when she answered.
"""

from collections.abc import Mapping

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.database import reading, writing
from service.errors import NotFound, Refused
from service.web.citizen_page import visit
from service.web.citizen_page.visit import Visit, for_citizens
from service.web.current import now, runtime
from service.web.guard import open_to_all
from service.workflow.case_file import open_file
from service.workflow.citizen_page.speaker import CITIZEN
from service.workflow.effect import trust

blueprint = Blueprint("citizen_trust", __name__)

PATH = "/borger/tillid"
PREFIX = "svar."
FIELDS = tuple(PREFIX + code for code in trust.QUESTIONS)


@blueprint.get(PATH)
@open_to_all
@for_citizens
def show(here: Visit) -> ResponseReturnValue:
    """The questions, with nothing chosen; once she has answered, the thanks."""
    return _page(here, {}, "")


@blueprint.post(PATH)
@open_to_all
@for_citizens
def answer(here: Visit) -> ResponseReturnValue:
    """Count the answers, once in a visit."""
    _refuse_others(here)
    given = {code: said for code in trust.QUESTIONS if (said := request.form.get(PREFIX + code, ""))}
    if visit.has_answered():
        return redirect(PATH, 303)
    try:
        with writing(runtime().engine) as session:
            trust.answer(session, here.case_id, given, now=now())
    except Refused as refused:
        return make_response(_page(here, given, refused.sentence), refused.status)
    visit.remember_answer()
    return redirect(PATH, 303)


def _page(here: Visit, given: Mapping[str, str], error: str) -> str:
    _refuse_others(here)
    return render_template(
        "citizen_page/trust.html", questions=trust.QUESTIONS, answers=trust.ANSWERS, given=given,
        prefix=PREFIX, error=error, has_answered=visit.has_answered(), practice=visit.is_practice(),
    )  # fmt: skip


def _refuse_others(here: Visit) -> None:
    """She is asked what she thinks herself, and only about a decision."""
    with reading(runtime().engine) as session:
        asked = trust.may_answer(open_file(session, here.case_id))
    if here.speaker.kind != CITIZEN or not asked:
        raise NotFound
