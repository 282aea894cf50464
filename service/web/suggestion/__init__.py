"""After the judgement: the basis, or why there is none, and what was shown as it was shown."""

from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from flask import Blueprint, make_response, redirect, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from service.database import reading
from service.errors import NotFound
from service.policy import Action
from service.tables.suggestion import Suggestion
from service.web.assessment.case_page import CasePage
from service.web.current import runtime
from service.web.decision.form import TEXT, VIEW
from service.web.guard import current_actor, guarded
from service.web.opening import open_case, read_case
from service.web.suggestion.answering import answer_to
from service.web.suggestion.page import basis_page, reading_page, right_place, stored
from service.workflow import suggestion
from service.workflow.assessment import drafts

blueprint = Blueprint("suggestion", __name__)

FORBIDDEN_REASON = "no_legal_basis"
"""The one reason for which the evidence is refused by law: the page says so, and its status too."""

OVERSEES = "tilsyn"


@dataclass(frozen=True)
class ShownPage:
    """What was shown, exactly, and what proves it."""

    case: CasePage
    fragment: Markup
    at: datetime
    template_version: str
    model_version: str
    manifest_hash: str
    payload_hash: str
    log_place: str


@blueprint.get("/sag/<case_id>/grundlag")
@guarded(Action.SEE_EVIDENCE)
def basis(case_id: str) -> ResponseReturnValue:
    """The basis and the decision form; before the judgement there is nothing to show, and the way is back."""
    file = open_case(case_id)
    elsewhere = right_place(file)
    if elsewhere:
        return redirect(elsewhere, 303)
    if file.suggestion is None:
        return render_template("suggestion/unanswered.html", case=reading_page(file))
    with reading(runtime().engine) as session:
        draft = drafts.load(session, case_id, "decision", by=current_actor())
    status = 403 if file.suggestion.reason == FORBIDDEN_REASON else 200
    written = {name: draft.get(name, []) for name in (TEXT, VIEW)}
    return basis_page(case_id, written, {}, token_hex(16), status)


@blueprint.post("/sag/<case_id>/grundlag")
@guarded(Action.SEE_EVIDENCE)
def ask_again(case_id: str) -> ResponseReturnValue:
    """Answer a judgement that was stored while the answer was not, as when the machine stopped in between."""
    file = read_case(case_id)
    if file.assessment is not None and not file.needs_judgement:
        answer_to(file.assessment.id)
    return redirect(f"/sag/{case_id}/grundlag", 303)


@blueprint.get("/sag/<case_id>/som-vist/<suggestion_id>")
@guarded(Action.OPEN_CASE)
def as_shown(case_id: str, suggestion_id: str) -> ResponseReturnValue:
    """The stored fragment again, byte for byte; what is or was withheld cannot be opened here either.

    Whoever oversees the case can: a right of the citizen stops the use of what was shown, not the record.
    """
    file = open_case(case_id)
    with reading(runtime().engine) as session:
        answer = session.get(Suggestion, suggestion_id)
        if answer is None or answer.case_id != case_id:
            raise NotFound
        shown = suggestion.as_shown(session, answer)
        held_back = suggestion.held_back_now(session, file, answer)
    if shown.fragment is None or (held_back and current_actor().role != OVERSEES):
        raise NotFound
    page = ShownPage(
        case=reading_page(file),
        fragment=stored(shown.fragment),
        at=answer.at,
        template_version=shown.template_version,
        model_version=answer.model_version or "",
        manifest_hash=answer.manifest_hash or "",
        payload_hash=answer.payload_hash or "",
        log_place=f"{answer.shard} nr. {answer.log_seq}",
    )
    return make_response(render_template("suggestion/as_shown.html", page=page))
