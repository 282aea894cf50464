"""Cases in which judgement and evidence differed, for the team's own conference: no person, no date."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.workflow.statistics.cells import ALL, cases_in, visible
from service.workflow.statistics.periods import Period
from service.workflow.statistics.rows import DecidedRow

OTHERS = "andre"
"""Stands for case types, or reasons, that are too few to be named."""


@dataclass(frozen=True)
class DifferingCase:
    """One case whose first judgement was another than most similar cases.

    `case_type` and `reason` are OTHERS where naming them would single the case out.
    """

    case_type: str
    own: str
    reference: str
    choice: str
    reason: str


def differing_cases(rows: Sequence[DecidedRow], period: Period) -> tuple[DifferingCase, ...] | None:
    """The cases of a period in an order that tells nothing; None when they are too few to be shown."""
    within = [row for row in rows if period.includes(row.decided_at)]
    cases, shown = cases_in(within), visible(within, period)
    if ("apart", ALL) not in shown:
        return None
    listed = [
        DifferingCase(
            case_type=row.case_type if ("apart", row.case_type) in shown else OTHERS,
            own=row.own,
            reference=row.reference,
            choice=row.choice,
            reason=row.reason if ("apart by reason", row.reason) in shown else OTHERS,
        )
        for row in cases.get(("apart", ALL), [])
        if row.reference is not None
    ]
    return tuple(sorted(listed, key=lambda case: (case.case_type == OTHERS, *vars(case).values())))
