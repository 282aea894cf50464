"""What the skønsprøve shows: how far two blind judgements of the same case agree. No person is in it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from models.declaration import Area
from service.tables.assessment import Assessment
from service.tables.double_review import ReviewDraw, ReviewRound, SecondJudgement
from service.tables.intake import Case
from service.tables.suggestion import Suggestion
from service.workflow.case_file import is_erased
from service.workflow.double_review.alpha import Alpha, with_interval
from service.workflow.double_review.lots import UNDECIDED
from service.workflow.statistics.periods import Period
from service.workflow.statistics.shares import Share
from service.workflow.statistics.suppression import may_show

LEAST_PAIRS = 20
"""With fewer cases judged twice, or fewer than three people, nothing is told of how they agree."""


@dataclass(frozen=True)
class Pair:
    """Two blind judgements of one case.

    `reference` is the most common level among the similar cases that were shown after the first. `judges`
    serves suppression alone.
    """

    first: str
    second: str
    reference: str | None
    judges: tuple[str, str] = field(repr=False)


@dataclass(frozen=True)
class Progress:
    """A lot and how far it has come: cases drawn, judged again, and erased before that."""

    lot: ReviewRound
    drawn: int
    judged: int
    gone: int

    @property
    def waiting(self) -> int:
        """Cases that still wait for a second judgement."""
        return self.drawn - self.judged - self.gone


@dataclass(frozen=True)
class Agreement:
    """How `n` cases judged twice agree. `levels` counts them as ordered, `answers` as names, undecided too.

    `same` are those where both judged alike; `as_most` those where the second judged as most similar cases,
    of those where the first had been shown some with a most common level. All are None with too few cases.
    """

    n: int
    levels: Alpha | None = None
    answers: Alpha | None = None
    same: Share | None = None
    as_most: Share | None = None


def progress(session: Session, units: Sequence[str]) -> list[Progress]:
    """The lots of the units, newest quarter first."""
    lots = select(ReviewRound).where(col(ReviewRound.unit_id).in_(units))
    return [_progress(session, lot) for lot in session.exec(lots.order_by(col(ReviewRound.period).desc()))]


def pairs(session: Session, units: Sequence[str], upto: Period) -> list[Pair]:
    """The pairs of judgements of the units, from the lots of the four quarters that end with a period."""
    quarters = [upto.quarters[-1]]
    while len(quarters) < 4:
        quarters.append(quarters[-1].before)
    statement = (
        select(Assessment, SecondJudgement, Suggestion.reference_level)
        .join(ReviewDraw, col(ReviewDraw.assessment_id) == Assessment.id)
        .join(ReviewRound, col(ReviewRound.id) == ReviewDraw.round_id)
        .join(SecondJudgement, col(SecondJudgement.draw_id) == ReviewDraw.id)
        .join(Suggestion, col(Suggestion.assessment_id) == Assessment.id, isouter=True)
        .where(col(ReviewRound.unit_id).in_(units))
        .where(col(ReviewRound.period).in_([each.code for each in quarters]))
        .order_by(col(ReviewDraw.id))
    )
    return [
        Pair(first.choice, second.choice, reference, (first.person_id, second.judged_by))
        for first, second, reference in session.exec(statement).all()
    ]


def told_pairs(session: Session, units: Sequence[str], upto: Period) -> list[Pair]:
    """The pairs of the units that tell how they agree by themselves: several show no more than each does."""
    each = [pairs(session, [unit], upto) for unit in units]
    told = each if len(each) == 1 else [found for found in each if _may_be_told(found)]
    return [pair for found in told for pair in found]


def agreement(found: Sequence[Pair], area: Area) -> Agreement:
    """How the pairs agree, where there are cases and people enough to tell."""
    if not _may_be_told(found):
        return Agreement(len(found))
    both = [(pair.first, pair.second) for pair in found]
    compared = [pair for pair in found if pair.reference is not None]
    return Agreement(
        n=len(found),
        levels=with_interval(both, area.level_codes, "ordinal"),
        answers=with_interval(both, (*area.level_codes, UNDECIDED), "nominal"),
        same=Share(sum(pair.first == pair.second for pair in found), len(found)),
        as_most=Share(sum(pair.second == pair.reference for pair in compared), len(compared))
        if len(compared) >= LEAST_PAIRS
        else None,
    )


def _may_be_told(found: Sequence[Pair]) -> bool:
    """Whether there are cases enough, and neither first nor second judgements are mostly one person's."""
    return len(found) >= LEAST_PAIRS and all(
        may_show([pair.judges[side] for pair in found], range(len(found))) for side in (0, 1)
    )


def _progress(session: Session, lot: ReviewRound) -> Progress:
    drawn = select(ReviewDraw.id, Case).join(Case, col(Case.id) == ReviewDraw.case_id)
    found = session.exec(drawn.where(ReviewDraw.round_id == lot.id)).all()
    those = [draw_id for draw_id, _ in found]
    judged = set(session.exec(select(SecondJudgement.draw_id).where(col(SecondJudgement.draw_id).in_(those))))
    return Progress(
        lot=lot,
        drawn=len(found),
        judged=len(judged),
        gone=sum(draw_id not in judged and is_erased(case) for draw_id, case in found),
    )
