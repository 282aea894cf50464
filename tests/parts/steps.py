"""One row of every step, each with its entry, written straight through the log: no workflow, no rules."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from service import log
from service.database import writing
from service.identity import Actor
from service.log import Event
from service.log.merkle import EMPTY_ROOT
from service.tables.acknowledgement import Acknowledgement
from service.tables.assessment import Assessment, Consultation, ConsultationAnswer
from service.tables.base import CaseStep, Logged, new_id
from service.tables.capacity import CapacityEntry
from service.tables.citizen import Letter
from service.tables.competence import QuizPass
from service.tables.decision import Decision, Planning
from service.tables.delivery import DeliveryReport, ReportedResource
from service.tables.double_review import ReviewDraw, ReviewRound, SecondJudgement
from service.tables.exploration import Exploration
from service.tables.governance import Admission, Phase, RegisterEntry, Stop, UnitSetting
from service.tables.intake import Case, CaseClosure, CaseTaking, FactsVersion, ReturnAnswer
from service.tables.organisation import Credential, Membership, MembershipEnd
from service.tables.oversight import Epoch, Erasure, ErasureRefusal, LogReview, LogSample, Retirement
from service.tables.restricted import LayerOpening
from service.tables.rights import RightRequest, RightStep
from service.tables.shadow import Unsealing
from service.tables.suggestion import Suggestion
from service.tables.survey import SurveyRound, SurveyTurnout
from tests.cast import NOW, TODAY, Cast, gather
from tests.parts.citizen_steps import citizen_page_steps
from tests.parts.trial_steps import trial_steps

CITIZEN = "c" * 32
SHARD, RETIRED = "decisions/2026", "access/2020Q1"
LATER = NOW + timedelta(hours=1)
SOMEBODY = Actor(
    person_id="p" * 32, username="alma", display_name="Alma Holm", unit_id="u" * 32, unit_name="Træning Nord",
    municipality_id="m" * 32, municipality_name="Fjordby Kommune", role="visitator",
)  # fmt: skip


def a_case(by: Actor, serial: int = 1) -> Case:
    """A case in the actor's unit, not yet written."""
    return Case(
        at=LATER, serial=serial, area="genoptraening", municipality_id=by.municipality_id, unit_id=by.unit_id,
        citizen_id=CITIZEN, request_id=f"request {serial}", plan_type="almen", origin="referral",
        received_on=TODAY, discharged_on=TODAY, due_on=TODAY + timedelta(days=7),
    )  # fmt: skip


def facts_of(case: Case, version: int = 1) -> FactsVersion:
    """A version of a case's facts, not yet written."""
    return FactsVersion(
        at=LATER, case_id=case.id, version=version, occasion="received", fingerprint="f" * 64, prefilled=3,
        asked=8,
    )  # fmt: skip


def put(session: Session, event: Event, row: Logged, by: Actor | None = None, **personal: Any) -> log.Receipt:
    """Write a row with its entry."""
    if not isinstance(row, CaseStep):
        return log.append(session, event, at=row.at, by=by, row=row)
    return log.append(session, event, at=row.at, by=by, row=row, citizen_id=CITIZEN, personal=personal)


def one_of_everything(engine: Engine, cast: Cast | None = None) -> tuple[Cast, dict[str, Logged]]:
    """Write one row of every step; gives the cast and the rows by step, in the order they were written."""
    cast = cast or gather(engine)
    with writing(engine) as session:
        written = {**_until_evidence(session, cast), **_governance(session, cast)}
        written |= _from_decision(session, cast, written)
        written |= citizen_page_steps(session, cast, written, put, LATER)
        written |= _oversight(session, cast, written)
        written |= _rights(session, cast, written)
        written |= _double_review(session, cast, written)
        written |= trial_steps(session, cast, written, put, LATER)
        session.add(SurveyTurnout(round_id=written["survey_round"].id, person_id=cast.alma.person_id))
        session.add(Credential(person_id=cast.alma.person_id, password_hash="none", created_at=LATER))
        session.commit()
    return cast, written


def _until_evidence(session: Session, cast: Cast) -> dict[str, Logged]:
    alma, bent = cast.alma, cast.bent
    case = a_case(alma)
    put(session, Event.CASE_RECEIVED, case, name="Ane Ærø", plan="Kan gå 20 meter.")
    facts = facts_of(case)
    put(session, Event.FACTS_RECORDED, facts, facts="svær")
    taken = CaseTaking(at=LATER, case_id=case.id, person_id=alma.person_id)
    put(session, Event.CASE_TAKEN, taken, alma)
    asked = Consultation(at=LATER, case_id=case.id, asked_by=alma.person_id, stage="before_evidence")
    put(session, Event.CONSULTATION_ASKED, asked, alma, text="Hvad synes du?")
    told = ConsultationAnswer(at=LATER, consultation_id=asked.id, answered_by=bent.person_id)
    put(session, Event.CONSULTATION_ANSWERED, told, bent, text="Avanceret.")
    judged = Assessment(
        at=LATER, case_id=case.id, facts_id=facts.id, person_id=alma.person_id, unit_id=alma.unit_id,
        choice="basal", confidence="sikker", wants_evidence=True, evidence_seen_before=False, opened_at=LATER,
        idempotency_key=new_id(),
    )  # fmt: skip
    put(session, Event.ASSESSMENT_RECORDED, judged, alma)
    shown = Suggestion(
        at=LATER, case_id=case.id, assessment_id=judged.id, outcome="shown", mode="overblik", arm="evidence",
        phase="oevelse", reference_level="avanceret", template_version="1", payload_hash="0" * 64,
    )  # fmt: skip
    put(session, Event.SUGGESTION_SHOWN, shown, alma, payload="13 af 20")
    tried = Exploration(
        at=LATER, case_id=case.id, suggestion_id=shown.id, explored_by=alma.person_id, model_version="v1",
        manifest_hash="0" * 64, template_version="1", payload_hash="0" * 64,
    )  # fmt: skip
    put(session, Event.SUGGESTION_EXPLORED, tried, alma, payload={"sentences": ["Smerter: svære."]})
    return {
        "received": case, "facts": facts, "taken": taken, "consultation": asked, "consultation_answer": told,
        "assessment": judged, "suggestion": shown, "exploration": tried,
    }  # fmt: skip


def _from_decision(session: Session, cast: Cast, before: dict[str, Logged]) -> dict[str, Logged]:
    alma, case_id = cast.alma, before["received"].id
    decided = Decision(
        at=LATER, case_id=case_id, suggestion_id=before["suggestion"].id, person_id=alma.person_id,
        unit_id=alma.unit_id, choice="basal", reason_code="funktion", agreement="override", change="kept",
        idempotency_key=new_id(),
    )  # fmt: skip
    put(session, Event.DECISION_MADE, decided, alma, text="Borgeren vil helst hjemme.")
    planned = Planning(
        at=LATER, case_id=case_id, decision_id=decided.id, planned_by=alma.person_id, forms=["hold", "hjem"],
        team="Nord", place="Hjemmet", start_status="inden_frist", first_date=date(2026, 7, 2),
    )  # fmt: skip
    put(session, Event.PLANNING_MADE, planned, alma)
    letter = Letter(
        at=LATER, case_id=case_id, decision_id=decided.id, written_by=alma.person_id,
        variant="other_than_most",
    )  # fmt: skip
    put(session, Event.LETTER_WRITTEN, letter, alma, letter="Kære Ane Ærø.")
    answer = ReturnAnswer(at=LATER, case_id=case_id, decision_id=decided.id, facts_id=before["facts"].id)
    put(session, Event.RETURN_ANSWERED, answer)
    report = DeliveryReport(
        at=LATER, municipality_id=alma.municipality_id, bundle_id="b", sha256="0" * 64, reported_at=LATER,
        citizen_id=CITIZEN,
    )  # fmt: skip
    resource: dict[str, Any] = {
        "request_id": "request 1", "resource_id": "r", "kind": "encounter", "status": "finished",
        "withdrawn": False, "starts_on": TODAY, "ends_on": None, "detail": {"code": "x"},
    }  # fmt: skip
    put(session, Event.DELIVERY_IMPORTED, report, resources=[resource])
    session.add(ReportedResource(report_id=report.id, **resource))
    closed = CaseClosure(at=LATER, case_id=case_id, kind="level_set_elsewhere", report_id=report.id)
    put(session, Event.CASE_CLOSED, closed)
    return {
        "decision": decided, "planning": planned, "letter": letter, "returned_answer": answer,
        "delivery": report, "closed": closed,
    }  # fmt: skip


def _governance(session: Session, cast: Cast) -> dict[str, Logged]:
    ada, tove = cast.ada, cast.tove
    rows: list[tuple[str, Event, Logged]] = [
        ("phase", Event.PHASE_CHANGED, Phase(
            at=LATER, municipality_id=ada.municipality_id, phase="pilot", legal_basis="SUL § 140",
            approved_by="Direktøren", valid_from=TODAY,
        )),
        ("unit_setting", Event.UNIT_SET, UnitSetting(
            at=LATER, unit_id=tove.unit_id, mode="forslag", set_by=tove.person_id
        )),
        ("stop", Event.STOP_PRESSED, Stop(
            at=LATER, unit_id=tove.unit_id, stopped=True, reason="Vi vil se på det.",
            pressed_by=tove.person_id,
        )),
        ("admission", Event.MODEL_PROMOTED, Admission(
            at=LATER, area="genoptraening", version="1", manifest_hash="0" * 64, kind="promotion",
            approver="Dan Vang", note="Første version.",
        )),
        ("register_entry", Event.REGISTER_WRITTEN, RegisterEntry(
            at=LATER, municipality_id=ada.municipality_id, kind="complaint", subject="system:skoen",
            content={"slags": "klage", "emne": "Brevet var for langt.", "modtaget": "2026-06-29"},
            recorded_by="Ada Friis, administrator",
        )),
        ("capacity", Event.CAPACITY_ENTERED, CapacityEntry(
            at=LATER, unit_id=tove.unit_id, offer="ortopaedisk", counted_on=TODAY, places=24, free=3,
            waiting=7, wait_days=5, recorded_by="Tove Dam, teamleder",
        )),
        ("survey_round", Event.SURVEY_OPENED, SurveyRound(
            at=LATER, municipality_id=ada.municipality_id, opens_on=TODAY, closes_on=TODAY,
            opened_by=tove.person_id,
        )),
        ("quiz_pass", Event.QUIZ_PASSED, QuizPass(
            at=LATER, person_id=cast.alma.person_id, municipality_id=ada.municipality_id,
            area="genoptraening", questions="0" * 64, model_version="1", manifest_hash="0" * 64,
            approval="udkast",
        )),
        ("unsealing", Event.UNSEAL_ASKED, Unsealing(
            at=LATER, municipality_id=ada.municipality_id, kind="asked", starts_on=TODAY, ends_on=TODAY,
            reason="Vi vil se, om beregningen er skæv.", named=ada.person_id,
        )),
        ("acknowledgement", Event.EMERGENCY_OPENED, Acknowledgement(
            at=LATER, person_id=cast.alma.person_id, kind="emergency", rules="0" * 64,
            reason="En borger venter.", valid_to=TODAY,
        )),
        ("membership", Event.MEMBERSHIP_STARTED, Membership(
            at=LATER, person_id=ada.person_id, unit_id=ada.unit_id, role="teamleder", valid_from=TODAY
        )),
    ]  # fmt: skip
    for _, event, row in rows:
        put(session, event, row, ada)
    written = {step: row for step, _, row in rows}
    end = MembershipEnd(at=LATER, membership_id=written["membership"].id, valid_to=TODAY)
    put(session, Event.MEMBERSHIP_ENDED, end, ada)
    return {**written, "membership_end": end}


def _oversight(session: Session, cast: Cast, before: dict[str, Logged]) -> dict[str, Logged]:
    ada, case_id = cast.ada, before["received"].id
    sample = LogSample(
        at=LATER, municipality_id=ada.municipality_id, starts_on=TODAY, ends_on=TODAY, seed="140", wanted=1,
        eligible=1, lookups=[["access/2026Q2", "0", "random"]], drawn_by=ada.person_id,
    )  # fmt: skip
    rows: list[tuple[str, Event, Logged]] = [
        ("erasure", Event.KEY_SHREDDED, Erasure(
            at=LATER, subject_id="e" * 32, subject_kind="case", occasion="request", ground="no_longer_needed",
            reason="Fristen er udløbet.", operator="uid:0",
        )),
        ("retirement", Event.SHARD_RETIRED, Retirement(
            at=LATER, retired_shard=RETIRED, size=0, root=EMPTY_ROOT.hex(), checkpoint="",
            reason="Fristen er udløbet.", operator="uid:0",
        )),
        ("epoch", Event.EPOCH_STARTED, Epoch(
            at=LATER, old_shard="decisions/2020", number=2, restored_size=0, reason="En disk gik i stykker.",
            named_by="Ada", confirmed_by="Tove", operator="uid:0",
        )),
        ("log_sample", Event.ACCESS_SAMPLED, sample),
        ("layer_opening", Event.LAYER_ASKED, LayerOpening(
            at=LATER, case_id=case_id, kind="asked", purpose="klage", named=cast.dorte.person_id,
            role="tilsyn",
        )),
    ]  # fmt: skip
    for _, event, row in rows:
        put(session, event, row, ada)
    refusal = ErasureRefusal(at=LATER, case_id=case_id, ground="duty_to_record", operator="uid:0")
    put(session, Event.ERASURE_REFUSED, refusal, ada, text="Sagen er journalført.")
    review = LogReview(
        at=LATER, sample_id=sample.id, case_id=case_id, looked_shard="access/2026Q2", looked_seq=0,
        finding="in_order", reviewed_by=ada.person_id,
    )  # fmt: skip
    put(session, Event.ACCESS_REVIEWED, review, ada, text="I orden.")
    written = {step: row for step, _, row in rows}
    return {**written, "erasure_refusal": refusal, "log_review": review}


def _rights(session: Session, cast: Cast, before: dict[str, Logged]) -> dict[str, Logged]:
    alma, case_id = cast.alma, before["received"].id
    asked = RightRequest(
        at=LATER, case_id=case_id, kind="objection", channel="phone", speaker="citizen", received_on=TODAY,
        due_on=TODAY + timedelta(days=30), recorded_by=alma.person_id, reference_keys=["0" * 32],
    )  # fmt: skip
    put(session, Event.RIGHT_ASKED, asked, alma, words="Jeg vil ikke have det.")
    step = RightStep(
        at=LATER, case_id=case_id, request_id=asked.id, number=1, kind="granted", taken_by=alma.person_id
    )
    put(session, Event.RIGHT_ANSWERED, step, alma, words="Det får du ret i.")
    return {"right_request": asked, "right_step": step}


def _double_review(session: Session, cast: Cast, before: dict[str, Logged]) -> dict[str, Logged]:
    alma, bent, tove, case_id = cast.alma, cast.bent, cast.tove, before["received"].id
    lot = ReviewRound(
        at=LATER, municipality_id=tove.municipality_id, unit_id=alma.unit_id, period="2026-K2", seed="140",
        wanted=1, eligible=1, eligible_hash="0" * 64, drawn_by=tove.person_id,
    )  # fmt: skip
    put(session, Event.REVIEW_SEEDED, lot, tove)
    drawn = ReviewDraw(
        at=LATER, round_id=lot.id, case_id=case_id, assessment_id=before["assessment"].id
    )  # fmt: skip
    put(session, Event.REVIEW_DRAWN, drawn, tove)
    judged = SecondJudgement(
        at=LATER, draw_id=drawn.id, case_id=case_id, judged_by=bent.person_id, choice="basal"
    )  # fmt: skip
    put(session, Event.REVIEW_JUDGED, judged, bent)
    return {"review_round": lot, "review_draw": drawn, "second_judgement": judged}
