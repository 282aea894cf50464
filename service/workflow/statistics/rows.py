"""One row per decided case, as the statistics count it: the newest decision and what it rests on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from service.workflow.statistics.periods import Month, month_of

OFFERED_IN_TIME = "inden_frist"
NO_CASE_TYPE = "ukendt"


@dataclass(frozen=True)
class DecidedRow:
    """One decided case. Cases that wait for an answer are not decided.

    `caseworker` serves suppression alone and is never printed. `prefilled` of `asked` facts were known when
    the plan arrived. `offered` is the start status, None before the planning. `own` is the judgement made
    before any evidence. `shown_at` is when evidence was shown, `support` the share (0 to 1) of the similar
    cases that had the most common level. `completed` tells how the course ended; None while it is not known.
    Cases of one `need` are comparable; None where it cannot be read.
    `case_id` serves those who read what became of the case, and is never printed either.
    """

    caseworker: str = field(repr=False)
    opened_at: datetime
    decided_at: datetime
    case_type: str
    shown: bool
    withheld_reason: str | None
    own: str
    reference: str | None
    choice: str
    reason: str
    prefilled: int
    asked: int
    due_on: date
    offered: str | None = None
    first_date: date | None = None
    unit: str = ""
    shown_at: datetime | None = None
    support: float | None = None
    completed: bool | None = None
    need: str | None = None
    case_id: str = field(default="", repr=False)

    @property
    def month(self) -> Month:
        """The Danish month of the decision."""
        return month_of(self.decided_at)

    @property
    def compared(self) -> bool:
        """Whether there was a most common level among the similar cases to compare with."""
        return self.shown and self.reference is not None

    @property
    def overrides(self) -> bool:
        """Decided otherwise than most similar cases."""
        return self.compared and self.choice != self.reference

    @property
    def began_apart(self) -> bool:
        """Her own judgement was another than most similar cases, or that it could not be decided."""
        return self.compared and self.own != self.reference

    @property
    def began_alike(self) -> bool:
        """Her own judgement was that of most similar cases."""
        return self.compared and self.own == self.reference

    @property
    def planned(self) -> bool:
        """Whether the start has been planned."""
        return self.offered is not None

    @property
    def in_time(self) -> bool:
        """Whether a start was offered within the deadline (Sundhedsloven § 140)."""
        if self.offered == OFFERED_IN_TIME:
            return True
        return self.first_date is not None and self.first_date <= self.due_on

    @property
    def considered(self) -> timedelta | None:
        """From the evidence to the saved decision; None where none was shown."""
        return None if self.shown_at is None else self.decided_at - self.shown_at

    @property
    def spent(self) -> timedelta:
        """From opening the judgement to the saved decision."""
        return self.decided_at - self.opened_at


def median_minutes(rows: Sequence[DecidedRow]) -> float:
    """The median time in minutes; of an even number the mean of the two in the middle."""
    spent = sorted(row.spent for row in rows)
    middle = len(spent) // 2
    median = spent[middle] if len(spent) % 2 else (spent[middle - 1] + spent[middle]) / 2
    return median / timedelta(minutes=1)
