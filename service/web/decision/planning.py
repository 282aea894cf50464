"""Planning: form, team, place and first date, a step of its own after the decision."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.database import writing
from service.errors import Refused
from service.policy import Action
from service.web.assessment.case_page import CasePage
from service.web.current import now, runtime
from service.web.decision.planning_form import (
    FORMS,
    PLACE,
    START,
    TEAM,
    PlanningForm,
    as_typed,
    first_date_in,
    first_of,
    missing,
    planning_form,
)
from service.web.forms import Typed, typed_in
from service.web.guard import current_actor, guarded
from service.web.labels import option_label
from service.web.opening import open_case
from service.web.suggestion.page import reading_page, right_place
from service.workflow import decision
from service.workflow.case_file import CaseFile, CaseState

blueprint = Blueprint("planning", __name__)

PLANNABLE = (CaseState.DECIDED, CaseState.PLANNED)


@dataclass(frozen=True)
class PlanningPage:
    """The form beside what was decided and the day by which a start must be offered."""

    case: CasePage
    decided: str
    due_on: date
    form: PlanningForm
    is_correction: bool


@blueprint.get("/sag/<case_id>/planlaegning")
@guarded(Action.PLAN)
def show(case_id: str) -> ResponseReturnValue:
    """The form; a case that is not decided belongs elsewhere."""
    file = open_case(case_id)
    if file.state not in PLANNABLE:
        return redirect(right_place(file) or f"/sag/{case_id}/grundlag", 303)
    return _page(file, as_typed(file.planning), {}, 200)


@blueprint.post("/sag/<case_id>/planlaegning")
@guarded(Action.PLAN)
def plan(case_id: str) -> ResponseReturnValue:
    """Store the plan and lead on to the receipt."""
    typed = typed_in(request.form)
    errors = missing(typed)
    if not errors:
        try:
            _store(case_id, typed)
            return redirect(f"/sag/{case_id}/kvittering", 303)
        except Refused as refused:
            errors = {refused.field or FORMS: refused.sentence}
    return _page(open_case(case_id), typed, errors, 422)


def _store(case_id: str, typed: Typed) -> None:
    with writing(runtime().engine) as session:
        decision.plan(
            session,
            case_id,
            forms=tuple(typed.get(FORMS, ())),
            team=first_of(typed, TEAM),
            place=first_of(typed, PLACE),
            start_status=first_of(typed, START),
            first_date=first_date_in(typed),
            now=now(),
            by=current_actor(),
        )


def _page(file: CaseFile, typed: Typed | None, errors: dict[str, str], status: int) -> ResponseReturnValue:
    page = PlanningPage(
        case=reading_page(file),
        decided=option_label(file, file.decision) if file.decision else "",
        due_on=file.case.due_on,
        form=planning_form(file.area, typed, errors),
        is_correction=file.planning is not None,
    )
    return make_response(render_template("decision/planning.html", page=page), status)
