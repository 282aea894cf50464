"""What a trial came to, by the lot of each case: people alone, people with evidence, and evidence alone.

It is told by unit and quarter behind all that the statistics show, and summed up: so it gives away nothing
that they hide. Every case counts in the arm it was drawn for, whatever was shown in it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from models import areas
from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.effect import ArmSide, arms, difference
from service.workflow.effect.followed import CONTROL, EVIDENCE, Followed, followed_cases
from service.workflow.effect.groups import ARM, ARMS, DECIDED
from service.workflow.effect.medians import Shift, shift
from service.workflow.effect.quarters import quarters_to_read
from service.workflow.effect.together import share_of, together
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import Difference
from service.workflow.statistics.shares import HIDDEN, Share
from service.workflow.statistics.suppression import Key, Line, Table
from service.workflow.trial.looking import WEEKS
from service.workflow.trial.sealed import Beside, beside
from service.workflow.trial.standing import Standing

ALONE, DECISION, EVIDENCE_ALONE = "alone", "decision", "evidence alone"
WHO = (ALONE, DECISION, EVIDENCE_ALONE)
COMPARED, CHOSEN, LEFT, OTHER = "compared ", "chosen", "left", "andet"
NOT_WORSE, WORSE, OPEN, NOT_MEASURED = "not_worse", "worse", "open", "not_measured"


@dataclass(frozen=True)
class ArmResult:
    """One arm: what *Effekt* tells of an arm, and what only a trial can tell.

    `met` says by WHO in how many of the same cases it was the level that held. `levels` is how many of the
    decided cases got each level; `left` how many caseworkers asked to see nothing.
    """

    side: ArmSide
    in_time: Share
    left: Share
    levels: tuple[tuple[str, Share], ...]
    met: Mapping[str, Share]


@dataclass(frozen=True)
class Results:
    """Both arms, and the arm with evidence less the arm without, each with its interval where there is one.

    `verdict` holds the first difference against the margin of the plan; it is never more than that.
    """

    quarters: tuple[Period, ...]
    hidden: tuple[Period, ...]
    evidence: ArmResult
    control: ArmResult
    right: Difference | None
    in_time: Difference | None
    minutes: Shift | None
    verdict: str


def results(session: Session, found: Standing, now: datetime) -> Results:
    """What a trial came to. Raises Sealed before it is opened."""
    trial, area = found.trial, areas.get(found.trial.area)
    read = quarters_to_read(session, trial.units, trial.municipality_id, area, now)
    quarters = sorted(
        (each for each in read.offered if each.start <= found.until and trial.starts_on < each.end),
        key=lambda each: each.start,
    )
    cases: list[Followed] = []
    if quarters:
        end = min(quarters[-1].end, read.until)
        cases = followed_cases(session, trial.units, area, quarters[0].start, end, until=read.until)
    measured = Measured(beside(session, found, cases), area.level_codes)
    return told([FollowedCases(cases, each, measured.behind) for each in quarters], measured, trial.margin)


def told(quarters: Sequence[FollowedCases], measured: "Measured", margin: int) -> Results:
    """What may be told of some quarters; `margin` is in percentage points of first time right."""
    by_arm = {side.arm: _arm(quarters, side, measured) for side in arms(quarters, WEEKS)}
    evidence, control = by_arm[EVIDENCE], by_arm[CONTROL]
    right = difference(evidence.side.right, control.side.right)
    return Results(
        quarters=tuple(each.period for each in quarters),
        hidden=tuple(each.period for each in quarters if each.shown(*DECIDED) is None),
        evidence=evidence,
        control=control,
        right=right,
        in_time=difference(evidence.in_time, control.in_time),
        minutes=shift(evidence.side.minutes, control.side.minutes),
        verdict=verdict_of(right, margin),
    )


def verdict_of(right: Difference | None, margin: int) -> str:
    """Whether evidence is no worse than none by more than the margin, as far as the interval says."""
    if right is None:
        return NOT_MEASURED
    if right.low > -margin:
        return NOT_WORSE
    return WORSE if right.high < -margin else OPEN


class Measured:
    """The cells that only a trial has: what each case is measured by, and the levels that can be chosen."""

    def __init__(self, by_case: Mapping[str, Beside], levels: Sequence[str]) -> None:
        self._by_case = by_case
        self.levels = (*levels, OTHER)

    def behind(self, base: Table, cases: Sequence[Followed]) -> Table:
        """Put the cells of a trial behind those of *Effekt*."""
        cells: dict[Key, frozenset[int]] = {}
        hits: dict[Key, frozenset[int]] = {}
        for arm in ARMS:
            drawn = frozenset(n for n, case in enumerate(cases) if case.arm == arm)
            compared = frozenset(n for n in drawn if cases[n].row.case_id in self._by_case)
            for who in WHO:
                cells[COMPARED + who, arm] = compared
                hits[COMPARED + who, arm] = frozenset(n for n in compared if self.met(who, cases[n]))
            cells[LEFT, arm] = drawn
            hits[LEFT, arm] = frozenset(n for n in drawn if has_left(cases[n]))
            for level in self.levels:
                cells[CHOSEN, arm, level] = frozenset(n for n in drawn if self.level(cases[n]) == level)
        lines = [
            Line((ARM + "decided", arm), tuple((CHOSEN, arm, level) for level in self.levels)) for arm in ARMS
        ]
        return replace(
            base,
            tiers=(*base.tiers, cells),
            lines=(*base.lines, *lines),
            phantoms=base.phantoms | frozenset(base.cells),
            within={**base.within, **{key: (ARM + "decided", key[1]) for key in cells}},
            told={**base.told, **hits},
        )

    def met(self, who: str, case: Followed) -> bool:
        """Whether what somebody (of WHO) said of a case was the level that held."""
        by = self._by_case[case.row.case_id]
        return {ALONE: case.row.own, DECISION: case.row.choice, EVIDENCE_ALONE: by.evidence}[who] == by.held

    def level(self, case: Followed) -> str:
        """The level decided, or OTHER."""
        return case.row.choice if case.row.choice in self.levels else OTHER


def has_left(case: Followed) -> bool:
    """Whether the caseworker asked to see nothing, before she knew the arm."""
    return case.row.withheld_reason == "declined"


def _arm(quarters: Sequence[FollowedCases], side: ArmSide, measured: Measured) -> ArmResult:
    arm = side.arm

    def share(hit: Callable[[Followed], bool], *key: str) -> Share:
        cases = together(quarters, *key)
        return HIDDEN if cases is None else Share(sum(map(hit, cases)), len(cases))

    def level(code: str) -> Share:
        return share_of(quarters, (CHOSEN, arm, code), (ARM + "decided", arm))

    return ArmResult(
        side=side,
        in_time=share(lambda case: case.row.in_time, ARM + "planned", arm),
        left=share(has_left, LEFT, arm),
        levels=tuple((code, level(code)) for code in measured.levels),
        met={who: share(partial(measured.met, who), COMPARED + who, arm) for who in WHO},
    )
