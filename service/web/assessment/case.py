"""The case screen before the judgement: reading, taking, keeping drafts, marking a fact as wrong."""

from datetime import UTC, datetime

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request
from flask import session as browser
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from service import policy
from service.database import reading, writing
from service.errors import Forbidden, Refused
from service.policy import Action
from service.tables.organisation import Person
from service.web.assessment.case_page import CasePage, case_page
from service.web.assessment.consultation import advice_in
from service.web.assessment.remarks import remarks_in
from service.web.current import now, runtime, today
from service.web.forms import Typed, text_field, typed_in
from service.web.guard import current_actor, current_case, guarded
from service.web.opening import open_case
from service.web.purposes import CHOSEN, choices_for
from service.web.resend import is_our_path
from service.workflow import intake
from service.workflow.assessment import drafts
from service.workflow.case_file import CaseFile, CaseState
from service.workflow.intake.responsible import responsible_for
from service.workflow.other_plans import other_plans
from service.workflow.rights.standing import kinds_in_force

blueprint = Blueprint("case", __name__)

NOT_DRAFTED = frozenset({"csrf_token", "noegle", "aabnet", "version", "videre"})
STEP = "assessment"


@blueprint.get("/sag/<case_id>")
@guarded(Action.OPEN_CASE)
def show(case_id: str) -> AnyResponse | str:
    """The case as it stands; once it is judged, the way leads on to the basis."""
    file = open_case(case_id)
    if file.state is CaseState.JUDGED and may_judge() and not file.facts_are_newer:
        return redirect(f"/sag/{case_id}/grundlag", 303)
    return render_case(file, draft=_draft(case_id))


def render_case(
    file: CaseFile,
    *,
    draft: Typed | None = None,
    typed: Typed | None = None,
    errors: dict[str, str] | None = None,
    key: str = "",
    changed: bool = False,
) -> str:
    """The case screen, fresh, with a draft, or with a form that must be mended."""
    page: CasePage = case_page(
        file,
        now=now(),
        today=today(),
        may_judge=may_judge() and (file.needs_judgement or file.facts_are_newer),
        typed=typed or draft,
        errors=errors,
        draft_is_shown=bool(draft and not typed),
        key=key,
    )
    with reading(runtime().engine) as session:
        advice = advice_in(session, file)
        remarks = remarks_in(session, file)
        rights = kinds_in_force(session, file.case.id)
        authority = responsible_for(session, file.case)
        others = other_plans(session, file.case, today())
        holder = session.get_one(Person, file.taking.person_id) if file.taking else None
    return render_template(
        "intake/case.html",
        page=page,
        file=file,
        advice=advice,
        remarks=remarks,
        rights=rights,
        authority=authority.name,
        others=others,
        own_unit=current_actor().unit_id,
        changed=changed,
        holder=holder.display_name if holder else "",
        is_mine=holder is not None and holder.id == current_actor().person_id,
    )


def may_judge() -> bool:
    """Whether whoever asks may judge the case at hand."""
    try:
        policy.authorize(current_actor(), Action.JUDGE, current_case())
    except Forbidden:
        return False
    return True


def _draft(case_id: str) -> Typed | None:
    with reading(runtime().engine) as session:
        return drafts.load(session, case_id, STEP, by=current_actor()) or None


@blueprint.post("/sag/<case_id>/tag")
@guarded(Action.TAKE_CASE)
def take(case_id: str) -> AnyResponse:
    """Take the case as one's own."""
    with writing(runtime().engine) as session:
        intake.take(session, case_id, now=now(), by=current_actor())
    onward = request.form.get("videre", "")
    return redirect(onward if is_our_path(onward) else f"/sag/{case_id}", 303)


@blueprint.post("/sag/<case_id>/kladde")
@guarded(Action.RECORD_FACTS)
def keep_draft(case_id: str) -> AnyResponse:
    """Keep what is typed. A script gets no page; a button that leads elsewhere is followed."""
    keep(case_id)
    if request.form.get("videre") == "sparring":
        return redirect(f"/sag/{case_id}/sparring", 303)
    if request.headers.get("X-Requested-With") == "fetch":
        return Response(status=204)
    flash(gettext("Kladden er gemt."))
    return redirect(f"/sag/{case_id}", 303)


def keep(case_id: str, without: frozenset[str] = frozenset()) -> None:
    """Store the form at hand as the draft of whoever typed it."""
    typed = typed_in(request.form)
    content = {name: values for name, values in typed.items() if name not in NOT_DRAFTED | without}
    with writing(runtime().engine) as session:
        drafts.save(session, case_id, STEP, content, now=now(), by=current_actor())


@blueprint.get("/sag/<case_id>/fejl-i-oplysning")
@guarded(Action.RECORD_FACTS)
def wrong_fact(case_id: str) -> str:
    """Which fact is wrong, and how."""
    return _wrong_fact(open_case(case_id), request.args.get("oplysning", ""))


def _wrong_fact(file: CaseFile, name: str, error: str = "") -> str:
    page = case_page(file, now=now(), today=today(), may_judge=False)
    marked = [fact for group in page.known for fact in group.facts if fact.may_be_marked]
    note = text_field("note", gettext("Hvad er forkert? (kan udelades)"), typed_in(request.form))
    return render_template(
        "intake/wrong_fact.html", page=page, facts=marked, chosen=name, note=note, error=error
    )


@blueprint.post("/sag/<case_id>/fejl-i-oplysning")
@guarded(Action.RECORD_FACTS)
def mark_wrong(case_id: str) -> AnyResponse:
    """Mark the fact: it no longer counts, and it is asked about again."""
    name, note = request.form.get("oplysning", ""), request.form.get("note", "")
    try:
        with writing(runtime().engine) as session:
            intake.mark_wrong(session, case_id, name, note=note, now=now(), by=current_actor())
    except Refused as refused:
        return make_response(_wrong_fact(open_case(case_id), name, refused.sentence), refused.status)
    flash(gettext("Oplysningen er markeret som forkert og indgår ikke længere."))
    return redirect(f"/sag/{case_id}", 303)


@blueprint.post("/sag/<case_id>/formaal")
@guarded(Action.OPEN_CASE, also_over=True)
def choose_purpose(case_id: str) -> AnyResponse:
    """Say what the case is opened for; it holds for this case until one signs out."""
    code, onward = request.form.get("formaal", ""), request.form.get("videre", "")
    if code not in choices_for(current_actor().role):
        raise Refused(gettext("Vælg et formål på listen."), field="formaal")
    browser[CHOSEN] = {**browser.get(CHOSEN, {}), case_id: code}
    return redirect(onward if is_our_path(onward) else f"/sag/{case_id}", 303)


def opened_at_of(text: str, at: datetime) -> datetime:
    """When the page was opened, as it says itself: not after `at`, also when the clock was set back since.

    Anything that is no instant is refused.
    """
    try:
        opened = datetime.fromisoformat(text)
    except ValueError:
        raise Refused(gettext("Siden er ufuldstændig. Åbn sagen igen.")) from None
    if opened.tzinfo is None:
        raise Refused(gettext("Siden er ufuldstændig. Åbn sagen igen."))
    return min(opened.astimezone(UTC), at)
