"""How a case goes from step to step, as the log has it: where it waits, and which steps are taken again."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.followed import STEPS_AGAIN
from service.workflow.effect.groups import AGAIN, WAITED
from service.workflow.effect.medians import Median
from service.workflow.effect.together import share_of_decided, times, together
from service.workflow.statistics.cells import ALL
from service.workflow.statistics.shares import Share


@dataclass(frozen=True)
class Process:
    """Waits in days: from the plan came to the judgement was opened, from the decision to it was planned.

    `again` says by step in how many of the decided cases it was taken more than once.
    """

    to_open: Median
    to_plan: Median
    again: tuple[tuple[str, Share], ...]


def process(quarters: Sequence[FollowedCases]) -> Process:
    """The process over some quarters."""
    return Process(
        to_open=times(together(quarters, WAITED, ALL), lambda case: case.days_to_open or 0),
        to_plan=times(together(quarters, "planned", ALL), lambda case: case.days_to_plan or 0),
        again=tuple((step, share_of_decided(quarters, AGAIN + step, ALL)) for step in STEPS_AGAIN),
    )
