"""The decision, how it is carried out, and its receipt."""

from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex

from flask import Blueprint, Response, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from service.database import reading, writing
from service.errors import Refused
from service.log.sealed import is_sealed, proof_of
from service.log.tlog_proof import SUFFIX
from service.policy import Action, permits
from service.tables.decision import Decision
from service.web.current import now, runtime, today
from service.web.decision import form as fields
from service.web.decision.form import CHOICE, KEY, REASON, SECOND, TEXT, VIEW
from service.web.decision.planning_form import first_of
from service.web.forms import Typed, typed_in
from service.web.guard import current_actor, guarded
from service.web.opening import open_case
from service.web.suggestion.page import basis_page, right_place
from service.workflow import decision
from service.workflow.assessment import drafts
from service.workflow.case_file import WAITING_CHOICES, CaseFile
from service.workflow.caseload import InboxRow, next_case
from service.workflow.decision.receipt import Receipt, receipt_of
from service.workflow.letter.ground import LETTER_STATES

blueprint = Blueprint("decision", __name__)
SEALED_WITHIN = timedelta(minutes=2)
"""A minute until the next seal, and one to spare."""


@dataclass(frozen=True)
class ReceiptPage:
    """The receipt, what happens next when the case waits, and where to go on.

    `is_sealed` says whether the entry can be proved yet, `should_be` that it has had its time to be.
    """

    case_id: str
    receipt: Receipt
    choice: str
    next: InboxRow | None
    may_plan: bool
    may_write_letter: bool
    is_sealed: bool
    should_be: bool


@blueprint.post("/sag/<case_id>/beslutning")
@guarded(Action.DECIDE)
def decide(case_id: str) -> ResponseReturnValue:
    """Store the decision and lead on: to planning, or to the receipt when the case waits."""
    typed = typed_in(request.form)
    errors = fields.missing(typed)
    if not errors:
        try:
            return redirect(after(case_id, store(case_id, typed)), 303)
        except Refused as refused:
            errors = {refused.field or CHOICE: refused.sentence}
    elsewhere = right_place(open_case(case_id))
    if elsewhere:
        return redirect(elsewhere, 303)
    return basis_page(case_id, typed, errors, first_of(typed, KEY) or token_hex(16), 422)


def store(case_id: str, typed: Typed, replaces: str | None = None) -> Decision:
    """Hand what was typed to the workflow, which decides whether it can be taken."""
    with writing(runtime().engine) as session:
        return decision.decide(
            session,
            case_id,
            choice=first_of(typed, CHOICE),
            reason_code=first_of(typed, REASON),
            second_reason_code=first_of(typed, SECOND) or None,
            text=first_of(typed, TEXT),
            citizens_view=first_of(typed, VIEW),
            key=first_of(typed, KEY),
            now=now(),
            by=current_actor(),
            replaces=replaces,
        )


def after(case_id: str, decided: Decision) -> str:
    """Where a decision leads: a case that waits has nothing to plan."""
    waits = decided.choice in WAITING_CHOICES
    return f"/sag/{case_id}/{'kvittering' if waits else 'planlaegning'}"


@blueprint.post("/sag/<case_id>/beslutning/kladde")
@guarded(Action.DECIDE)
def keep_draft(case_id: str) -> ResponseReturnValue:
    """Keep what she has written, and go and ask a colleague. No choice is kept: none comes back chosen."""
    with writing(runtime().engine) as session:
        content = {name: request.form.getlist(name) for name in (TEXT, VIEW)}
        drafts.save(session, case_id, "decision", content, now=now(), by=current_actor())
    if request.headers.get("X-Requested-With") == "fetch":
        return Response(status=204)
    return redirect(f"/sag/{case_id}/sparring", 303)


@blueprint.get("/sag/<case_id>/kvittering")
@guarded(Action.OPEN_CASE)
def show_receipt(case_id: str) -> ResponseReturnValue:
    """What was decided beside what most similar cases show, its place in the log, and the next case."""
    file = open_case(case_id)
    if file.decision is None:
        return redirect(f"/sag/{case_id}", 303)
    settings = runtime().settings
    with reading(runtime().engine) as session:
        receipt = receipt_of(session, case_id)
        page = ReceiptPage(
            case_id=case_id,
            receipt=receipt,
            choice=file.decision.choice,
            next=next_case(session, current_actor(), today()),
            may_plan=can_be_planned(file) and file.planning is None,
            may_write_letter=file.state in LETTER_STATES and permits(current_actor(), Action.WRITE_LETTER),
            is_sealed=is_sealed(settings.seals, settings.origin, receipt.shard, receipt.seq),
            should_be=now() - receipt.at > SEALED_WITHIN,
        )
    return render_template("decision/receipt.html", page=page)


@blueprint.get("/sag/<case_id>/journal.txt")
@guarded(Action.OPEN_CASE)
def journal(case_id: str) -> ResponseReturnValue:
    """The text for the care record, as plain text."""
    open_case(case_id)
    with reading(runtime().engine) as session:
        text = receipt_of(session, case_id).journal_text
    answer = make_response(text)
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    return answer


@blueprint.get("/sag/<case_id>/bevis")
@guarded(Action.OPEN_CASE)
def proof(case_id: str) -> ResponseReturnValue:
    """The proof that the decision is in the log, as a file; before it is sealed, the receipt says when."""
    open_case(case_id)
    settings = runtime().settings
    with reading(runtime().engine) as session:
        receipt = receipt_of(session, case_id)
    made = proof_of(settings.seals, settings.origin, receipt.shard, receipt.seq, receipt.entry)
    if made is None:
        return redirect(f"/sag/{case_id}/kvittering", 303)
    answer = make_response(made)
    name = f"{receipt.shard.replace('/', '-')}-{receipt.seq}{SUFFIX}"
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def can_be_planned(file: CaseFile) -> bool:
    """Whether there is a decision that somebody is to carry out."""
    return file.decision is not None and file.decision.choice not in WAITING_CHOICES
