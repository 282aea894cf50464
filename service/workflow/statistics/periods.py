"""Fixed periods of Danish time: months, quarters and years, and how far the numbers may be counted.

Only whole quarters are counted, because two readings of a growing quarter would show by
subtraction what happened in between. While practising, where every case is invented, whole weeks are.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from models.instants import MONTHS
from service.clock import COPENHAGEN, local_date

FOUR_WEEKS = timedelta(weeks=4)
PATTERN = re.compile(r"(?P<year>2\d{3})(-K(?P<quarter>[1-4]))?")


class UnknownPeriod(ValueError):
    """Not the code of a quarter ("2026-K3") or a year ("2026")."""


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month."""

    year: int
    number: int

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, self.number, 1)

    @property
    def code(self) -> str:
        """For example "2026-09"."""
        return f"{self.year}-{self.number:02d}"

    @property
    def label(self) -> str:
        """For example "september 2026"."""
        return f"{MONTHS[self.number - 1]} {self.year}"

    @property
    def short(self) -> str:
        """For example "sep."; a month of three or four letters stands whole."""
        name = MONTHS[self.number - 1]
        return name if len(name) <= 4 else f"{name[:3]}."


@dataclass(frozen=True)
class Period:
    """A quarter, or a whole year where `quarter` is None. `start` is included, `end` is not."""

    year: int
    quarter: int | None = None

    @property
    def code(self) -> str:
        """The code in addresses: "2026-K3" or "2026"."""
        return str(self.year) if self.quarter is None else f"{self.year}-K{self.quarter}"

    @property
    def label(self) -> str:
        """In words: "3. kvartal 2026" or "hele 2026"."""
        return f"hele {self.year}" if self.quarter is None else f"{self.quarter}. kvartal {self.year}"

    @property
    def start(self) -> date:
        """The first day."""
        return date(self.year, 1 if self.quarter is None else 3 * self.quarter - 2, 1)

    @property
    def end(self) -> date:
        """The day after the last."""
        if self.quarter in (None, 4):
            return date(self.year + 1, 1, 1)
        return date(self.year, 3 * self.quarter + 1, 1)

    @property
    def before(self) -> "Period":
        """The quarter before a quarter, the year before a year."""
        if self.quarter is None:
            return Period(self.year - 1)
        return Period(self.year - 1, 4) if self.quarter == 1 else Period(self.year, self.quarter - 1)

    @property
    def quarters(self) -> tuple["Period", ...]:
        """The quarters of a year; a quarter has itself."""
        return (self,) if self.quarter is not None else tuple(Period(self.year, n) for n in range(1, 5))

    @property
    def months(self) -> tuple[Month, ...]:
        """The calendar months in it."""
        first = self.start.month
        return tuple(Month(self.year, n) for n in range(first, first + (12 if self.quarter is None else 3)))

    def includes(self, instant: datetime) -> bool:
        """Whether an instant falls on one of its days in Denmark."""
        return self.start <= local_date(instant) < self.end


def parse(code: str) -> Period:
    """The period of a code; anything else raises UnknownPeriod."""
    found = PATTERN.fullmatch(code)
    if found is None:
        raise UnknownPeriod(code)
    quarter = found["quarter"]
    return Period(int(found["year"]), None if quarter is None else int(quarter))


def month_of(instant: datetime) -> Month:
    """The calendar month of an instant in Denmark."""
    day = local_date(instant)
    return Month(day.year, day.month)


def quarter_of(day: date) -> Period:
    """The quarter a day lies in."""
    return Period(day.year, (day.month + 2) // 3)


def midnight(day: date) -> datetime:
    """The instant a Danish day begins."""
    return datetime.combine(day, time(), COPENHAGEN).astimezone(UTC)


def counted_until(now: datetime, *, practising: bool) -> date:
    """The day counting stops before: the start of this quarter, or of this week while practising."""
    today = local_date(now)
    return today - timedelta(days=today.weekday()) if practising else quarter_of(today).start


def offered(first: date, until: date, *, growing_years: bool = False) -> tuple[Period, ...]:
    """The periods from the first decision's day until counting stops: quarters newest first, then years.

    A year is offered when it is over: two readings of a growing one would show, by subtraction, a quarter in
    which a number was held back. With `growing_years` it is offered from its first quarter on.
    """
    if first >= until:
        return ()
    quarter = quarter_of(first)
    quarters = [quarter]
    while quarters[-1].end < until:
        quarters.append(next_quarter(quarters[-1]))
    years = sorted({quarter.year for quarter in quarters}, reverse=True)
    whole = (Period(year) for year in years)
    return (*reversed(quarters), *(year for year in whole if growing_years or year.end <= until))


def next_quarter(period: Period) -> Period:
    """The quarter after a quarter."""
    return quarter_of(period.end)


def first_to_show(offered: tuple[Period, ...], until: date) -> Period | None:
    """The newest quarter with at least four weeks counted, else the newest; None when there is none."""
    for period in offered:
        if period.quarter is not None and until - period.start >= FOUR_WEEKS:
            return period
    return offered[0] if offered else None
