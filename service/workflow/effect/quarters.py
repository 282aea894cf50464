"""Which quarters can be read, and their followed cases: the same for every page that tells of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from models.declaration import Area
from service.clock import local_date
from service.workflow import governance
from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.followed import followed_cases
from service.workflow.statistics import periods, queries
from service.workflow.statistics.periods import Period


@dataclass(frozen=True)
class Quarters:
    """The quarters that can be read, newest first, and the day that counting stops before."""

    offered: tuple[Period, ...]
    until: date

    @property
    def newest(self) -> Period | None:
        """The quarter to begin with; None while there is nothing to count."""
        return periods.first_to_show(self.offered, self.until)

    def is_provisional(self, quarter: Period) -> bool:
        """Whether a quarter has days that are not counted yet."""
        return self.until < quarter.end


def quarters_to_read(
    session: Session, units: Sequence[str], municipality_id: str, area: Area, now: datetime
) -> Quarters:
    """The quarters from the first decision on; while practising, also the one under way."""
    phase = governance.phase_of(session, municipality_id, local_date(now))
    until = periods.counted_until(now, practising=phase == governance.PRACTICE)
    first = queries.first_decided_at(session, units, area)
    found = periods.offered(local_date(first), until) if first else ()
    return Quarters(tuple(each for each in found if each.quarter is not None), until)


def read_quarters(
    session: Session, units: Sequence[str], area: Area, wanted: Sequence[Period], until: date
) -> tuple[FollowedCases, ...]:
    """The followed cases of some quarters, oldest first, each behind its own suppression."""
    ordered = sorted(wanted, key=lambda each: each.start)
    if not ordered:
        return ()
    end = min(ordered[-1].end, until)
    cases = followed_cases(session, units, area, ordered[0].start, end, until=until)
    return tuple(FollowedCases(cases, each) for each in ordered)
