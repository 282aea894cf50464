"""Cases in which judgement and evidence differed, for the team's own conference: groups of cases, no person.

A group is told like every other cell, behind the same suppression: never one case by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from service.workflow.statistics.cells import ALL
from service.workflow.statistics.counted import Counted
from service.workflow.statistics.periods import Period
from service.workflow.statistics.reliance import switched
from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import Share, part_of, share_of


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
    return differences_of(Counted(rows, period))


def differences_of(cells: Counted) -> Differences | None:
    """`differing_cases` of cases that are counted already."""
    apart = cells.shown("apart", ALL)
    if apart is None:
        return None
    groups = [(key, cases) for key in cells.keys("differing") if (cases := cells.shown(*key)) is not None]
    return Differences(
        groups=tuple(
            DifferingGroup(key[1], key[2], key[3], share_of(cases, switched)) for key, cases in groups
        ),
        reasons=tuple(
            (key[1], part_of(cells.shown(*key), apart))
            for key in cells.keys("apart by reason")
            if cells.shown(*key) != []
        ),
    )
