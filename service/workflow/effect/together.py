"""Cells of several quarters taken together: each quarter as far as it shows them."""

from collections.abc import Callable, Sequence

from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.followed import Followed
from service.workflow.effect.groups import DECIDED
from service.workflow.effect.medians import Median, median
from service.workflow.statistics.shares import HIDDEN, Share
from service.workflow.statistics.suppression import Key


def together(quarters: Sequence[FollowedCases], *key: str) -> list[Followed] | None:
    """The cases of a cell in the quarters that show it; None when there are quarters and none does."""
    open_ = [each for each in quarters if each.shown(*DECIDED) is not None]
    told = [cases for each in open_ if (cases := each.shown(*key)) is not None]
    return None if quarters and not told else [case for cases in told for case in cases]


def share_of_decided(quarters: Sequence[FollowedCases], *key: str) -> Share:
    """How large a cell is among the decided cases, over the quarters that show both."""
    return share_of(quarters, key, DECIDED)


def share_of(quarters: Sequence[FollowedCases], part: Key, whole: Key, but: Key | None = None) -> Share:
    """How large a cell is in another that holds it, over the quarters that show both.

    `but` is a cell within the first that is counted in neither; then it must be shown too.
    """
    cells = (part, whole, *((but,) if but else ()))
    told = [[each.shown(*key) for key in cells] for each in quarters]
    counts = [[len(cases) for cases in each if cases is not None] for each in told]
    both = [
        (some - sum(less), every - sum(less))
        for some, every, *less in (each for each in counts if len(each) == len(cells))
    ]
    return HIDDEN if told and not both else Share(sum(some for some, _ in both), sum(of for _, of in both))


def times(cases: Sequence[Followed] | None, value: Callable[[Followed], float]) -> Median:
    """The median of a time over some cases; hidden where they are."""
    return Median(None) if cases is None else median([value(case) for case in cases])
