"""Who may be shown a headline: whoever has passed the quiz on what the evidence cannot say.

The evidence without a headline ("overblik") needs no quiz. Only a passed quiz is ever written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlmodel import Session, col, select

from service import log, policy
from service.clock import local_date
from service.errors import Refused
from service.identity import Actor
from service.log import Event
from service.policy import Action
from service.tables.competence import QuizPass
from service.workflow import governance
from service.workflow.competence import quiz
from service.workflow.competence.quiz import Question
from service.workflow.registers import approval, book

VALID = timedelta(days=365)
"""A passed quiz counts this long. After that it is taken again."""

HEADLINE, PLAIN = "forslag", "overblik"


class NotPassed(Refused):
    """Not every question was answered rightly; nothing is written. `missed` are the questions to look at."""

    sentence = "Nogle af svarene skal du se på igen. Intet er gemt, og du kan prøve igen med det samme."

    def __init__(self, missed: tuple[Question, ...]) -> None:
        super().__init__(self.sentence)
        self.missed = missed


class Held(Enum):
    """How somebody stands."""

    PASSED = "passed"
    NEVER = "never"
    TOO_OLD = "too_old"
    OTHER_QUESTIONS = "other_questions"
    OTHER_MODEL = "other_model"


@dataclass(frozen=True)
class Standing:
    """How somebody stands, when she passed last, and how long that counts if nothing else changes."""

    held: Held
    at: datetime | None = None

    @property
    def passed(self) -> bool:
        """Whether a headline may be shown to her."""
        return self.held is Held.PASSED

    @property
    def until(self) -> datetime | None:
        """The instant at which it is too old."""
        return self.at + VALID if self.at else None


@dataclass(frozen=True)
class Ground:
    """What a pass rests on; with any of it changed, the quiz is another one."""

    questions: str
    model_version: str
    manifest_hash: str
    approval: str


def take(session: Session, area: str, answers: Mapping[str, str], *, now: datetime, by: Actor) -> QuizPass:
    """Answer the quiz, and commit. Raises NotPassed, and writes nothing, unless every answer is right."""
    policy.authorize(by, Action.TAKE_QUIZ)
    missed = quiz.missed(quiz.declared(), answers)
    if missed:
        raise NotPassed(missed)
    ground = ground_of(session, by.municipality_id, area)
    row = QuizPass(
        at=now, person_id=by.person_id, municipality_id=by.municipality_id, area=area,
        questions=ground.questions, model_version=ground.model_version, manifest_hash=ground.manifest_hash,
        approval=ground.approval,
    )  # fmt: skip
    log.append(session, Event.QUIZ_PASSED, at=now, by=by, row=row)
    session.commit()
    return row


def standing_of(session: Session, person_id: str, municipality_id: str, area: str, now: datetime) -> Standing:
    """How somebody stands at an instant, by the pass of hers that says most for her."""
    ground = ground_of(session, municipality_id, area)
    newest_first = (
        select(QuizPass)
        .where(QuizPass.person_id == person_id, QuizPass.municipality_id == municipality_id)
        .where(QuizPass.area == area)
        .order_by(col(QuizPass.at).desc(), col(QuizPass.log_seq).desc())
    )
    found = [(row, _held(row, ground, now)) for row in session.exec(newest_first)]
    for row, held in found:
        if held is Held.PASSED:
            return Standing(held, row.at)
    return Standing(found[0][1], found[0][0].at) if found else Standing(Held.NEVER)


def mode_for(session: Session, unit_id: str, area: str, *, now: datetime, by: Actor) -> str:
    """How evidence is shown to whoever acts: as her unit has chosen, a headline only when she has passed."""
    mode = governance.mode_of(session, unit_id)
    if mode != HEADLINE or standing_of(session, by.person_id, by.municipality_id, area, now).passed:
        return mode
    return PLAIN


def ground_of(session: Session, municipality_id: str, area: str) -> Ground:
    """What a pass taken now would rest on."""
    model = governance.active_model(session, area)
    if model is None:
        return Ground(quiz.declared().fingerprint, "", "", "")
    entries = book.standing(session, municipality_id)
    lifted = approval.is_escalated(entries, model.version)
    state = approval.ESCALATED if lifted else approval.state_of(entries, model.version)
    return Ground(quiz.declared().fingerprint, model.version, model.manifest_hash, state)


def _held(row: QuizPass, ground: Ground, now: datetime) -> Held:
    if row.questions != ground.questions:
        return Held.OTHER_QUESTIONS
    rested_on = (row.model_version, row.manifest_hash, row.approval)
    if rested_on != (ground.model_version, ground.manifest_hash, ground.approval):
        return Held.OTHER_MODEL
    return Held.TOO_OLD if local_date(now) > local_date(row.at + VALID) else Held.PASSED
