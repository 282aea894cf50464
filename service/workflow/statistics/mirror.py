"""A caseworker's own pattern: her judgement before any evidence, most similar cases, her decision.

It is asked for whoever acts, and there is no way to name somebody else. It knows no target and no colleague.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models import areas
from service import log, policy
from service.clock import local_date
from service.database import reading, writing
from service.errors import NotFound
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow.assessment.blind import blind_judgement
from service.workflow.case_file import WAITING_CHOICES
from service.workflow.decision import change_of
from service.workflow.statistics.periods import (
    Period,
    UnknownPeriod,
    midnight,
    next_quarter,
    parse,
    quarter_of,
)

WHAT = "own_pattern"
"""What the access log calls it; nothing of what was seen stands there."""


@dataclass(frozen=True)
class OwnCase:
    """A case she decided. `own` is her judgement before any evidence, None when a colleague made it.

    `reference` is the most common level among the similar cases shown, None when there was none.
    """

    own: str | None
    reference: str | None
    choice: str
    reason: str


@dataclass(frozen=True)
class Count:
    """So many of so many."""

    hits: int
    of: int


@dataclass(frozen=True)
class Pattern:
    """What her cases add up to.

    `own_met` and `decision_met` count where judgement and decision were what most similar cases got, among
    those where there was such a level. `kept` counts decisions like her own judgement; of the `changed` ones
    `toward` ended at what most similar cases got, and `away` had been there. `waiting` is sent back or left
    undecided, and counts nowhere else.
    """

    decided: int
    waiting: int
    own_met: Count
    decision_met: Count
    kept: Count
    changed: Count
    toward: Count
    away: Count
    reasons: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Mirror:
    """Her pattern in one quarter, and the quarters there are, the newest first."""

    quarter: Period
    quarters: tuple[Period, ...]
    pattern: Pattern


def look(engine: Engine, area: str, code: str, *, now: datetime, by: Actor) -> Mirror:
    """What whoever acts did in a quarter ("" for the one under way), in the municipality she acts in.

    Writes first that she looked. Raises NotFound for a quarter that is not offered, Forbidden for a role
    without cases of its own.
    """
    policy.authorize(by, Action.SEE_OWN_PATTERN)
    with reading(engine) as session:
        quarters = _quarters(session, area, now, by)
    quarter = _asked(code, quarters)
    with writing(engine) as session:
        log.append(session, Event.STATISTICS_READ, at=now, by=by, what=WHAT)
        session.commit()
    with reading(engine) as session:
        cases = own_cases(session, area, quarter, by)
    return Mirror(quarter, quarters, pattern_of(cases, areas.get(area).level_codes))


def own_cases(session: Session, area: str, quarter: Period, by: Actor) -> list[OwnCase]:
    """The cases whose standing decision is her own and of the quarter."""
    statement = _decisions(area, by).where(
        Decision.at >= midnight(quarter.start), Decision.at < midnight(quarter.end)
    )
    return [
        _own_case(session, decision, shown, judged, by) for decision, shown, judged in session.exec(statement)
    ]


def pattern_of(cases: Sequence[OwnCase], levels: tuple[str, ...]) -> Pattern:
    """What some cases add up to."""
    decided = [case for case in cases if case.choice not in WAITING_CHOICES]
    judged = [case for case in decided if case.own is not None]
    changed = [case for case in judged if change_of(case.own or "", case.choice, levels) == "changed"]
    return Pattern(
        decided=len(decided),
        waiting=len(cases) - len(decided),
        own_met=_count([case.own == case.reference for case in judged if case.reference]),
        decision_met=_count([case.choice == case.reference for case in decided if case.reference]),
        kept=Count(len(judged) - len(changed), len(judged)),
        changed=Count(len(changed), len(judged)),
        toward=Count(sum(case.choice == case.reference for case in changed), len(changed)),
        away=Count(sum(case.own == case.reference for case in changed), len(changed)),
        reasons=_in_order(Counter(case.reason for case in decided)),
    )


def _count(met: Sequence[bool]) -> Count:
    return Count(sum(met), len(met))


def _in_order(reasons: Counter[str]) -> tuple[tuple[str, int], ...]:
    """Most often first; of equals, by the code."""
    return tuple(sorted(reasons.items(), key=lambda one: (-one[1], one[0])))


def _own_case(
    session: Session, decision: Decision, shown: Suggestion, judged: Assessment, by: Actor
) -> OwnCase:
    blind = blind_judgement(session, judged)
    return OwnCase(
        own=blind.choice if blind.person_id == by.person_id else None,
        reference=shown.reference_level,
        choice=decision.choice,
        reason=decision.reason_code,
    )


def _decisions(area: str, by: Actor) -> Any:
    """Her standing decisions, each with the answer and the judgement it followed."""
    replaced = select(Decision.replaces).where(col(Decision.replaces).is_not(None))
    return (
        select(Decision, Suggestion, Assessment)
        .join(Case, col(Case.id) == Decision.case_id)
        .join(Suggestion, col(Suggestion.id) == Decision.suggestion_id)
        .join(Assessment, col(Assessment.id) == Suggestion.assessment_id)
        .where(Decision.person_id == by.person_id, Case.municipality_id == by.municipality_id)
        .where(Case.area == area, col(Decision.id).not_in(replaced))
        .order_by(col(Decision.at), col(Decision.id))
    )


def _quarters(session: Session, area: str, now: datetime, by: Actor) -> tuple[Period, ...]:
    """From her first decision's quarter to the one under way, newest first."""
    first = session.exec(_decisions(area, by).limit(1)).first()
    last = quarter_of(local_date(now))
    quarters = [quarter_of(local_date(first[0].at)) if first else last]
    while quarters[-1] != last:
        quarters.append(next_quarter(quarters[-1]))
    return tuple(reversed(quarters))


def _asked(code: str, quarters: tuple[Period, ...]) -> Period:
    try:
        asked = parse(code) if code else quarters[0]
    except UnknownPeriod:
        raise NotFound from None
    if asked not in quarters:
        raise NotFound
    return asked
