"""*Hvad nu hvis*: other facts put to the model that answered, after the judgement and beside the case.

It explains what was shown and is no part of the case: the facts stay as they are, and no decision, label,
export or figure reads it. What was tried, and what came of it, is stored sealed with its entry in the log.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlmodel import Session, select

from models import facts as case_facts
from models.artifact import ArtifactRefused
from models.declaration import Question
from models.facts import Fact, FactValue
from models.reference import Wanted
from service import log, policy
from service.clock import local_date
from service.database import reading, writing
from service.digest import digest
from service.errors import AssessmentMissing, Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.exploration import Exploration
from service.tables.organisation import Municipality
from service.tables.suggestion import Suggestion
from service.workflow import governance, in_force, suggestion
from service.workflow.case_file import CaseFile, CaseState, facts_of, find_case, open_file
from service.workflow.intake.facts_version import differs, with_answers
from service.workflow.model_in_use.shelf import ModelShelf
from service.workflow.registers import practice_change
from service.workflow.suggestion.searched import others_searched, wanted_cases

logger = structlog.get_logger()

FORMAT = 1
WHOSE, ALL, OWN = "sager", "alle kommuner i beregningsmodellen", "kommunen selv"
"""Whose cases are searched: the name under which it is tried, and what either is called."""
Render = Callable[[Mapping[str, Any]], str]


class NothingToExplore(Conflict):
    """No evidence stands in the case now, so there is nothing that other facts could change."""

    sentence = "Der vises ikke grundlag i sagen nu. Derfor er der ikke noget at undersøge."


class AlreadyOver(Conflict):
    """The case is decided: what is tried afterwards could only look like a reason."""

    sentence = "Sagen er besluttet. Den kan ikke længere undersøges."


class CannotExplore(Conflict):
    """The model that answered cannot answer again."""

    sentence = "Beregningsmodellen kunne ikke åbnes sikkert. Intet er gemt. Du beslutter, som du plejer."


@dataclass(frozen=True)
class Start:
    """What is explored from: the case, what was shown, the facts it rested on, and what may be searched.

    `municipality` is the code of the case's own.
    """

    file: CaseFile
    shown: Suggestion
    payload: Mapping[str, Any]
    facts: Mapping[str, Fact]
    wanted: Wanted
    municipality: str

    @property
    def has_others(self) -> bool:
        """Whether cases of other municipalities than her own can be among those that were searched."""
        return others_searched(self.payload)


def questions_of(start: Start) -> tuple[Question, ...]:
    """What may be changed: the questions that what was shown rests on, but for those that are computed."""
    left_out = start.payload.get("not_used", ())
    return tuple(each for each in start.file.area.learned if each.label not in left_out and not each.computed)


def open_start(session: Session, case_id: str, *, now: datetime, by: Actor) -> Start:
    """What may be explored from now.

    Raises AssessmentMissing before the own judgement, AlreadyOver after the decision, NothingToExplore when
    nothing was shown or what was shown may not be seen now, and what `policy.authorize` raises.
    """
    policy.authorize(by, Action.EXPLORE, find_case(session, case_id))
    file = open_file(session, case_id)
    if file.assessment is None or file.needs_judgement:
        raise AssessmentMissing
    if file.state is not CaseState.JUDGED:
        raise AlreadyOver
    shown, judged = file.suggestion, file.judged_facts
    if shown is None or judged is None or not _stands(session, file, shown, now):
        raise NothingToExplore
    case, today = file.case, local_date(now)
    changed = practice_change.changed_on(session, case.municipality_id, today, file.area)
    return Start(
        file=file,
        shown=shown,
        payload=log.open_part(session, shown)["payload"],
        facts=facts_of(session, file.area, judged),
        wanted=wanted_cases(file, in_force.kept_from_others(session), changed, now),
        municipality=session.get_one(Municipality, case.municipality_id).code,
    )


def explore(
    engine: Engine,
    case_id: str,
    changed: Mapping[str, FactValue | None],
    *,
    shelf: ModelShelf,
    render: Render,
    template_version: str,
    now: datetime,
    by: Actor,
    only_own: bool = False,
) -> Exploration:
    """Put changed facts to the model that answered, and store what came of it before it is shown.

    With `only_own` the similar cases are looked for among the municipality's own; the facts may stay then.
    Raises what `open_start` raises, Refused when nothing is changed or a question is not the model's,
    FactsRefused for an answer that cannot be, and CannotExplore; nothing is written then.
    """
    with reading(engine) as session:
        start = open_start(session, case_id, now=now, by=by)
    payload = _answered(start, changed, only_own, shelf, now)
    fragment = render(payload)
    with writing(engine) as session:
        again = open_start(session, case_id, now=now, by=by)
        if (again.shown.id, again.wanted) != (start.shown.id, start.wanted):
            raise Conflict
        row = _store(session, again, payload, fragment, template_version, now, by)
        session.commit()
        return row


def of_shown(session: Session, shown: Suggestion) -> tuple[Exploration, ...]:
    """What was tried on one answer, oldest first."""
    statement = select(Exploration).where(Exploration.suggestion_id == shown.id)
    order = (Exploration.shard, Exploration.log_seq)
    return tuple(session.exec(statement.order_by(*order)).all())  # type: ignore[arg-type]


def as_stored(session: Session, case_id: str, exploration_id: str) -> tuple[Exploration, str]:
    """One exploration and its fragment, byte for byte; NotFound when the case has none of that id."""
    row = session.get(Exploration, exploration_id)
    if row is None or row.case_id != case_id:
        raise NotFound
    return row, str(log.open_part(session, row)["fragment"])


def _stands(session: Session, file: CaseFile, shown: Suggestion, now: datetime) -> bool:
    """Whether what was shown may be seen now; what is tried rests on it."""
    return (
        shown.outcome == "shown"
        and not file.waits_for_a_look
        and not file.evidence_withdrawn
        and suggestion.held_back_now(session, file, shown) is None
        and not governance.is_stopped(session, file.case.unit_id)
        and governance.phase_of(session, file.case.municipality_id, local_date(now)) is not None
    )


def _answered(
    start: Start, changed: Mapping[str, FactValue | None], only_own: bool, shelf: ModelShelf, now: datetime
) -> dict[str, Any]:
    """The evidence with the changed facts, or of her own cases alone, beside the evidence as it was shown."""
    case, area = start.file.case, start.file.area
    names = {question.name for question in questions_of(start)}
    strangers = sorted(set(changed) - names)
    if strangers:
        raise Refused("Den oplysning indgår ikke i beregningen.", field=strangers[0])
    different = {name: value for name, value in changed.items() if differs(start.facts.get(name), value)}
    if only_own and not start.has_others:
        raise Refused("Beregningsmodellen bygger kun på kommunens egne sager.", field=WHOSE)
    if not different and not only_own:
        raise Refused("Ret mindst én oplysning, før du undersøger sagen.")
    facts = with_answers(area, start.facts, different, case, now)
    try:
        suggester = shelf.suggester(start.shown.model_version or "", start.shown.manifest_hash or "")
        evidence = suggester.suggest(
            case_facts.values(facts),
            own_level=start.payload["own_level"],
            wanted=replace(start.wanted, municipality=start.municipality if only_own else None),
            received_on=case.received_on,
            sources={name: fact.source for name, fact in facts.items()},
        )
        after = evidence.payload()
    except (ArtifactRefused, *suggestion.FAULTS) as refused:
        logger.exception("exploration:model_failed", case_id=case.id)
        raise CannotExplore from refused
    return _payload(start, [area.by_name[name] for name in different], facts, only_own, after)


def _payload(
    start: Start,
    changed: list[Question],
    facts: Mapping[str, Fact],
    only_own: bool,
    after: Mapping[str, Any],
) -> dict[str, Any]:
    """What is stored and shown: numbers and words, no similar case and no level that is pointed at."""
    told = [
        {
            "name": question.name,
            "label": question.label,
            "before": case_facts.say(question, start.facts[question.name].value),
            "after": case_facts.say(question, facts[question.name].value),
        }
        for question in changed
    ]
    if only_own:
        told.insert(0, {"name": WHOSE, "label": "Lignende sager fra", "before": ALL, "after": OWN})
    return {
        "format": FORMAT,
        "model_version": start.shown.model_version,
        "manifest_hash": start.shown.manifest_hash,
        "levels": start.payload["levels"],
        "changed": told,
        "sentences": [f"{each['label']}: {each['after']} i stedet for {each['before']}." for each in told],
        "before": _side(start.payload),
        "after": _side(after),
    }


def _side(payload: Mapping[str, Any]) -> dict[str, Any]:
    """What is compared of one answer: counts by level, pulls, flags, and why it is silent if it is."""
    similar, pulls = payload["similar"], payload["contributions"]
    return {
        "silent": payload["abstained_sentences"],
        "notes": [*payload["flag_sentences"], *filter(None, [payload["uncertainty"]["several_sentence"]])],
        "count": similar["count"] if similar else None,
        "spread": {each["level"]: each["count"] for each in similar["spread"]} if similar else {},
        "pulls": [
            {name: item[name] for name in ("question", "label", "value", "strength", "toward", "certain")}
            for item in (pulls["items"] if pulls else ())
        ],
    }


def _store(
    session: Session,
    start: Start,
    payload: dict[str, Any],
    fragment: str,
    template_version: str,
    now: datetime,
    by: Actor,
) -> Exploration:
    row = Exploration(
        at=now,
        case_id=start.file.case.id,
        suggestion_id=start.shown.id,
        explored_by=by.person_id,
        model_version=start.shown.model_version or "",
        manifest_hash=start.shown.manifest_hash or "",
        template_version=template_version,
        payload_hash=digest(payload),
    )
    log.append(
        session,
        Event.SUGGESTION_EXPLORED,
        at=now,
        by=by,
        row=row,
        citizen_id=start.file.case.citizen_id,
        case_id=start.file.case.id,
        personal={"payload": payload, "fragment": fragment},
        model=row.model_version,
        manifest=row.manifest_hash,
    )
    return row
