"""How a team's decisions stand to what most similar cases show: four paths from judgement to decision.

Here J1 is the own judgement before the evidence, R the most common level among the similar cases shown, and
J2 the decision. Only cases where evidence with an R was shown are counted, and only a team's together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from service.workflow.statistics.rows import DecidedRow
from service.workflow.statistics.shares import HIDDEN, LEAST_FOR_PERCENT, Share, part_of, share_of

FAST = timedelta(seconds=10)
"""A change to what most similar cases show is very fast when it is saved sooner than this after they were."""

Cases = Sequence[DecidedRow] | None
"""The cases of a cell, or None where suppression holds them back."""


@dataclass(frozen=True)
class Paths:
    """Where cases that began alike, or apart, ended; None where hidden.

    `kept`: J2 = J1. `switched`: J2 = R and not J1; None for those that began there. `third`: neither.
    """

    of: int | None
    kept: int | None
    switched: int | None
    third: int | None


@dataclass(frozen=True)
class Reliance:
    """`distance`: J1 is not R. Of those, `toward`: J2 is R, and `third`: J2 is neither.

    `away`: of those with J1 = R, J2 is another. `fast`: changed to R within FAST, of 20 cases or more.
    `began_apart` and `began_alike` are the rows of the table that holds all of it.
    """

    distance: Share
    toward: Share
    away: Share
    third: Share
    fast: Share
    began_apart: Paths
    began_alike: Paths


def reliance(compared: Cases, apart: Cases, alike: Cases) -> Reliance:
    """The measures from the cases that were compared, and those that began apart and alike."""
    return Reliance(
        distance=part_of(apart, compared),
        toward=share_of(apart, switched),
        away=share_of(alike, lambda row: row.overrides),
        third=share_of(apart, third),
        fast=_fast(compared),
        began_apart=_paths(apart, can_switch=True),
        began_alike=_paths(alike, can_switch=False),
    )


def switched(row: DecidedRow) -> bool:
    """Began apart and was decided like most similar cases."""
    return row.began_apart and row.choice == row.reference


def third(row: DecidedRow) -> bool:
    """Decided neither as first judged nor like most similar cases."""
    return row.compared and row.choice not in (row.own, row.reference)


def very_fast(row: DecidedRow) -> bool:
    """Switched to what most similar cases show within FAST of their being shown."""
    return switched(row) and row.considered is not None and row.considered < FAST


def _fast(compared: Cases) -> Share:
    return HIDDEN if compared is None or len(compared) < LEAST_FOR_PERCENT else share_of(compared, very_fast)


def _paths(cases: Cases, *, can_switch: bool) -> Paths:
    if cases is None:
        return Paths(None, None, None, None)
    return Paths(
        of=len(cases),
        kept=sum(row.choice == row.own for row in cases),
        switched=sum(map(switched, cases)) if can_switch else None,
        third=sum(map(third, cases)),
    )
