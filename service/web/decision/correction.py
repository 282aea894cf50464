"""The course of a case, and its corrections: new rows that name what they replace. Nothing is overwritten."""

from dataclasses import dataclass
from secrets import token_hex

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from service import policy
from service.database import reading, writing
from service.errors import Forbidden, Refused
from service.policy import Action
from service.tables.assessment import Assessment
from service.web.assessment.case_page import CHOICE as OWN_CHOICE
from service.web.assessment.case_page import CONFIDENCE, CasePage, confidence_words
from service.web.current import now, runtime
from service.web.decision import after, store
from service.web.decision import form as fields
from service.web.decision.form import CHOICE, KEY, DecisionForm, decision_form
from service.web.decision.history import Entry, history_of
from service.web.decision.planning_form import first_of
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, typed_in
from service.web.guard import current_actor, current_case, guarded
from service.web.opening import open_case
from service.web.suggestion.answering import answer_to
from service.web.suggestion.page import reading_page
from service.workflow import assessment
from service.workflow.assessment import options_of
from service.workflow.case_file import CaseFile, CaseState, open_file

blueprint = Blueprint("correction", __name__)

REPLACES = "replaces"
"""The field that names the row a correction replaces: what she saw when she opened the form."""


@dataclass(frozen=True)
class OwnForm:
    """The correction of a judgement."""

    choice: FieldView
    confidence: FieldView
    key: str

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of((self.choice, self.confidence))


@dataclass(frozen=True)
class CorrectionPage:
    """The course of the case, and a form for each step that can be corrected by whoever looks."""

    case: CasePage
    entries: tuple[Entry, ...]
    decision: DecisionForm | None
    decision_id: str
    judgement: OwnForm | None
    judgement_id: str
    may_replan: bool

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend in the form that was sent."""
        forms = [form for form in (self.judgement, self.decision) if form is not None]
        return tuple(fault for form in forms for fault in form.faults)


@blueprint.get("/sag/<case_id>/ret")
@guarded(Action.OPEN_CASE)
def show(case_id: str) -> ResponseReturnValue:
    """Everything that was judged, shown, decided and planned, with forms to correct it."""
    return _page(open_case(case_id))


@blueprint.post("/sag/<case_id>/ret/beslutning")
@guarded(Action.CORRECT)
def correct_decision(case_id: str) -> ResponseReturnValue:
    """A new decision that names the one it replaces."""
    typed = typed_in(request.form)
    errors = fields.missing(typed)
    if not errors:
        try:
            decided = store(case_id, typed, replaces=first_of(typed, REPLACES))
            flash(gettext("Rettelsen er gemt. Den første beslutning bliver stående i sagens forløb."))
            return redirect(after(case_id, decided), 303)
        except Refused as refused:
            errors = {refused.field or CHOICE: refused.sentence}
    return _page(open_case(case_id), decision_typed=typed, errors=errors)


@blueprint.post("/sag/<case_id>/ret/vurdering")
@guarded(Action.CORRECT)
def correct_judgement(case_id: str) -> ResponseReturnValue:
    """A new judgement that names the one it replaces; it is answered anew, and the decision follows it."""
    typed = typed_in(request.form)
    errors = _missing_in_judgement(typed)
    if not errors:
        try:
            answer_to(_store_judgement(case_id, typed).id)
            return redirect(f"/sag/{case_id}/grundlag", 303)
        except Refused as refused:
            field = CONFIDENCE if refused.field == "confidence" else OWN_CHOICE
            errors = {field: refused.sentence}
    return _page(open_case(case_id), judgement_typed=typed, errors=errors)


def _store_judgement(case_id: str, typed: Typed) -> Assessment:
    with writing(runtime().engine) as session:
        file = open_file(session, case_id)
        return assessment.record(
            session,
            case_id,
            facts_id=file.facts_version.id,
            choice=first_of(typed, OWN_CHOICE),
            confidence=first_of(typed, CONFIDENCE),
            wants_evidence=file.assessment is None or file.assessment.wants_evidence,
            opened_at=now(),
            key=first_of(typed, KEY),
            now=now(),
            by=current_actor(),
            replaces=first_of(typed, REPLACES),
        )


def _missing_in_judgement(typed: Typed) -> dict[str, str]:
    errors = {}
    if not first_of(typed, OWN_CHOICE):
        errors[OWN_CHOICE] = gettext("Vælg, hvad borgeren har brug for.")
    if not first_of(typed, CONFIDENCE):
        errors[CONFIDENCE] = gettext("Vælg, hvor sikker du er.")
    return errors


def _page(
    file: CaseFile,
    *,
    decision_typed: Typed | None = None,
    judgement_typed: Typed | None = None,
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    with reading(runtime().engine) as session:
        entries = history_of(session, file)
    may = _may_correct()
    is_open = may and file.state is not CaseState.CLOSED
    decided = file.decision if is_open and not file.needs_judgement else None
    judged = file.assessment if is_open else None
    page = CorrectionPage(
        case=reading_page(file),
        entries=entries,
        decision=_decision_form(file, decision_typed, errors or {}) if decided else None,
        decision_id=decided.id if decided else "",
        judgement=_own_form(file, judgement_typed, errors or {}) if judged else None,
        judgement_id=judged.id if judged else "",
        may_replan=may and file.state is CaseState.PLANNED,
    )
    return make_response(render_template("decision/correction.html", page=page), 422 if errors else 200)


def _may_correct() -> bool:
    try:
        policy.authorize(current_actor(), Action.CORRECT, current_case())
    except Forbidden:
        return False
    return True


def _decision_form(file: CaseFile, typed: Typed | None, errors: dict[str, str]) -> DecisionForm:
    key = first_of(typed or {}, KEY) or token_hex(16)
    return decision_form(file.area, options_of(file, now()), key, typed, errors)


def _own_form(file: CaseFile, typed: Typed | None, errors: dict[str, str]) -> OwnForm:
    options = [(option.code, option.label) for option in options_of(file, now())]
    return OwnForm(
        choice=choice_field(
            OWN_CHOICE, gettext("Hvad har borgeren brug for?"), options, typed, errors.get(OWN_CHOICE, "")
        ),
        confidence=choice_field(
            CONFIDENCE, gettext("Hvor sikker er du?"), confidence_words(), typed, errors.get(CONFIDENCE, "")
        ),
        key=first_of(typed or {}, KEY) or token_hex(16),
    )
