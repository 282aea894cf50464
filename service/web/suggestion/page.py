"""What the page after the judgement shows: what was stored, or why nothing is, and the decision form."""

from dataclasses import dataclass
from datetime import datetime

from flask import make_response, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlmodel import Session

from service import policy
from service.database import reading
from service.errors import AssessmentMissing, Forbidden
from service.policy import Action
from service.tables.assessment import Assessment
from service.tables.organisation import Person
from service.tables.suggestion import Suggestion
from service.web.assessment.case_page import CasePage, case_page, confidence_words
from service.web.assessment.consultation import Advice, advice_in
from service.web.competence import quiz_state
from service.web.current import now, runtime, today
from service.web.decision.form import DecisionForm, decision_form
from service.web.forms import Typed
from service.web.guard import current_actor, current_case
from service.web.labels import option_label
from service.web.suggestion.withheld import Withheld, withheld
from service.workflow import suggestion
from service.workflow.assessment import options_of
from service.workflow.case_file import CaseFile, CaseState, open_file
from service.workflow.competence import HEADLINE
from service.workflow.suggestion.searched import others_searched


@dataclass(frozen=True)
class OwnJudgement:
    """What was judged before anything was shown. `by` is a colleague's name, "" when it was her own."""

    label: str
    confidence: str
    at: datetime
    by: str


@dataclass(frozen=True)
class BasisPage:
    """Everything on the page. `fragment` is what was stored, or None when nothing is shown."""

    case: CasePage
    judgement: OwnJudgement
    fragment: Markup | None
    withheld: Withheld | None
    shown_id: str
    form: DecisionForm
    may_decide: bool
    has_new_facts: bool
    must_judge_again: bool
    waits_for_a_look: bool
    advice: tuple[Advice, ...]
    quiz_opens_more: bool
    others_searched: bool


def basis_page(
    case_id: str, typed: Typed, errors: dict[str, str], key: str, status: int
) -> ResponseReturnValue:
    """The page with the form as it was left: what was typed stands in it, what is to be mended is said.

    Raises AssessmentMissing when there is no judgement or it has no answer.
    """
    with reading(runtime().engine) as session:
        file = open_file(session, case_id)
        if file.assessment is None or file.suggestion is None:
            raise AssessmentMissing
        form = decision_form(file.area, options_of(file, now()), key, typed, errors)
        page = _page(session, file, file.assessment, file.suggestion, form)
    return make_response(render_template("suggestion/page.html", page=page), status)


def right_place(file: CaseFile) -> str | None:
    """Where a case belongs that is not waiting for a decision; None when it is."""
    home = f"/sag/{file.case.id}"
    if file.state is CaseState.JUDGED:
        return None
    if file.needs_judgement or file.state is CaseState.CLOSED or file.decision is None:
        return home
    return f"{home}/kvittering"


def reading_page(file: CaseFile) -> CasePage:
    """The case to be looked at only: who, by when, the plan and the facts."""
    return case_page(file, now=now(), today=today(), may_judge=False)


def stored(fragment: str) -> Markup:
    """A fragment from the log as markup: its template escaped it, and the log holds its commitment."""
    return Markup(fragment)  # noqa: S704 - our own fragment, escaped when it was made and kept as it was shown


def _page(
    session: Session, file: CaseFile, judged: Assessment, answer: Suggestion, form: DecisionForm
) -> BasisPage:
    fragment, nothing, others = _shown_or_why_not(session, file, answer)
    return BasisPage(
        case=reading_page(file),
        judgement=_judgement(session, file, judged),
        fragment=fragment,
        withheld=nothing,
        shown_id=answer.id,
        form=form,
        may_decide=_may_decide() and not file.evidence_withdrawn and not file.waits_for_a_look,
        has_new_facts=file.facts_are_newer,
        must_judge_again=file.evidence_withdrawn,
        waits_for_a_look=file.waits_for_a_look,
        advice=advice_in(session, file),
        quiz_opens_more=_quiz_opens_more(session, answer),
        others_searched=others,
    )


def _quiz_opens_more(session: Session, answer: Suggestion) -> bool:
    """Whether her unit shows a headline, and she is shown none because she has not passed the quiz."""
    actor = current_actor()
    if answer.mode == HEADLINE or not policy.permits(actor, Action.TAKE_QUIZ):
        return False
    state = quiz_state(session, actor, now())
    return state.wanted and not state.passed


def _shown_or_why_not(
    session: Session, file: CaseFile, answer: Suggestion
) -> tuple[Markup | None, Withheld | None, bool]:
    """What was shown, or why nothing is; and whether other municipalities' cases were looked through too."""
    if file.waits_for_a_look:
        return None, withheld("reported_wrong"), False
    if file.evidence_withdrawn:
        return None, withheld("marked_wrong"), False
    if reason := suggestion.held_back_now(session, file, answer):
        return None, withheld(reason), False
    shown = suggestion.as_shown(session, answer)
    if shown.fragment is not None:
        return stored(shown.fragment), None, others_searched(shown.payload)
    details = shown.payload["abstained_sentences"] if shown.payload else ()
    return None, withheld(answer.reason or "", tuple(details)), False


def _may_decide() -> bool:
    """An auditor reads the page; the form is for those whose work it is."""
    try:
        policy.authorize(current_actor(), Action.DECIDE, current_case())
    except Forbidden:
        return False
    return True


def _judgement(session: Session, file: CaseFile, judged: Assessment) -> OwnJudgement:
    person = session.get_one(Person, judged.person_id)
    own = person.id == current_actor().person_id
    return OwnJudgement(
        label=option_label(file, judged),
        confidence=dict(confidence_words())[judged.confidence].lower(),
        at=judged.at,
        by="" if own else person.display_name,
    )
