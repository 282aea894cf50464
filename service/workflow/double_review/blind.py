"""The second judgement: who may make it, what she sees before it, and that it is made once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from models import areas
from models.declaration import Area
from models.facts import Fact
from service import log, policy
from service.errors import Conflict, Forbidden, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.assessment import Assessment
from service.tables.decision import Decision
from service.tables.double_review import ReviewDraw, ReviewRound, SecondJudgement
from service.tables.intake import Case, CaseTaking, FactsVersion
from service.tables.log import LogEntry
from service.workflow.case_file import all_of, facts_of, find_case, is_erased, plan_texts
from service.workflow.double_review.lots import UNDECIDED

PURPOSE = "skoensproeve"
"""What a drawn case is opened for."""


class SeenBefore(Forbidden):
    """Somebody would judge a case again that she has worked on, or looked into."""

    sentence = "Du har arbejdet med sagen eller set den før. En kollega tager den."


@dataclass(frozen=True)
class BlindCase:
    """What a second judge sees: the facts and the plan's text as the first judgement read them, and no more.

    `judged` is her judgement, once it is there; `first` and `decided` come with it and not before.
    """

    draw_id: str
    case_id: str
    serial: int
    area: Area
    facts: Mapping[str, Fact]
    sections: Mapping[str, str]
    judged: str | None = None
    first: str | None = None
    decided: str | None = None


def queue(session: Session, by: Actor) -> list[ReviewDraw]:
    """The drawn cases of her unit that wait and that she may judge, those of the oldest lot first."""
    policy.authorize(by, Action.REVIEW_BLIND)
    judged = select(SecondJudgement.draw_id)
    statement = (
        select(ReviewDraw, Case)
        .join(ReviewRound, col(ReviewRound.id) == ReviewDraw.round_id)
        .join(Case, col(Case.id) == ReviewDraw.case_id)
        .where(ReviewRound.unit_id == by.unit_id, col(ReviewDraw.id).not_in(judged))
        .order_by(col(ReviewRound.period), col(Case.serial))
    )
    seen = seen_by(session, by)
    return [
        drawn for drawn, case in session.exec(statement).all() if case.id not in seen and not is_erased(case)
    ]


def open_blind(session: Session, draw_id: str, by: Actor) -> BlindCase:
    """A drawn case for whoever may judge it, or has; raises NotFound, CaseErased and SeenBefore."""
    drawn = _find(session, draw_id, by)
    case = find_case(session, drawn.case_id)
    judged = _judged(session, drawn)
    if judged is not None and judged.judged_by != by.person_id:
        raise Conflict("En kollega har vurderet sagen.")
    if judged is None and case.id in seen_by(session, by):
        raise SeenBefore
    first = session.get_one(Assessment, drawn.assessment_id)
    read = list(all_of(session, FactsVersion, case.id))
    read = read[: 1 + next(n for n, each in enumerate(read) if each.id == first.facts_id)]
    area = areas.get(case.area)
    return BlindCase(
        draw_id=drawn.id,
        case_id=case.id,
        serial=case.serial,
        area=area,
        facts=facts_of(session, area, read[-1]),
        sections=plan_texts(session, log.open_part(session, case), tuple(read))["sections"],
        judged=judged.choice if judged else None,
        first=first.choice if judged else None,
        decided=_decision(session, case.id) if judged else None,
    )


def judge(session: Session, draw_id: str, choice: str, *, now: datetime, by: Actor) -> SecondJudgement:
    """Store a second judgement and commit; the very same again gives the one that is there.

    Raises Refused for a choice that is none, Conflict when the case is judged already, and what `open_blind`
    raises.
    """
    drawn = _find(session, draw_id, by)
    current = _judged(session, drawn)
    if current is not None and (current.judged_by, current.choice) == (by.person_id, choice):
        return current
    if current is not None:
        raise Conflict("Sagen er vurderet. En vurdering i skønsprøven kan ikke ændres.")
    case = find_case(session, drawn.case_id)
    if case.id in seen_by(session, by):
        raise SeenBefore
    if choice not in (*areas.get(case.area).level_codes, UNDECIDED):
        raise Refused("Vælg, hvad borgeren har brug for.", field="choice")
    row = SecondJudgement(at=now, draw_id=drawn.id, case_id=case.id, judged_by=by.person_id, choice=choice)
    log.append(
        session, Event.REVIEW_JUDGED, at=now, by=by, row=row, citizen_id=case.citizen_id, personal={},
        draw=drawn.id,
    )  # fmt: skip
    session.commit()
    return row


def seen_by(session: Session, by: Actor) -> set[str]:
    """The ids of the cases that somebody has judged, decided, taken, or opened for anything but this."""
    found = {
        case_id
        for case_of, person in [
            (Assessment.case_id, Assessment.person_id),
            (Decision.case_id, Decision.person_id),
            (CaseTaking.case_id, CaseTaking.person_id),
        ]
        for case_id in session.exec(select(case_of).where(person == by.person_id))
    }
    opened = select(LogEntry.entry).where(
        LogEntry.event == Event.CASE_OPENED, col(LogEntry.entry).contains(f'"actor":"{by.person_id}"')
    )
    for entry in map(json.loads, session.exec(opened)):
        if entry["purpose"] != PURPOSE:
            found.add(entry["case"])
    return found


def _find(session: Session, draw_id: str, by: Actor) -> ReviewDraw:
    policy.authorize(by, Action.REVIEW_BLIND)
    drawn = session.get(ReviewDraw, draw_id)
    if drawn is None or session.get_one(ReviewRound, drawn.round_id).unit_id != by.unit_id:
        raise NotFound
    return drawn


def _judged(session: Session, drawn: ReviewDraw) -> SecondJudgement | None:
    return session.exec(select(SecondJudgement).where(SecondJudgement.draw_id == drawn.id)).first()


def _decision(session: Session, case_id: str) -> str | None:
    decisions = all_of(session, Decision, case_id)
    return decisions[-1].choice if decisions else None
