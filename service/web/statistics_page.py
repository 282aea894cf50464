"""The page of the team's practice: tiles, charts and tables, made from suppressed numbers alone."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import dropwhile
from typing import Generic, TypeVar

from flask_babel import gettext

from models.declaration import Area
from service.web import charts
from service.web.charts import BarChart, DotChart, LineChart, Value
from service.web.practice_words import (
    choice_label,
    number_words,
    reason_label,
    share_words,
    type_label,
    withheld_label,
)
from service.web.statistics_tiles import Tile, tiles_of
from service.workflow.statistics.differences import DifferingCase
from service.workflow.statistics.periods import Month, Period
from service.workflow.statistics.practice import Practice
from service.workflow.statistics.rows import NO_CASE_TYPE
from service.workflow.statistics.shares import Share

Chart = TypeVar("Chart", DotChart, BarChart, LineChart)


@dataclass(frozen=True)
class Reading:
    """What was counted for one choice of period and case type, and for the period before."""

    offered: tuple[Period, ...]
    until: date
    now: Practice
    before: Practice
    differing: tuple[DifferingCase, ...] | None
    changes: tuple[tuple[date, str], ...]

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
class Line:
    """One row of a table: a name and its cells in words."""

    label: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Drawn(Generic[Chart]):
    """A chart and the table that says the same; `hidden` names what is in neither."""

    chart: Chart
    lines: tuple[Line, ...]
    hidden: str = ""


@dataclass(frozen=True)
class Months:
    """Month by month, with the days on which the model in use changed and the versions it changed to."""

    drawn: Drawn[LineChart]
    changes: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class Breakdowns:
    """What is shown for all case types together. `differing` is None where the cases are too few."""

    types: Drawn[DotChart]
    reasons: Drawn[BarChart]
    months: Months
    withheld: tuple[Line, ...]
    differing: tuple[Line, ...] | None


@dataclass(frozen=True)
class StatisticsPage:
    """The whole page; `reading` is None while there is nothing to count."""

    whose: str
    reading: Reading | None
    periods: tuple[Option, ...] = ()
    types: tuple[Option, ...] = ()
    case_type: str | None = None
    tiles: tuple[Tile, ...] = ()
    breakdowns: Breakdowns | None = None


def page_of(area: Area, whose: str, reading: Reading | None) -> StatisticsPage:
    """The page of a reading; with one case type there are tiles alone."""
    if reading is None:
        return StatisticsPage(whose=whose, reading=None)
    now, period = reading.now, reading.now.period
    types = [("", gettext("Alle")), *((c.code, c.label) for c in area.by_name[area.case_type].codes)]
    return StatisticsPage(
        whose=whose,
        reading=reading,
        periods=tuple(Option(each.code, each.label, each == period) for each in reading.offered),
        types=tuple(Option(code, label, code == (now.case_type or "")) for code, label in types),
        case_type=type_label(area, now.case_type) if now.case_type else None,
        tiles=tiles_of(now, reading.before),
        breakdowns=None if now.case_type is not None or now.empty else _breakdowns(area, reading),
    )


def _breakdowns(area: Area, reading: Reading) -> Breakdowns:
    return Breakdowns(
        types=_types(area, reading.now),
        reasons=_reasons(area, reading.now),
        months=_months(reading),
        withheld=tuple(
            Line(withheld_label(each.code), (number_words(each.count),)) for each in reading.now.withheld
        ),
        differing=_differing(area, reading.differing),
    )


def _value(label: str, share: Share) -> Value:
    """What a chart may draw of a share: a dot only where a percentage may stand."""
    words = share_words(share) if share.of != 0 else "–"
    if share.percent is None or share.interval is None or share.hits is None or not share.of:
        return Value(label, words)
    low, high = share.interval
    return Value(label, words, share.percent / 100, low / 100, high / 100)


def _types(area: Area, now: Practice) -> Drawn[DotChart]:
    order = [*area.by_name[area.case_type].code_values, NO_CASE_TYPE]
    rows = sorted(now.by_type, key=lambda row: order.index(row.code))
    shown = [row for row in rows if row.override.of]
    values = [_value(type_label(area, row.code), row.override) for row in shown]
    title = gettext("Anderledes end flest lignende sager, pr. sagstype")
    description = gettext("Andel med 95-procents-interval for hver sagstype. Tallene står i tabellen.")
    return Drawn(
        charts.dot_chart("sagstyper", title, description, values),
        tuple(Line(type_label(area, row.code), _cells(row.override)) for row in shown),
        "; ".join(type_label(area, row.code) for row in rows if row.override.hidden),
    )


def _cells(share: Share) -> tuple[str, ...]:
    """Cases, of them decided otherwise, and the percentage where there are cases enough for one."""
    if share.of is None:
        return (gettext("Skjult"),) * 3
    return (str(share.of), str(share.hits), share_words(share) if share.percent is not None else "–")


def _reasons(area: Area, now: Practice) -> Drawn[BarChart]:
    order = [reason.code for reason in area.reasons]
    rows = sorted(now.reasons, key=lambda row: order.index(row.code))
    shown = [row for row in rows if not row.all.hidden]
    values = [(reason_label(area, row.code), share_words(row.all), row.all.hits) for row in shown]
    title = gettext("Hvad der blev lagt mest vægt på")
    description = gettext("Antal sager for hver grund. Tallene står i tabellen.")
    return Drawn(
        charts.bar_chart("grunde", title, description, values),
        tuple(
            Line(
                reason_label(area, row.code),
                tuple(share_words(share) for share in (row.all, row.agreement, row.override)),
            )
            for row in shown
        ),
        "; ".join(reason_label(area, row.code) for row in rows if row.all.hidden),
    )


def _months(reading: Reading) -> Months:
    """The months of the period, with the quarter before beside a quarter, from the first with a case."""
    rows = [row for row in reading.now.months if row.month.start < reading.until]
    if reading.now.period.quarter is not None:
        rows = [*reading.before.months, *rows]
    rows = list(dropwhile(lambda row: row.override.of == 0, rows))
    title = gettext("Anderledes end flest lignende sager, måned for måned")
    description = gettext("Andel med 95-procents-interval for hver måned. Streger er skift af model.")
    values = [_value(row.month.short, row.override) for row in rows]
    changes = [(day, version) for day, version in reading.changes if rows and day >= rows[0].month.start]
    marks = [(_months_from(rows[0].month, day), gettext("ny model")) for day, _ in changes]
    return Months(
        Drawn(
            charts.line_chart("maaneder", title, description, values, marks),
            tuple(Line(row.month.label, _cells(row.override)) for row in rows),
        ),
        tuple(changes),
    )


def _months_from(first: Month, day: date) -> float:
    """How many months a day lies after the beginning of a month."""
    return (day.year - first.year) * 12 + day.month - first.number + (day.day - 1) / 31


def _differing(area: Area, cases: tuple[DifferingCase, ...] | None) -> tuple[Line, ...] | None:
    """Cases alike stand in one line with their number."""
    if cases is None:
        return None
    return tuple(
        Line(
            type_label(area, case.case_type),
            (
                choice_label(area, case.own),
                choice_label(area, case.reference),
                choice_label(area, case.choice),
                reason_label(area, case.reason),
                str(count),
            ),
        )
        for case, count in Counter(cases).items()
    )
