"""A team's practice in a quarter or a year: numbers of cases, after suppression, and no person."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import floor

from service.workflow.statistics.calibration import Bin, calibration
from service.workflow.statistics.cells import ALL
from service.workflow.statistics.counted import Counted
from service.workflow.statistics.intervals import newcombe
from service.workflow.statistics.outcomes import Outcomes, outcomes
from service.workflow.statistics.periods import Month, Period
from service.workflow.statistics.reliance import Reliance, reliance
from service.workflow.statistics.rows import DecidedRow, median_minutes
from service.workflow.statistics.shares import HIDDEN, Share, part_of, share_of, whole_percent


@dataclass(frozen=True)
class Category:
    """How many cases have one code; None where hidden."""

    code: str
    count: int | None


@dataclass(frozen=True)
class TypeRow:
    """The override rate of one case type, and how often the own judgement was another to begin with."""

    code: str
    override: Share
    distance: Share


@dataclass(frozen=True)
class ReasonRow:
    """How often a reason weighed most: in all cases, in those in line, in those decided otherwise."""

    code: str
    all: Share
    agreement: Share
    override: Share


@dataclass(frozen=True)
class MonthRow:
    """The override rate of one month."""

    month: Month
    override: Share


@dataclass(frozen=True)
class Practice:
    """The numbers of one period. With a case type there are no further breakdowns: two dimensions at most.

    `not_shown` are the cases without evidence, of all. `minutes` is the median from opening the judgement to
    the decision, `prefilled` a share in percent. `left_out` are units whose cases are not in the numbers.
    """

    period: Period
    case_type: str | None
    decided: int | None
    with_evidence: int | None
    without_evidence: int | None
    not_shown: Share
    override: Share
    reliance: Reliance
    in_time: Share
    minutes: int | None
    prefilled: int | None
    withheld: tuple[Category, ...] = ()
    by_type: tuple[TypeRow, ...] = ()
    reasons: tuple[ReasonRow, ...] = ()
    months: tuple[MonthRow, ...] = ()
    bins: tuple[Bin, ...] = ()
    left_out: tuple[str, ...] = ()
    outcomes: Outcomes | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was decided in the period."""
        return self.decided == 0


@dataclass(frozen=True)
class Difference:
    """The difference of two override rates in percentage points, with its 95 % interval (Newcombe)."""

    points: int
    low: int
    high: int


def practice(rows: Sequence[DecidedRow], period: Period, case_type: str | None = None) -> Practice:
    """The numbers of a period, for all case types together or for one.

    `rows` are all decided cases of the team in the period's year, so that a year is seen beside its quarters.
    """
    return practice_of(Counted(rows, period), case_type)


def practice_of(cells: Counted, case_type: str | None = None) -> Practice:
    """`practice` of cases that are counted already."""
    name = ALL if case_type is None else case_type
    decided = cells.shown("decided", name)
    summary = Practice(
        period=cells.period,
        case_type=case_type,
        left_out=cells.left_out,
        decided=cells.count("decided", name),
        with_evidence=cells.count("with", name),
        without_evidence=cells.count("without", name),
        not_shown=part_of(cells.shown("without", name), decided),
        override=cells.overrides("compared", name),
        reliance=reliance(*(cells.shown(measure, name) for measure in ("compared", "apart", "alike"))),
        in_time=share_of(cells.shown("planned", name), lambda row: row.in_time),
        minutes=floor(median_minutes(decided) + 0.5) if decided else None,
        prefilled=_prefilled(decided) if decided else None,
    )
    return summary if case_type is not None else _with_breakdowns(summary, cells)


def override_difference(now: Practice, before: Practice) -> Difference | None:
    """How the override rate differs from the period before.

    None when either has too few cases, or when they are not of the same units.
    """
    if now.left_out != before.left_out:
        return None
    one, other = now.override, before.override
    if one.percent is None or other.percent is None:
        return None
    if one.hits is None or one.of is None or other.hits is None or other.of is None:
        return None
    ends = newcombe(one.hits, one.of, other.hits, other.of)
    return Difference(
        whole_percent(one.hits / one.of - other.hits / other.of),
        whole_percent(ends.low),
        whole_percent(ends.high),
    )


def _prefilled(cases: Sequence[DecidedRow]) -> int | None:
    asked = sum(row.asked for row in cases)
    return whole_percent(sum(row.prefilled for row in cases) / asked) if asked else None


def _with_breakdowns(summary: Practice, cells: Counted) -> Practice:
    compared = summary.override
    columns = {
        "all": summary.decided,
        "agreement": None if compared.of is None or compared.hits is None else compared.of - compared.hits,
        "override": compared.hits,
    }
    return replace(
        summary,
        withheld=tuple(Category(key[1], cells.count(*key)) for key in cells.keys("withheld")),
        by_type=tuple(
            TypeRow(key[1], cells.overrides(*key), part_of(cells.shown("apart", key[1]), cells.shown(*key)))
            for key in cells.keys("compared")
            if key[1] != ALL
        ),
        reasons=tuple(
            ReasonRow(
                key[2],
                **{
                    column: _part(cells.count("reason", column, key[2]), total)
                    for column, total in columns.items()
                },
            )
            for key in cells.keys("reason", "all")
        ),
        months=tuple(
            MonthRow(month, cells.overrides("month", month.code)) for month in summary.period.months
        ),
        bins=calibration(cells.binned("bin"), cells.binned("bin ended")),
        outcomes=outcomes(cells.shown("ended", "override"), cells.shown("ended", "agreement")),
    )


def _part(count: int | None, total: int | None) -> Share:
    return HIDDEN if count is None or total is None else Share(count, total)
