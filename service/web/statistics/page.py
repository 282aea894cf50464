"""The page of the team's practice: tiles, charts and tables, made from suppressed numbers alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType

from flask_babel import gettext

from models.declaration import Area
from service.web.drawing.charts import BarChart, DotChart
from service.web.drawing.pair_charts import SquareChart
from service.web.statistics.breakdowns import (
    DifferingView,
    Months,
    differing_of,
    lessons_of,
    months_of,
    reasons_of,
    types_of,
)
from service.web.statistics.parts import Drawn, Line
from service.web.statistics.reliance import Flow, OutcomeView, calibration_of, flow_of, outcomes_of
from service.web.statistics.tiles import Tile, tiles_of
from service.web.statistics.uniformity import Uniformity, uniformity_of
from service.web.statistics.words import (
    alarm_words,
    number_words,
    repeated_sentences,
    type_label,
    withheld_label,
)
from service.workflow.double_review import Agreement
from service.workflow.statistics.alarms import Alarm
from service.workflow.statistics.differences import Differences
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import MonthRow, Practice
from service.workflow.statistics.variation import Variation


@dataclass(frozen=True)
class Reading:
    """What was counted for one choice of period and case type, and for the period before."""

    offered: tuple[Period, ...]
    until: date
    now: Practice
    before: Practice
    differing: Differences | None
    changes: tuple[tuple[date, str], ...]
    alarms: tuple[Alarm, ...] = ()
    between_units: Variation | None = None
    over_time: Variation | None = None
    agreement: Agreement | None = None
    repeated: Mapping[str, int | None] = field(default_factory=dict)

    @property
    def months(self) -> tuple[MonthRow, ...]:
        """The months counted, with those of the quarter before beside a quarter."""
        rows = tuple(row for row in self.now.months if row.month.start < self.until)
        return rows if self.now.period.quarter is None else (*self.before.months, *rows)

    @property
    def provisional(self) -> bool:
        """Whether the period has days that are not counted yet."""
        return self.until < self.now.period.end

    @property
    def through(self) -> date:
        """The last day counted."""
        return self.until - timedelta(days=1)


@dataclass(frozen=True)
class Option:
    """One choice of the filter."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Breakdowns:
    """What is shown for all case types together; None where the cases are too few."""

    types: Drawn[DotChart]
    reasons: Drawn[BarChart]
    lessons: tuple[Line, ...]
    months: Months
    withheld: tuple[Line, ...]
    calibration: Drawn[SquareChart] | None
    outcomes: OutcomeView | None
    differing: DifferingView | None


@dataclass(frozen=True)
class StatisticsPage:
    """The whole page; `reading` is None while there is nothing to count.

    `left_out` names the units whose cases are not in the numbers.
    """

    whose: str
    reading: Reading | None
    left_out: str = ""
    alarms: tuple[str, ...] = ()
    periods: tuple[Option, ...] = ()
    types: tuple[Option, ...] = ()
    case_type: str | None = None
    tiles: tuple[Tile, ...] = ()
    flow: Flow | None = None
    breakdowns: Breakdowns | None = None
    uniformity: Uniformity | None = None
    repeated: tuple[str, ...] = ()


def page_of(
    area: Area, whose: str, reading: Reading | None, units: Mapping[str, str] = MappingProxyType({})
) -> StatisticsPage:
    """The page of a reading; `units` are their names by id. With one case type there are no breakdowns."""
    if reading is None:
        return StatisticsPage(whose=whose, reading=None)
    now, period = reading.now, reading.now.period
    types = [("", gettext("Alle")), *((c.code, c.label) for c in area.by_name[area.case_type].codes)]
    return StatisticsPage(
        whose=whose,
        reading=reading,
        left_out=", ".join(units[unit] for unit in now.left_out),
        alarms=tuple(f"{units[alarm.unit]}: {alarm_words(alarm)}" for alarm in reading.alarms),
        periods=tuple(Option(each.code, each.label, each == period) for each in reading.offered),
        types=tuple(Option(code, label, code == (now.case_type or "")) for code, label in types),
        case_type=type_label(area, now.case_type) if now.case_type else None,
        tiles=tiles_of(now, reading.before),
        flow=None if now.empty else flow_of(now.reliance),
        breakdowns=None if now.case_type is not None or now.empty else _breakdowns(area, reading),
        uniformity=None
        if now.case_type is not None
        else uniformity_of(area, units, reading.between_units, reading.over_time, reading.agreement),
        repeated=repeated_sentences(reading.repeated, units),
    )


def _breakdowns(area: Area, reading: Reading) -> Breakdowns:
    return Breakdowns(
        types=types_of(area, reading.now),
        reasons=reasons_of(area, reading.now),
        lessons=lessons_of(area, reading.now),
        months=months_of(reading.months, reading.changes),
        withheld=tuple(
            Line(withheld_label(each.code), (number_words(each.count),)) for each in reading.now.withheld
        ),
        calibration=calibration_of(reading.now.bins),
        outcomes=outcomes_of(reading.now.outcomes),
        differing=differing_of(area, reading.differing),
    )
