"""What the caseworker decides (J2), and how it is carried out.

Agreement and change are derived from J1, the reference and J2; nobody is asked about either.
"""

from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from models.declaration import Area, Code
from service import log, policy
from service.errors import AlreadyDecided, AssessmentMissing, Conflict, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.assessment import Assessment
from service.tables.decision import Decision, Planning
from service.tables.suggestion import Suggestion
from service.workflow.assessment import drafts, options_of
from service.workflow.case_file import CaseFile, CaseState, open_file
from service.workflow.decision import own_words

STEP = "decision"
OTHER = "andet"
LONGEST_WAIT = timedelta(days=365)
MOST_CHARACTERS = 4000
SIGNED = "Jeg står inde for afgørelsen."
"""What she signs by saving; sealed with the decision in these words."""


def decide(
    session: Session, case_id: str, *, choice: str, reason_code: str, second_reason_code: str | None = None,
    text: str = "", citizens_view: str = "", key: str, now: datetime, by: Actor, replaces: str | None = None,
) -> Decision:  # fmt: skip
    """Record what the caseworker decides and commit; whether it follows the evidence is derived, not asked.

    `text` is her reasons, `citizens_view` what the citizen wants, as she heard it; both may be empty.
    The same `key` again gives the decision already stored. A correction names the decision it `replaces`.
    Raises AssessmentMissing before a judgement, AlreadyDecided, Conflict when a fact was marked wrong since,
    and Refused for an answer the law or the list does not hold.
    """
    file = open_file(session, case_id)
    policy.authorize(by, Action.DECIDE if replaces is None else Action.CORRECT, file.case)
    repeated = _of_key(session, key, by)
    if repeated is not None:
        return repeated
    assessment, shown = _refuse_out_of_turn(file, replaces)
    _refuse_unlawful(file, choice, reason_code, second_reason_code, now)
    _refuse_words(session, file, shown, OTHER in (reason_code, second_reason_code), text, citizens_view)
    levels = file.area.level_codes
    decision = Decision(
        at=now,
        case_id=case_id,
        suggestion_id=shown.id,
        person_id=by.person_id,
        unit_id=by.unit_id,
        choice=choice,
        reason_code=reason_code,
        second_reason_code=second_reason_code or None,
        agreement=agreement_of(choice, shown.reference_level, levels),
        change=change_of(assessment.choice, choice, levels),
        idempotency_key=key,
        replaces=file.decision.id if file.decision else None,
    )
    log.append(
        session,
        Event.DECISION_MADE if decision.replaces is None else Event.DECISION_CORRECTED,
        at=now,
        by=by,
        row=decision,
        citizen_id=file.case.citizen_id,
        case_id=case_id,
        personal={"text": text.strip(), "citizens_view": citizens_view.strip(), "signed": SIGNED},
        outcome=decision.agreement,
        change=decision.change,
        reason_code=reason_code,
        suggestion=shown.id,
        replaces=decision.replaces,
    )
    drafts.clear_row(session, case_id, by.person_id, STEP)
    session.commit()
    return decision


def plan(
    session: Session, case_id: str, *, forms: tuple[str, ...], team: str, place: str, start_status: str,
    first_date: date | None, now: datetime, by: Actor,
) -> Planning:  # fmt: skip
    """Record form, team, place and first date for the newest decision; planning again replaces the plan."""
    file = open_file(session, case_id)
    policy.authorize(by, Action.PLAN, file.case)
    if file.decision is None or file.state not in (CaseState.DECIDED, CaseState.PLANNED):
        raise Conflict("Sagen skal være besluttet, før den kan planlægges.")
    _refuse_unknown_plan(file.area, forms, team, place, start_status)
    _refuse_unlikely_date(file, first_date, start_status)
    planning = Planning(
        at=now,
        case_id=case_id,
        decision_id=file.decision.id,
        planned_by=by.person_id,
        forms=sorted(forms),
        team=team,
        place=place,
        start_status=start_status,
        first_date=first_date,
        replaces=file.planning.id if file.planning else None,
    )
    log.append(
        session,
        Event.PLANNING_MADE if planning.replaces is None else Event.PLANNING_CHANGED,
        at=now,
        by=by,
        row=planning,
        citizen_id=file.case.citizen_id,
        case_id=case_id,
        replaces=planning.replaces,
    )
    drafts.clear_row(session, case_id, by.person_id, "planning")
    session.commit()
    return planning


def agreement_of(choice: str, reference_level: str | None, levels: tuple[str, ...]) -> str:
    """How a decision stands to the most common level among the similar cases shown."""
    if choice not in levels:
        return "outside"
    if reference_level is None:
        return "no_reference"
    return "agreement" if choice == reference_level else "override"


def change_of(own: str, choice: str, levels: tuple[str, ...]) -> str:
    """How a decision stands to her own judgement."""
    if choice not in levels:
        return "outside"
    return "kept" if choice == own else "changed"


def _of_key(session: Session, key: str, by: Actor) -> Decision | None:
    if not key:
        raise Refused("Formularen mangler sit nummer. Åbn sagen igen.")
    stored = session.exec(select(Decision).where(Decision.idempotency_key == key)).first()
    if stored is not None and stored.person_id != by.person_id:
        raise Refused("Formularens nummer hører til en anden. Åbn sagen igen.")
    return stored


def _refuse_out_of_turn(file: CaseFile, replaces: str | None) -> tuple[Assessment, Suggestion]:
    """The judgement and the answer that this decision follows; anything else is out of turn."""
    if file.state is CaseState.CLOSED:
        raise Conflict("Sagen er lukket.")
    if file.assessment is None or file.suggestion is None or file.needs_judgement:
        raise AssessmentMissing()
    if file.waits_for_a_look:
        raise Conflict("Borgeren har sagt, at en oplysning er forkert. Se på det, før du beslutter.")
    if file.evidence_withdrawn:
        raise Conflict("En oplysning er markeret som forkert. Vurder sagen igen, før du beslutter.")
    if replaces is None and file.state is not CaseState.JUDGED:
        raise AlreadyDecided()
    if replaces is not None and (file.decision is None or file.decision.id != replaces):
        raise Conflict("Beslutningen er rettet i mellemtiden. Se sagen igen.")
    return file.assessment, file.suggestion


def _refuse_unlawful(
    file: CaseFile, choice: str, reason_code: str, second: str | None, now: datetime
) -> None:
    if choice not in {option.code for option in options_of(file, now)}:
        raise Refused("Vælg, hvad du beslutter.", field="choice")
    codes = {reason.code for reason in file.area.reasons}
    if reason_code not in codes:
        raise Refused("Vælg, hvad du lagde mest vægt på.", field="reason_code")
    if second and (second not in codes or second == reason_code):
        raise Refused("Vælg en anden grund end den første.", field="second_reason_code")


def _refuse_words(
    session: Session, file: CaseFile, shown: Suggestion, is_other: bool, text: str, view: str
) -> None:
    if is_other and not text.strip():
        raise Refused("Skriv med dine egne ord, hvad du lagde vægt på.", field="text")
    if len(text) > MOST_CHARACTERS:
        raise Refused(f"Begrundelsen må højst være på {MOST_CHARACTERS} tegn.", field="text")
    if len(view) > MOST_CHARACTERS:
        raise Refused(f"Borgerens ønske må højst være på {MOST_CHARACTERS} tegn.", field="citizens_view")
    if not text.strip():
        return
    fragment = log.open_part(session, shown).get("fragment") or ""
    listed = (reason.label for reason in file.area.reasons)
    if own_words.only_repeats(text, (fragment, *listed)):
        raise Refused(own_words.SENTENCE, field="text")


def _refuse_unknown_plan(
    area: Area, forms: tuple[str, ...], team: str, place: str, start_status: str
) -> None:
    if not forms or not set(forms) <= _codes(area.forms):
        raise Refused("Vælg mindst én form.", field="forms")
    for value, codes, sentence, field in (
        (team, area.teams, "Vælg team.", "team"),
        (place, area.places, "Vælg sted.", "place"),
        (start_status, area.start_statuses, "Vælg, hvordan opstarten er aftalt.", "start_status"),
    ):
        if value not in _codes(codes):
            raise Refused(sentence, field=field)


def _refuse_unlikely_date(file: CaseFile, first_date: date | None, start_status: str) -> None:
    if first_date is None:
        if start_status == "inden_frist":
            raise Refused("Skriv datoen for den første aftale.", field="first_date")
        return
    if not file.case.discharged_on <= first_date <= file.case.received_on + LONGEST_WAIT:
        raise Refused("Datoen skal ligge efter udskrivningen og inden for et år.", field="first_date")
    if start_status == "inden_frist" and first_date > file.case.due_on:
        raise Refused(
            "Datoen ligger efter fristen. Ret datoen, eller vælg en anden aftale.", field="first_date"
        )


def _codes(codes: tuple[Code, ...]) -> set[str]:
    return {code.code for code in codes}
