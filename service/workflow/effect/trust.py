"""Three questions to the citizen after the decision: how many say yes, by how her case was decided.

An answer adds one to a few counters of the quarter and leaves nothing else: no row, no time, no entry in the
log, not that she answered. Every answer writes every counter of the quarter, so that no order of pages or row
versions tells which of them moved. That nobody answers twice is therefore not known; one visit answers once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any

from sqlalchemy import and_, case, or_, update
from sqlmodel import Session, col, select

from service.clock import local_date
from service.errors import NotFound, Refused
from service.tables.intake import Case
from service.tables.trial import TrialAllocation
from service.tables.trust import GROUPS, TrustTally
from service.workflow.case_file import CaseFile, open_file
from service.workflow.letter.ground import LETTER_STATES
from service.workflow.statistics.periods import Period, quarter_of
from service.workflow.statistics.shares import HIDDEN, Share

QUESTIONS: Mapping[str, str] = {
    "forstod": "Forstår du, hvorfor vi besluttede det, vi gjorde?",
    "hoert": "Blev du hørt?",
    "tillid": "Har du tillid til, at kommunen gjorde det godt?",
}
"""Codes never vanish."""
ANSWERS: Mapping[str, str] = {"ja": "Ja", "delvis": "Både ja og nej", "nej": "Nej"}
YES = "ja"
LEAST_ANSWERS = 10
"""A question with fewer answers of a group in a quarter is hidden."""
APART = 2
"""So is one to which all but one said yes, or all but one did not: it would tell of each."""


@dataclass(frozen=True)
class Trust:
    """By question and group, how many said yes, over the quarters that tell it."""

    yes: Mapping[tuple[str, str], Share]

    def of(self, question: str, group: str) -> Share:
        """One question in one group."""
        return self.yes[question, group]


def answer(session: Session, case_id: str, answers: Mapping[str, str], *, now: datetime) -> None:
    """Count what a citizen says, and commit. What is left out is not counted.

    Raises NotFound before there is a decision, and Refused for an empty or unknown answer.
    """
    file = open_file(session, case_id)
    if not may_answer(file):
        raise NotFound
    if not answers or not set(answers) <= QUESTIONS.keys():
        raise Refused("Svar på mindst ét spørgsmål.")
    if not set(answers.values()) <= ANSWERS.keys():
        raise Refused("Vælg et af svarene.")
    place = (file.case.municipality_id, quarter_of(local_date(now)).code)
    if session.exec(_of(*place).limit(1)).first() is None:
        session.add_all(_empty(*place))
        session.flush()
    group = _group_of(session, file.case, file)
    chosen = or_(
        *(
            and_(
                col(TrustTally.arm) == group, col(TrustTally.question) == question,
                col(TrustTally.choice) == choice,
            )
            for question, choice in answers.items()
        )
    )  # fmt: skip
    session.connection().execute(
        update(TrustTally)
        .where(col(TrustTally.municipality_id) == place[0], col(TrustTally.quarter) == place[1])
        .values(chosen=TrustTally.chosen + case((chosen, 1), else_=0))
    )
    session.commit()


def may_answer(file: CaseFile) -> bool:
    """Whether there is a decision to be asked about."""
    return file.decision is not None and file.state in LETTER_STATES


def results(session: Session, municipality_id: str, quarters: Sequence[Period], until: date) -> Trust:
    """How many said yes in the quarters that counting has come to (`statistics.periods.counted_until`).

    One under way tells nothing, or it could be watched; in practice, where all is invented, it does.
    """
    over = [quarter.code for quarter in quarters if quarter.start < until]
    query = select(TrustTally).where(TrustTally.municipality_id == municipality_id)
    found = session.exec(query.where(col(TrustTally.quarter).in_(over))).all()
    chosen = {(row.quarter, row.question, row.arm, row.choice): row.chosen for row in found}

    def told(question: str, group: str) -> Share:
        each = [
            share_told(*(chosen.get((quarter, question, group, choice), 0) for choice in ANSWERS))
            for quarter in over
        ]
        shown = [(share.hits, share.of) for share in each if share.hits is not None and share.of is not None]
        return Share(sum(hits for hits, _ in shown), sum(of for _, of in shown)) if shown else HIDDEN

    return Trust({key: told(*key) for key in product(QUESTIONS, GROUPS)})


def share_told(yes: int, *others: int) -> Share:
    """How many said yes in a quarter, if it may be told."""
    of = yes + sum(others)
    return Share(yes, of) if of >= LEAST_ANSWERS and min(yes, of - yes) >= APART else HIDDEN


def _group_of(session: Session, found: Case, file: CaseFile) -> str:
    drawn = select(TrialAllocation.arm).where(TrialAllocation.case_id == found.id)
    arm = session.exec(drawn).first()
    if arm is not None:
        return arm
    return "shown" if file.suggestion is not None and file.suggestion.outcome == "shown" else "not_shown"


def _of(municipality_id: str, quarter: str) -> Any:
    return select(TrustTally.id).where(
        TrustTally.municipality_id == municipality_id, TrustTally.quarter == quarter
    )


def _empty(municipality_id: str, quarter: str) -> Iterator[TrustTally]:
    for group, question, choice in product(GROUPS, QUESTIONS, ANSWERS):
        yield TrustTally(
            municipality_id=municipality_id, quarter=quarter, arm=group, question=question,
            choice=choice,
        )  # fmt: skip
