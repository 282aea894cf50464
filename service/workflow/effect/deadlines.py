"""The legal deadline by offer and month: seven days, free choice, later starts, days off (§ 140, stk. 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.workflow.effect.cells import FollowedCases
from service.workflow.effect.followed import Followed
from service.workflow.effect.groups import DAY_OFF, LATER, PLANNED
from service.workflow.effect.medians import HIDDEN as NO_MEDIAN
from service.workflow.effect.medians import Median, median
from service.workflow.statistics.cells import ALL
from service.workflow.statistics.periods import Month, Period
from service.workflow.statistics.shares import HIDDEN, Share

FREE_CHOICE = ("frit_valg", "frit_valg_afslaaet")
"""Agreements that say that the citizen was told of the right to choose a private supplier."""


@dataclass(frozen=True)
class OfferTimes:
    """Starts offered in time by one offer: in the quarter, and in each of its months. Days from discharge."""

    code: str
    in_time: Share
    months: tuple[Share, ...]
    days: Median


@dataclass(frozen=True)
class Agreed:
    """How many of the starts that were not offered in time were agreed like this; None where hidden."""

    code: str
    count: int | None


@dataclass(frozen=True)
class Deadlines:
    """The deadline in one quarter. `planned` are cases with a planned start, by the day of the decision.

    `days_off` are those whose deadline fell on a weekend or a holiday, `later` those whose plan states a
    later start. `missed` counts starts not offered in time, the trigger of free choice, `agreed` what then.
    """

    period: Period
    planned: Share
    not_planned: int | None
    in_time: Share
    days: Median
    months: tuple[Share, ...]
    offers: tuple[OfferTimes, ...]
    days_off: Share
    later: Share
    missed: int | None
    agreed: tuple[Agreed, ...]

    @property
    def names_of_months(self) -> tuple[Month, ...]:
        """The months of the quarter."""
        return self.period.months


def deadlines(found: FollowedCases) -> Deadlines:
    """The deadline in the quarter of some cases."""
    planned, decided = found.shown(*PLANNED), found.shown("decided", ALL)
    missed = found.shown("missed", ALL)
    months = found.period.months
    return Deadlines(
        period=found.period,
        planned=HIDDEN if planned is None or decided is None else Share(len(planned), len(decided)),
        not_planned=None if planned is None or decided is None else len(decided) - len(planned),
        in_time=in_time(planned),
        days=days_to_first_date(planned),
        months=tuple(in_time(found.shown("planned month", month.code)) for month in months),
        offers=tuple(
            OfferTimes(
                code=key[1],
                in_time=in_time(found.shown(*key)),
                months=tuple(in_time(found.shown("offer month", key[1], month.code)) for month in months),
                days=days_to_first_date(found.shown(*key)),
            )
            for key in found.keys("offer")
        ),
        days_off=in_time(found.shown("due", DAY_OFF)),
        later=in_time(found.shown("later", LATER)),
        missed=None if missed is None else len(missed),
        agreed=tuple(Agreed(key[1], _count(found.shown(*key))) for key in found.keys("agreed")),
    )


def in_time(cases: Sequence[Followed] | None) -> Share:
    """The share of planned cases whose start was offered within the deadline; hidden where they are."""
    return HIDDEN if cases is None else Share(sum(case.row.in_time for case in cases), len(cases))


def days_to_first_date(cases: Sequence[Followed] | None) -> Median:
    """The days from discharge to the first day offered, of those that have one."""
    if cases is None:
        return NO_MEDIAN
    return median([days for case in cases if (days := case.days_to_offer) is not None])


def _count(cases: Sequence[Followed] | None) -> int | None:
    return None if cases is None else len(cases)
