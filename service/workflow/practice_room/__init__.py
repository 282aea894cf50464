"""Practice on made-up cases: judge, see the evidence, decide, and then be told what was planted in it.

What somebody does here is hers alone. It is in no log, no statistics, no export and no backup, and every
function answers for whoever acts: there is no way to name somebody else.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlmodel import Session, select

from models import areas
from models.declaration import Option
from service import policy
from service.clock import local_date
from service.errors import AssessmentMissing, Conflict, Refused
from service.identity import Actor
from service.policy import Action
from service.tables.competence import PracticeRound
from service.workflow.practice_room import exercises
from service.workflow.practice_room.evidence import payload_of
from service.workflow.practice_room.exercises import Exercise

PLAN_TYPE = "almen"
"""The kind of plan the exercises are about: the one in which the municipality chooses the level."""


@dataclass(frozen=True)
class Round:
    """How far somebody has come with one exercise: "" for what she has not said yet."""

    exercise: Exercise
    own: str = ""
    decision: str = ""

    @property
    def carried(self) -> bool:
        """Whether the case can carry what she decided."""
        return self.decision in self.exercise.carried

    @property
    def changed(self) -> bool:
        """Whether she decided something else than she judged before the evidence."""
        return bool(self.decision) and self.decision != self.own


def rounds(session: Session, area: str, *, by: Actor) -> tuple[Round, ...]:
    """Every exercise, in the order they are offered, each with how far she has come."""
    policy.authorize(by, Action.PRACTISE)
    hers = {
        row.exercise: row
        for row in session.exec(select(PracticeRound).where(PracticeRound.person_id == by.person_id))
    }
    return tuple(_round(exercise, hers.get(exercise.code)) for exercise in exercises.of_area(area))


def open_round(session: Session, area: str, code: str, *, by: Actor) -> Round:
    """One exercise with how far she has come; raises NotFound for a code that is not offered."""
    policy.authorize(by, Action.PRACTISE)
    exercise = exercises.named(area, code)
    return _round(exercise, _find(session, code, by))


def options_on(area: str, day: date) -> tuple[Option, ...]:
    """The lawful answers of a real case of the kind."""
    return tuple(areas.get(area).options(PLAN_TYPE, day))


def judge(session: Session, area: str, code: str, own: str, *, now: datetime, by: Actor) -> Round:
    """Her own judgement, before anything is shown; commits. Once only: Conflict the second time."""
    found = open_round(session, area, code, by=by)
    if found.own:
        raise Conflict("Du har allerede vurderet øvelsen. Begynd forfra, hvis du vil vurdere igen.")
    _refuse_other(area, own, now, "choice")
    row = PracticeRound(person_id=by.person_id, exercise=code, own=own, updated_at=now)
    session.add(row)
    session.commit()
    return _round(found.exercise, row)


def evidence_of(area: str, found: Round) -> dict[str, Any]:
    """What is shown; AssessmentMissing before her own judgement."""
    if not found.own:
        raise AssessmentMissing
    return payload_of(area, found.exercise, found.own)


def decide(session: Session, area: str, code: str, choice: str, *, now: datetime, by: Actor) -> Round:
    """What she decides after the evidence; commits. AssessmentMissing before a judgement."""
    found = open_round(session, area, code, by=by)
    row = _find(session, code, by)
    if row is None:
        raise AssessmentMissing
    if found.decision:
        raise Conflict("Du har allerede besluttet øvelsen. Begynd forfra, hvis du vil prøve igen.")
    _refuse_other(area, choice, now, "choice")
    row.decision, row.updated_at = choice, now
    session.add(row)
    session.commit()
    return _round(found.exercise, row)


def forget(session: Session, *, by: Actor, code: str | None = None) -> None:
    """Delete what she did in one exercise, or in all of them, and commit."""
    policy.authorize(by, Action.PRACTISE)
    for row in session.exec(select(PracticeRound).where(PracticeRound.person_id == by.person_id)).all():
        if code in (None, row.exercise):
            session.delete(row)
    session.commit()


def _refuse_other(area: str, choice: str, now: datetime, field: str) -> None:
    if choice not in {option.code for option in options_on(area, local_date(now))}:
        raise Refused("Vælg et af svarene.", field=field)


def _find(session: Session, code: str, by: Actor) -> PracticeRound | None:
    hers = select(PracticeRound).where(PracticeRound.person_id == by.person_id)
    return session.exec(hers.where(PracticeRound.exercise == code)).first()


def _round(exercise: Exercise, row: PracticeRound | None) -> Round:
    return Round(exercise) if row is None else Round(exercise, row.own, row.decision or "")
