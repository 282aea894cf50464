"""The effect before and after a stated day: time, days, first time right, courses broken off, by arm.

The day is the first of a quarter, so that nobody can move it by a day and subtract. A side is the sum of the
quarters that may be shown; those that may not are named. A difference is no effect by itself: see the page.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.followed import CONTROL, EVIDENCE, Followed
from service.workflow.effect.groups import ARMS, DECIDED
from service.workflow.effect.medians import Median, Shift, shift
from service.workflow.effect.process import Process, process
from service.workflow.effect.together import share_of, share_of_decided, times, together
from service.workflow.statistics.cells import ALL
from service.workflow.statistics.intervals import newcombe
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import Difference
from service.workflow.statistics.shares import HIDDEN, Share, whole_percent

MINUTE = timedelta(minutes=1)
MOST_QUARTERS = 4
"""A side is a year at most, so that both have all seasons when they can."""


@dataclass(frozen=True)
class Stopped:
    """How many courses ended for one of KL's reasons."""

    code: str
    count: int


@dataclass(frozen=True)
class Side:
    """What is told of one side. Times are in minutes, of a case and never of a person.

    `judging` is from opened to the own judgement, `deciding` from the evidence to the decision. `unopened`
    were decided without opening the evidence, of those that no lot kept it from; of `untold` nobody reported
    how the course ended.
    """

    quarters: tuple[Period, ...]
    hidden: tuple[Period, ...]
    cases: int | None
    minutes: Median
    judging: Median
    deciding: Median
    unopened: Share
    prefilled: Share
    to_offer: Median
    to_start: Median
    right: Share
    broken_off: Share
    untold: Share
    process: Process
    stopped: tuple[Stopped, ...]


@dataclass(frozen=True)
class ArmSide:
    """The same of one arm on one side, as far as an arm is told of."""

    arm: str
    cases: int | None
    minutes: Median
    to_offer: Median
    to_start: Median
    right: Share
    broken_off: Share


@dataclass(frozen=True)
class Effect:
    """Before and after the first day of a quarter; `arms` are of the time after, empty while there is one."""

    first_after: Period
    weeks: int
    before: Side
    after: Side
    arms: tuple[ArmSide, ...]

    @property
    def saved(self) -> Shift | None:
        """Minutes more that a case takes in the control arm, from the log; None where it cannot be said.

        Below zero a case takes longer with evidence.
        """
        minutes = {each.arm: each.minutes for each in self.arms}
        return shift(minutes[CONTROL], minutes[EVIDENCE]) if minutes else None


def effect(quarters: Sequence[FollowedCases], first_after: Period, weeks: int) -> Effect:
    """The effect of what changed on the first day of a quarter; a level counts as right after `weeks`."""
    before = [each for each in quarters if each.period.start < first_after.start][-MOST_QUARTERS:]
    after = [each for each in quarters if each.period.start >= first_after.start][:MOST_QUARTERS]
    return Effect(
        first_after=first_after,
        weeks=weeks,
        before=side(before, weeks),
        after=side(after, weeks),
        arms=arms(after, weeks) if has_control(after) else (),
    )


def side(quarters: Sequence[FollowedCases], weeks: int) -> Side:
    """One side: the quarters whose decided cases may be shown, taken together."""
    decided = together(quarters, *DECIDED)
    shown, settled = together(quarters, "with", ALL), together(quarters, f"settled {weeks}", ALL)
    return Side(
        quarters=tuple(each.period for each in quarters),
        hidden=tuple(each.period for each in quarters if each.shown(*DECIDED) is None),
        cases=None if decided is None else len(decided),
        minutes=times(decided, lambda case: case.row.spent / MINUTE),
        judging=times(shown, lambda case: (case.row.spent - _considered(case)) / MINUTE),
        deciding=times(shown, lambda case: _considered(case) / MINUTE),
        unopened=share_of(quarters, ("without", ALL), DECIDED, but=("withheld", "control_arm")),
        prefilled=prefilled(decided),
        to_offer=times(together(quarters, "offered", ALL), lambda case: case.days_to_offer or 0),
        to_start=times(together(quarters, "started", ALL), lambda case: case.days_to_start or 0),
        right=right_first_time(settled, weeks),
        broken_off=broken_off(together(quarters, "finished", ALL)),
        untold=_the_rest(share_of_decided(quarters, "finished", ALL)),
        process=process(quarters),
        stopped=_stopped(quarters),
    )


def arms(quarters: Sequence[FollowedCases], weeks: int) -> tuple[ArmSide, ...]:
    """Each arm by itself: what decides whether a difference in time comes from the evidence."""
    return tuple(_arm(quarters, arm, weeks) for arm in ARMS)


def has_control(quarters: Sequence[FollowedCases]) -> bool:
    """Whether any case was decided in the control arm, shown or hidden."""
    return any(each.has_arm(CONTROL) for each in quarters)


def _arm(quarters: Sequence[FollowedCases], arm: str, weeks: int) -> ArmSide:
    decided = together(quarters, "arm decided", arm)
    return ArmSide(
        arm=arm,
        cases=None if decided is None else len(decided),
        minutes=times(decided, lambda case: case.row.spent / MINUTE),
        to_offer=times(together(quarters, "arm offered", arm), lambda case: case.days_to_offer or 0),
        to_start=times(together(quarters, "arm started", arm), lambda case: case.days_to_start or 0),
        right=right_first_time(together(quarters, f"arm settled {weeks}", arm), weeks),
        broken_off=broken_off(together(quarters, "arm finished", arm)),
    )


def difference(after: Share, before: Share) -> Difference | None:
    """After minus before in percentage points (Newcombe); None where either has fewer than 20 cases."""
    if after.percent is None or before.percent is None:
        return None
    one, one_of, other, other_of = after.hits or 0, after.of or 1, before.hits or 0, before.of or 1
    ends = newcombe(one, one_of, other, other_of)
    points = whole_percent(one / one_of - other / other_of)
    return Difference(points, whole_percent(ends.low), whole_percent(ends.high))


def prefilled(cases: Sequence[Followed] | None) -> Share:
    """How many of the facts asked for were known when the plans came (counted in facts, not in cases)."""
    if cases is None:
        return HIDDEN
    return Share(sum(case.row.prefilled for case in cases), sum(case.row.asked for case in cases))


def right_first_time(cases: Sequence[Followed] | None, weeks: int) -> Share:
    """How many kept their level for so many weeks and were not referred anew, of those known."""
    return HIDDEN if cases is None else Share(_right(cases, weeks), len(cases))


def broken_off(cases: Sequence[Followed] | None) -> Share:
    """How many courses ended before they were completed, of those that have ended."""
    return HIDDEN if cases is None else Share(sum(case.was_broken_off for case in cases), len(cases))


def _the_rest(share: Share) -> Share:
    return share if share.of is None or share.hits is None else Share(share.of - share.hits, share.of)


def _right(cases: Sequence[Followed], weeks: int) -> int:
    return sum(case.right_first_time(weeks) is True for case in cases)


def _considered(case: Followed) -> timedelta:
    return case.row.considered or timedelta()


def _stopped(quarters: Sequence[FollowedCases]) -> tuple[Stopped, ...]:
    """KL's reasons as far as each quarter shows them, most frequent first."""
    counted: Counter[str] = Counter()
    for quarter in quarters:
        for key in quarter.keys("stop") if quarter.shown(*DECIDED) is not None else ():
            counted[key[1]] += len(quarter.shown(*key) or ())
    told = [(code, count) for code, count in counted.items() if count]
    return tuple(Stopped(*each) for each in sorted(told, key=lambda each: (-each[1], each[0])))
