"""Rounds of the employees' survey: one answer each, and no way to tell whose.

An answer adds one to each tally it chose, and its person to those who have answered. No row holds one
person's answers; neither table has a time; nothing of it stands in the log. What can be told is how many
agreed with a statement, in a round that is over and was answered by enough.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from service import log, policy
from service.clock import local_date
from service.errors import Conflict, NotFound, Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.survey import SurveyRound, SurveyTally, SurveyTurnout
from service.workflow.effect.questions import AGREE, ANSWERS, LEAST_ANSWERS, QUESTIONS
from service.workflow.statistics.shares import HIDDEN, Share

LONGEST = timedelta(days=60)
APART = 2
"""A statement that all but one agreed with, or that all but one did not, is hidden: it would tell of each."""


@dataclass(frozen=True)
class Result:
    """How many agreed with each statement in a round; hidden where too few answered, or nearly all alike."""

    round: SurveyRound
    answered: int | None
    agreed: Mapping[str, Share]


def open_round(session: Session, *, opens_on: date, closes_on: date, now: datetime, by: Actor) -> SurveyRound:
    """Open a round for the caseworkers of one's municipality, with empty tallies; commits.

    Raises Refused for days that cannot be, Conflict when it would overlap with another round.
    """
    policy.authorize(by, Action.OPEN_SURVEY)
    if not local_date(now) <= opens_on <= closes_on <= opens_on + LONGEST:
        raise Refused("En runde begynder tidligst i dag og varer højst 60 dage.", field="lukker")
    for other in rounds(session, by.municipality_id):
        if other.opens_on <= closes_on and opens_on <= other.closes_on:
            raise Conflict("Der er allerede en runde i de dage.")
    row = SurveyRound(
        at=now, municipality_id=by.municipality_id, opens_on=opens_on, closes_on=closes_on,
        opened_by=by.person_id,
    )  # fmt: skip
    log.append(session, Event.SURVEY_OPENED, at=now, by=by, row=row)
    session.add_all(
        SurveyTally(round_id=row.id, question=each.code, choice=choice)
        for each in QUESTIONS
        for choice in ANSWERS
    )
    session.commit()
    return row


def answer(session: Session, round_id: str, answers: Mapping[str, str], *, now: datetime, by: Actor) -> None:
    """Count one person's answers; commits. What is left out is not counted.

    Raises NotFound for a round that is not open to her, Refused for an empty or unknown answer, and Conflict
    when she has answered before: then nothing is counted.
    """
    policy.authorize(by, Action.ANSWER_SURVEY)
    found = open_to(session, by, local_date(now))
    if found is None or found.id != round_id:
        raise NotFound("Der er ingen runde at svare på.")
    if not answers or not set(answers) <= {each.code for each in QUESTIONS}:
        raise Refused("Svar på mindst ét udsagn.")
    if not set(answers.values()) <= ANSWERS.keys():
        raise Refused("Vælg et af svarene.")
    try:
        session.add(SurveyTurnout(round_id=round_id, person_id=by.person_id))
        session.flush()
    except IntegrityError:
        session.rollback()
        raise Conflict("Du har svaret i denne runde.") from None
    for question, choice in answers.items():
        counted = session.connection().execute(
            update(SurveyTally)
            .where(col(SurveyTally.round_id) == round_id)
            .where(col(SurveyTally.question) == question, col(SurveyTally.choice) == choice)
            .values(chosen=SurveyTally.chosen + 1)
        )
        if counted.rowcount != 1:  # no backup holds the tallies, so a round does not outlive a restore
            session.rollback()
            raise Conflict("Runden kan ikke tælles længere. Bed din leder om en ny.")
    session.commit()


def open_to(session: Session, actor: Actor, today: date) -> SurveyRound | None:
    """The round that is open in somebody's municipality on a day."""
    of_today = [each for each in rounds(session, actor.municipality_id) if each.opens_on <= today]
    return next((each for each in of_today if today <= each.closes_on), None)


def has_answered(session: Session, round_id: str, person_id: str) -> bool:
    """Whether somebody has answered a round."""
    found = select(SurveyTurnout.id).where(
        SurveyTurnout.round_id == round_id, SurveyTurnout.person_id == person_id
    )
    return session.exec(found).first() is not None


def rounds(session: Session, municipality_id: str) -> Sequence[SurveyRound]:
    """The rounds of a municipality, oldest first."""
    found = select(SurveyRound).where(SurveyRound.municipality_id == municipality_id)
    return session.exec(found.order_by(col(SurveyRound.opens_on))).all()


def results(session: Session, municipality_id: str, today: date) -> tuple[Result, ...]:
    """The rounds that are over, oldest first; a round under way tells nothing, or it could be watched."""
    return tuple(
        _result(session, each) for each in rounds(session, municipality_id) if each.closes_on < today
    )


def _result(session: Session, found: SurveyRound) -> Result:
    turnout = select(func.count()).where(col(SurveyTurnout.round_id) == found.id)
    answered = int(session.execute(turnout).scalar_one())
    tallies = session.exec(select(SurveyTally).where(SurveyTally.round_id == found.id)).all()
    agreed = {}
    for each in QUESTIONS:
        chosen = {tally.choice: tally.chosen for tally in tallies if tally.question == each.code}
        agreed[each.code] = told(sum(chosen.get(code, 0) for code in AGREE), sum(chosen.values()), answered)
    return Result(found, answered if answered >= LEAST_ANSWERS else None, agreed)


def told(hits: int, of: int, answered: int) -> Share:
    """How many agreed, if it may be told; tallies of more answers than people are not to be trusted."""
    enough, spread = of >= LEAST_ANSWERS, min(hits, of - hits) >= APART
    return Share(hits, of) if enough and spread and of <= answered else HIDDEN
