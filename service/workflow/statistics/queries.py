"""The decided cases of a team, read from the database as rows to count."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, col, select

from models.decided_case import Outcome
from models.declaration import Area
from service import log
from service.clock import local_date
from service.errors import PartUnreadable
from service.identity import Actor
from service.tables.assessment import Assessment
from service.tables.decision import Decision, Planning
from service.tables.intake import Case, FactsVersion, PersonalPart
from service.tables.organisation import Unit
from service.tables.suggestion import Suggestion
from service.workflow.assessment.blind import blind_judgement
from service.workflow.case_file import WAITING_CHOICES, facts_of, is_erased
from service.workflow.delivery.courses import outcome_of
from service.workflow.model_in_use import admission
from service.workflow.statistics.kept_out import kept_out
from service.workflow.statistics.periods import midnight
from service.workflow.statistics.rows import NO_CASE_TYPE, DecidedRow

AT_A_TIME = 400
"""Identifiers in one statement; both engines allow more."""


def units_seen_by(session: Session, actor: Actor) -> tuple[str, ...]:
    """A team lead reads her own unit; whoever audits reads all units of the municipality together."""
    if actor.role == "teamleder":
        return (actor.unit_id,)
    units = select(Unit.id).where(Unit.municipality_id == actor.municipality_id).order_by(col(Unit.id))
    return tuple(session.exec(units))


def names_of(session: Session, units: Sequence[str]) -> dict[str, str]:
    """The names of units by their id."""
    return {unit.id: unit.name for unit in session.exec(select(Unit).where(col(Unit.id).in_(units)))}


def first_decided_at(session: Session, units: Sequence[str], area: Area) -> datetime | None:
    """When the first case was decided, or None where none has been."""
    decisions = select(Decision.at).join(Case, col(Case.id) == Decision.case_id)
    of_units = decisions.where(Case.area == area.name, col(Case.unit_id).in_(units))
    return session.exec(of_units.order_by(col(Decision.at)).limit(1)).first()


def decided_rows(
    session: Session, units: Sequence[str], area: Area, start: date, end: date
) -> list[DecidedRow]:
    """The cases decided from one day until another (not included), each by its newest decision.

    A case that waits for an answer is not decided. A case that is erased still counts as practice; it has no
    known case type, and no deadline that could have been met or missed. A case that its citizen keeps out of
    numbers is not among them (`kept_out`).
    """
    replaced = select(Decision.replaces).where(col(Decision.replaces).is_not(None))
    statement = (
        select(Case, Decision, Suggestion, Assessment)
        .join(Decision, col(Decision.case_id) == Case.id)
        .join(Suggestion, col(Suggestion.id) == Decision.suggestion_id)
        .join(Assessment, col(Assessment.id) == Suggestion.assessment_id)
        .where(Case.area == area.name, col(Case.unit_id).in_(units))
        .where(col(Decision.id).not_in(replaced), col(Decision.choice).not_in(WAITING_CHOICES))
        .where(Decision.at >= midnight(start), Decision.at < midnight(end))
        .order_by(col(Decision.at), col(Decision.id))
    )
    every = session.exec(statement).all()
    out = kept_out(session, ((case, decision.at) for case, decision, *_ in every))
    found = [row for row in every if row[0].id not in out]
    plannings = _plannings(session, [decision.id for _, decision, *_ in found])
    facts = _facts(session, area, [assessment.facts_id for *_, assessment in found])
    supports = _supports(session, [suggestion.id for *_, suggestion, _ in found])
    courses = _courses(session, [case for case, *_ in found])
    return [
        _row(
            case,
            decision,
            suggestion,
            assessment,
            first=blind_judgement(session, assessment),
            facts=facts[assessment.facts_id],
            support=supports.get(suggestion.id),
            outcome=courses.get((case.municipality_id, case.request_id)),
            planning=plannings.get(decision.id),
        )
        for case, decision, suggestion, assessment in found
    ]


def model_changes(session: Session, area: Area, start: date, end: date) -> tuple[tuple[date, str], ...]:
    """The days from one until another (not included) on which the model in use changed, and to what."""
    rows = [(local_date(row.at), row.version) for row in admission.history(session, area.name)]
    return tuple(row for row in rows if start <= row[0] < end)


@dataclass(frozen=True)
class _Facts:
    """What is counted about a version of the facts."""

    case_type: str
    need: str | None
    prefilled: int
    asked: int


def _row(
    case: Case,
    decision: Decision,
    suggestion: Suggestion,
    assessment: Assessment,
    *,
    first: Assessment,
    facts: _Facts,
    support: float | None,
    outcome: Outcome | None,
    planning: Planning | None,
) -> DecidedRow:
    timed, told = (None, None) if is_erased(case) else (planning, outcome)
    shown = suggestion.outcome == "shown"
    return DecidedRow(
        caseworker=decision.person_id,
        opened_at=assessment.opened_at,
        decided_at=decision.at,
        case_type=facts.case_type,
        shown=shown,
        withheld_reason=suggestion.reason,
        own=first.choice,
        reference=suggestion.reference_level,
        choice=decision.choice,
        reason=decision.reason_code,
        prefilled=facts.prefilled,
        asked=facts.asked,
        due_on=case.due_on,
        offered=timed.start_status if timed else None,
        first_date=timed.first_date if timed else None,
        unit=case.unit_id,
        shown_at=suggestion.at if shown else None,
        support=support,
        completed=_completed(told),
        need=facts.need,
        case_id=case.id,
    )


def _completed(outcome: Outcome | None) -> bool | None:
    """Whether a course that has ended was completed; None while it goes on, or where nothing is reported."""
    if outcome is None or outcome.status in (None, "i_gang"):
        return None
    return outcome.status == "gennemfoert"


def _supports(session: Session, suggestions: Sequence[str]) -> dict[str, float]:
    """What share of the similar cases shown had the most common level, by suggestion.

    It is read from what was shown. Where that can no longer be read, it is not known.
    """
    with_parts = select(Suggestion, PersonalPart).join(
        PersonalPart, col(PersonalPart.id) == Suggestion.part_id, isouter=True
    )
    compared = with_parts.where(col(Suggestion.reference_level).is_not(None))
    supports = {}
    for some in _some(suggestions):
        found = session.exec(compared.where(col(Suggestion.id).in_(some))).all()
        for suggestion, _part in found:  # the session finds the part by its id while it is held here
            with suppress(PartUnreadable):
                supports[suggestion.id] = _support(
                    log.open_part(session, suggestion)["payload"]["similar"], suggestion.reference_level
                )
    return supports


def _support(similar: Mapping[str, Any], level: str | None) -> float:
    return float(
        sum(each["count"] for each in similar["spread"] if each["level"] == level) / similar["count"]
    )


def _courses(session: Session, cases: Sequence[Case]) -> dict[tuple[str, str], Outcome]:
    """The outcomes reported about the cases, by municipality and request."""
    return {
        (municipality_id, request_id): outcome
        for municipality_id in sorted({case.municipality_id for case in cases})
        for request_id, outcome in outcome_of(
            session,
            [case.request_id for case in cases if case.municipality_id == municipality_id],
            municipality_id=municipality_id,
        ).items()
    }


def _facts(session: Session, area: Area, ids: Sequence[str]) -> dict[str, _Facts]:
    """What is counted about each version; the parts are read together, not one by one."""
    with_parts = select(FactsVersion, PersonalPart).join(
        PersonalPart, col(PersonalPart.id) == FactsVersion.part_id, isouter=True
    )
    facts = {}
    for some in _some(ids):
        found = session.exec(with_parts.where(col(FactsVersion.id).in_(some))).all()
        for version, _part in found:  # the session finds the part by its id while it is held here
            facts[version.id] = _counted(session, area, version)
    return facts


def _counted(session: Session, area: Area, version: FactsVersion) -> _Facts:
    try:
        facts = facts_of(session, area, version)
    except PartUnreadable:
        return _Facts(NO_CASE_TYPE, None, version.prefilled, version.asked)
    known, need = facts[area.case_type].known, [facts[name].known for name in area.need]
    return _Facts(
        known if isinstance(known, str) else NO_CASE_TYPE,
        None if None in need else "/".join(map(str, need)),
        version.prefilled,
        version.asked,
    )


def _plannings(session: Session, decisions: Sequence[str]) -> dict[str, Planning]:
    """The newest planning of each decision."""
    replaced = select(Planning.replaces).where(col(Planning.replaces).is_not(None))
    newest = select(Planning).where(col(Planning.id).not_in(replaced))
    return {
        planning.decision_id: planning
        for some in _some(decisions)
        for planning in session.exec(newest.where(col(Planning.decision_id).in_(some)))
    }


def _some(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), AT_A_TIME):
        yield ids[start : start + AT_A_TIME]
