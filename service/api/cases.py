"""Facts, judgement, basis and decision of one case as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, jsonify, make_response
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from pydantic import BaseModel

from models import facts as case_facts
from models.declaration import Code, Option
from models.facts import Fact, FactsRefused, FactValue
from service import policy
from service.api import bodies
from service.api.evidence import as_told
from service.api.openapi import describe
from service.api.operations import FieldsRefused, body_as, operation
from service.database import reading, writing
from service.errors import AssessmentMissing, NoLegalBasis, Refused
from service.policy import Action
from service.web.current import now, runtime
from service.web.guard import current_actor, guarded, open_to_all
from service.web.opening import open_case, read_case
from service.web.suggestion.answering import answer_to
from service.web.suggestion.withheld import withheld
from service.workflow import assessment, decision, intake, suggestion
from service.workflow.assessment import options_of
from service.workflow.case_file import CaseFile
from service.workflow.decision.receipt import receipt_of

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """A refusal with the fields it is about."""
    fields = error.fields if isinstance(error, FieldsRefused) else {}
    if error.field:
        fields = {error.field: error.sentence}
    return _told(bodies.Problem(error=error.sentence, fields=fields), error.status)


@blueprint.get("/openapi.json")
@open_to_all
def openapi() -> Response:
    """The description of this API, made from its code."""
    return jsonify(describe())


@blueprint.get("/adgang")
@guarded(Action.USE_API)
@operation("Hvem der spørger, og CSRF-token til det, der ændrer noget", bodies.Access)
def access() -> Response:
    """Who is signed in, with the token that writing needs."""
    actor = current_actor()
    return _told(
        bodies.Access(
            username=actor.username, role=actor.role, unit=actor.unit_name, csrf_token=generate_csrf()
        )
    )


@blueprint.get("/sager/<case_id>/oplysninger")
@guarded(Action.OPEN_CASE)
@operation("Sagens oplysninger, og hvad der kan svares", bodies.FactsTold)
def facts(case_id: str) -> Response:
    """The facts as they stand; nothing of what a model would say."""
    _may_use_api()
    return _told(_facts_told(open_case(case_id)))


@blueprint.post("/sager/<case_id>/oplysninger")
@guarded(Action.RECORD_FACTS)
@operation("Gem, hvad der er læst i planen", bodies.FactsTold, body=bodies.FactsSent, refusals=(409, 422))
def record_facts(case_id: str) -> Response:
    """Store what was read as a new version of the facts."""
    _may_use_api()
    sent, file = body_as(bodies.FactsSent), read_case(case_id)
    with writing(runtime().engine) as session:
        intake.record_reading(session, case_id, _answers(file, sent.answers), now=now(), by=current_actor())
    return _told(_facts_told(open_case(case_id)))


@blueprint.post("/sager/<case_id>/vurdering")
@guarded(Action.JUDGE)
@operation(
    "Gem den egne vurdering", bodies.JudgementTold, status=201, body=bodies.JudgementSent, refusals=(409, 422)
)
def judge(case_id: str) -> Response:
    """Store the judgement, then answer it; the answer is asked for at `grundlag`."""
    _may_use_api()
    sent, file = body_as(bodies.JudgementSent), read_case(case_id)
    with writing(runtime().engine) as session:
        judged = assessment.judge(
            session,
            case_id,
            _answers(file, sent.answers),
            choice=sent.choice,
            confidence=sent.confidence,
            wants_evidence=sent.wants_evidence,
            read_version=sent.read_version,
            opened_at=sent.opened_at,
            key=sent.key,
            now=now(),
            by=current_actor(),
            reflection=sent.reflection,
        )
    answer_to(judged.id)
    return _told(bodies.JudgementTold(id=judged.id, at=judged.at), 201)


@blueprint.get("/sager/<case_id>/grundlag")
@guarded(Action.SEE_EVIDENCE)
@operation("Hvad der blev vist efter vurderingen, eller hvorfor intet", bodies.EvidenceTold, refusals=(409,))
def evidence(case_id: str) -> Response:
    """What the page shows, in JSON; before the judgement 409, and 403 without a legal basis."""
    _may_use_api()
    file = open_case(case_id)
    if file.needs_judgement or file.suggestion is None:
        raise AssessmentMissing
    shown = file.suggestion
    if shown.reason == "no_legal_basis":
        raise NoLegalBasis
    if file.waits_for_a_look:
        return _told(_evidence_told(file, "withheld", "reported_wrong", None))
    if file.evidence_withdrawn:
        return _told(_evidence_told(file, "withheld", "marked_wrong", None))
    with reading(runtime().engine) as session:
        if reason := suggestion.held_back_now(session, file, shown):
            return _told(_evidence_told(file, "withheld", reason, None))
        stored = suggestion.as_shown(session, shown)
    if shown.outcome == "shown" and stored.payload:
        return _told(_evidence_told(file, shown.outcome, None, as_told(stored.payload, shown.mode)))
    because = stored.payload["abstained_sentences"] if stored.payload else []
    return _told(_evidence_told(file, shown.outcome, shown.reason, None, because))


@blueprint.post("/sager/<case_id>/beslutning")
@guarded(Action.DECIDE)
@operation("Gem beslutningen", bodies.DecisionTold, status=201, body=bodies.DecisionSent, refusals=(409, 422))
def decide(case_id: str) -> Response:
    """Store the decision and give its receipt."""
    _may_use_api()
    sent = body_as(bodies.DecisionSent)
    with writing(runtime().engine) as session:
        decided = decision.decide(session, case_id, **sent.model_dump(), now=now(), by=current_actor())
    with reading(runtime().engine) as session:
        receipt = receipt_of(session, case_id)
    place = bodies.LogPlace(shard=receipt.shard, seq=receipt.seq, leaf_hash=receipt.leaf_hash)
    told = bodies.DecisionTold(id=decided.id, at=decided.at, sentence=receipt.sentence, log=place)
    return _told(told, 201)


def _may_use_api() -> None:
    policy.authorize(current_actor(), Action.USE_API)


def _told(body: BaseModel, status: int = 200) -> Response:
    return make_response(jsonify(body.model_dump(mode="json")), status)


def _answers(file: CaseFile, sent: Mapping[str, Any]) -> dict[str, FactValue | None]:
    """The answers by question; every one that cannot be taken is told."""
    answers: dict[str, FactValue | None] = {}
    refusals: dict[str, str] = {}
    for name, raw in sent.items():
        question = file.area.by_name.get(name)
        if question is None:
            refusals[f"answers.{name}"] = gettext("Oplysningen kendes ikke.")
            continue
        try:
            answers[name] = case_facts.parse_answer(question, raw)
        except FactsRefused as error:
            refusals[f"answers.{name}"] = " ".join(
                case_facts.message(question, each) for each in error.refusals
            )
    if refusals:
        raise FieldsRefused(refusals)
    return answers


def _facts_told(file: CaseFile) -> bodies.FactsTold:
    return bodies.FactsTold(
        version=file.facts_version.version,
        state=file.state.value,
        facts=[_fact_told(file, name, fact) for name, fact in file.facts.items()],
        options=_choices(options_of(file, now())),
        reasons=_choices(file.area.reasons),
    )


def _fact_told(file: CaseFile, name: str, fact: Fact) -> bodies.FactTold:
    question = file.area.by_name[name]
    stored = case_facts.to_json({name: fact})[name]
    return bodies.FactTold(
        name=name,
        label=question.label,
        value=stored["value"],
        words=case_facts.say(question, fact.value),
        source=fact.source.value,
        known_at=fact.known_at,
        marked_wrong=fact.marked_wrong,
    )


def _choices(listed: tuple[Option, ...] | tuple[Code, ...]) -> list[bodies.Choice]:
    return [bodies.Choice(code=each.code, label=each.label) for each in listed]


def _evidence_told(
    file: CaseFile,
    outcome: str,
    reason: str | None,
    payload: dict[str, Any] | None,
    because: Sequence[str] = (),
) -> bodies.EvidenceTold:
    shown = file.suggestion
    if shown is None:
        raise AssessmentMissing
    return bodies.EvidenceTold(
        id=shown.id,
        outcome=outcome,
        reason=reason,
        sentence=withheld(reason).sentence if reason else None,
        because=list(because),
        mode=shown.mode,
        model_version=shown.model_version if outcome == "shown" else None,
        template_version=shown.template_version,
        payload=payload,
    )
