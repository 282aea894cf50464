"""Cells of several quarters taken together: each quarter as far as it shows them."""

from collections.abc import Callable, Sequence

from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.followed import Followed
from service.workflow.effect.groups import DECIDED
from service.workflow.effect.medians import Median, median
from service.workflow.statistics.shares import HIDDEN, Share


def together(quarters: Sequence[FollowedCases], *key: str) -> list[Followed] | None:
    """The cases of a cell in the quarters that show it; None when there are quarters and none does."""
    open_ = [each for each in quarters if each.shown(*DECIDED) is not None]
    told = [cases for each in open_ if (cases := each.shown(*key)) is not None]
    return None if quarters and not told else [case for cases in told for case in cases]


def share_of_decided(quarters: Sequence[FollowedCases], *key: str) -> Share:
    """How large a cell is among the decided cases, over the quarters that show both."""
    shown = [(each.shown(*key), each.shown(*DECIDED)) for each in quarters]
    both = [(len(some), len(every)) for some, every in shown if some is not None and every is not None]
    return HIDDEN if shown and not both else Share(sum(some for some, _ in both), sum(of for _, of in both))


def times(cases: Sequence[Followed] | None, value: Callable[[Followed], float]) -> Median:
    """The median of a time over some cases; hidden where they are."""
    return Median(None) if cases is None else median([value(case) for case in cases])
