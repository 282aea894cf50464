"""The board of one unit: what was entered, beside how the deadline was kept and what may come.

What is told of cases comes from a whole quarter, behind the suppression of the statistics.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.clock import local_date
from service.tables.capacity import CapacityEntry
from service.workflow.capacity.entries import offers
from service.workflow.capacity.forecast import Forecast, forecast, weekly_counts
from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.deadlines import days_to_first_date, in_time
from service.workflow.effect.followed import Followed
from service.workflow.effect.medians import HIDDEN as NO_MEDIAN
from service.workflow.effect.medians import Median
from service.workflow.statistics.shares import HIDDEN, Share


@dataclass(frozen=True)
class BoardRow:
    """One offer: the newest entry, the share offered in time, days to the first date, what to expect."""

    offer: str
    label: str
    entry: CapacityEntry | None
    in_time: Share
    days: Median
    expected: Forecast | None


def board(
    entries: Sequence[CapacityEntry], quarter: FollowedCases | None, until: date
) -> tuple[BoardRow, ...]:
    """The offers that have an entry or cases, in declared order; `until` is the day that counting stops."""
    newest = {entry.offer: entry for entry in entries}
    used = {key[1] for key in quarter.keys("offer")} if quarter is not None else set()
    return tuple(
        _row(code, label, newest.get(code), quarter, until)
        for code, label in offers().items()
        if code in newest or code in used
    )


def _row(
    code: str, label: str, entry: CapacityEntry | None, quarter: FollowedCases | None, until: date
) -> BoardRow:
    if quarter is None:
        return BoardRow(code, label, entry, HIDDEN, NO_MEDIAN, None)
    cases = quarter.shown("offer", code)
    return BoardRow(
        code, label, entry, in_time(cases), days_to_first_date(cases), _expected(cases, quarter, until)
    )


def _expected(cases: Sequence[Followed] | None, quarter: FollowedCases, until: date) -> Forecast | None:
    """From the weeks of the quarter alone, so that two readings of it say the same."""
    if cases is None:
        return None
    days = [local_date(case.row.decided_at) for case in cases]
    return forecast(weekly_counts(days, quarter.period.start, min(quarter.period.end, until)))
