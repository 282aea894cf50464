"""Draw the cases of a quarter that are judged again: by lot, once, and so that it can be done again.

First the seed and a fingerprint of what may be drawn are written to the log and committed, then it is drawn.
The order of chance is HMAC-SHA256(seed, id of the judgement), lowest first. A unit has one lot a quarter, and
the seed is not chosen by anybody, so nobody can draw until a nicer sample comes.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models import areas
from service import log, policy
from service.clock import local_date
from service.database import reading, writing
from service.errors import Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.double_review import ReviewDraw, ReviewRound
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow import governance, in_force
from service.workflow.assessment.blind import blind_judgement
from service.workflow.case_file import WAITING_CHOICES, find_row, is_erased
from service.workflow.statistics.periods import (
    Period,
    UnknownPeriod,
    counted_until,
    midnight,
    parse,
    quarter_of,
)

WANTED = 20
"""Cases of a unit and quarter; four quarters give an interval that says something."""
UNDECIDED = "kan_ikke_afgoeres"


def draw(engine: Engine, period_code: str, *, now: datetime, by: Actor) -> ReviewRound:
    """Draw the unit's cases of a quarter, and commit; a lot that is there already is finished, never redrawn.

    Raises Refused for a quarter that is not over (in practice: has no whole week) or has nothing to draw.
    """
    policy.authorize(by, Action.DRAW_REVIEW)
    with reading(engine) as session:
        period = _quarter(session, period_code, now, by)
    with writing(engine) as session:
        lot = _lot(session, period, now, by)
        session.commit()
    with writing(engine) as session:
        lot = session.get_one(ReviewRound, lot.id)
        _fall(session, lot, now, by)
        session.commit()
    return lot


def newest_quarter(session: Session, now: datetime, by: Actor) -> Period:
    """The newest quarter that may be drawn from."""
    until = counted_until(now, practising=_practising(session, now, by))
    current = quarter_of(local_date(now))
    return current if current.start < until else current.before


def choose(judgements: Sequence[str], seed: str, wanted: int) -> list[str]:
    """The judgements that the lot of a seed falls on: the same again, in whatever order they come."""
    return sorted(judgements, key=lambda each: hmac.digest(seed.encode(), each.encode(), "sha256"))[:wanted]


def fingerprint(judgements: Sequence[str]) -> str:
    """SHA-256 (hex) of the ids of the judgements, one a line, in order."""
    return hashlib.sha256("\n".join(sorted(judgements)).encode()).hexdigest()


def eligible(session: Session, unit_id: str, period: Period) -> list[str]:
    """The ids of the judgements that may be drawn: blind, about a level, of cases decided in the quarter.

    Left out is what is erased, and what may not be worked on because the citizen asked for restriction.
    """
    replaced = select(Decision.replaces).where(col(Decision.replaces).is_not(None))
    statement = (
        select(Case, Assessment)
        .join(Decision, col(Decision.case_id) == Case.id)
        .join(Suggestion, col(Suggestion.id) == Decision.suggestion_id)
        .join(Assessment, col(Assessment.id) == Suggestion.assessment_id)
        .where(Case.unit_id == unit_id, Case.citizen_id != "")
        .where(col(Decision.id).not_in(replaced), col(Decision.choice).not_in(WAITING_CHOICES))
        .where(Decision.at >= midnight(period.start), Decision.at < midnight(period.end))
    )
    found = ((case, blind_judgement(session, last)) for case, last in session.exec(statement).all())
    return sorted(
        first.id
        for case, first in found
        if not first.evidence_seen_before
        and first.choice in (*areas.get(case.area).level_codes, UNDECIDED)
        and in_force.stops_evidence(session, case.id) != "restriction"
    )


def lot_of(session: Session, unit_id: str, period: Period) -> ReviewRound | None:
    """The lot of a unit and quarter, if there is one."""
    same = ReviewRound.unit_id == unit_id, ReviewRound.period == period.code
    return session.exec(select(ReviewRound).where(*same)).first()


def _quarter(session: Session, code: str, now: datetime, by: Actor) -> Period:
    try:
        period = parse(code)
    except UnknownPeriod:
        raise Refused("Vælg et kvartal.", field="period") from None
    if period.quarter is None or period.start > newest_quarter(session, now, by).start:
        raise Refused("Vælg et kvartal, der er slut.", field="period")
    return period


def _practising(session: Session, now: datetime, by: Actor) -> bool:
    phase = governance.phase_of(session, by.municipality_id, local_date(now))
    return bool(phase == governance.PRACTICE)


def _lot(session: Session, period: Period, now: datetime, by: Actor) -> ReviewRound:
    """The lot that is there, or a new one with its entry."""
    same = lot_of(session, by.unit_id, period)
    if same is not None:
        return same
    judgements = eligible(session, by.unit_id, period)
    if not judgements:
        raise Refused("Der er ingen sager at trække i det kvartal.", field="period")
    row = ReviewRound(
        at=now, municipality_id=by.municipality_id, unit_id=by.unit_id, period=period.code,
        seed=secrets.token_hex(16), wanted=WANTED, eligible=len(judgements),
        eligible_hash=fingerprint(judgements), drawn_by=by.person_id,
    )  # fmt: skip
    log.append(session, Event.REVIEW_SEEDED, at=now, by=by, row=row)
    return row


def _fall(session: Session, lot: ReviewRound, now: datetime, by: Actor) -> None:
    """Write what the lot falls on, unless that is written."""
    if session.exec(select(ReviewDraw.id).where(ReviewDraw.round_id == lot.id).limit(1)).first() is not None:
        return
    for judgement_id in choose(eligible(session, lot.unit_id, parse(lot.period)), lot.seed, lot.wanted):
        case = find_row(session, session.get_one(Assessment, judgement_id).case_id)
        if is_erased(case):
            continue
        row = ReviewDraw(at=now, round_id=lot.id, case_id=case.id, assessment_id=judgement_id)
        log.append(
            session, Event.REVIEW_DRAWN, at=now, by=by, row=row, citizen_id=case.citizen_id, personal={},
            round=lot.id,
        )  # fmt: skip
