"""Cases in which judgement and evidence differed, for the team's own conference: groups of cases, no person.

A group is told like every other cell, behind the same suppression: never one case by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.workflow.statistics.cells import ALL, cases_in, visible
from service.workflow.statistics.periods import Period
from service.workflow.statistics.reliance import switched
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import HIDDEN, Share, part_of, share_of


@dataclass(frozen=True)
class DifferingGroup:
    """Cases of one type with the same own judgement and another most common level, and where they ended.

    `toward` are those decided like most similar cases, of all in the group.
    """

    case_type: str
    own: str
    reference: str
    toward: Share


@dataclass(frozen=True)
class Differences:
    """The groups that may be shown, and what weighed most in cases that differed, by reason."""

    groups: tuple[DifferingGroup, ...]
    reasons: tuple[tuple[str, Share], ...]


def differing_cases(rows: Sequence[DecidedRow], period: Period) -> Differences | None:
    """The cases of a period that differed; None when they are too few to be shown."""
    within = [row for row in rows if period.includes(row.decided_at)]
    cases, shown = cases_in(within), visible(rows, period)
    if ("apart", ALL) not in shown:
        return None
    return Differences(
        groups=tuple(
            DifferingGroup(key[1], key[2], key[3], share_of(cases[key], switched))
            for key in sorted(cases)
            if key[0] == "differing" and key in shown
        ),
        reasons=tuple(
            (key[1], part_of(cases[key], cases["apart", ALL]) if key in shown else HIDDEN)
            for key in sorted(cases)
            if key[0] == "apart by reason" and cases[key]
        ),
    )
