"""The page of the team's practice: tiles, charts and tables, made from suppressed numbers alone."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from flask_babel import gettext

from models.declaration import Area
from service.clock import local_date
from service.web import charts
from service.web.charts import BarChart, DotChart, LineChart, Value
from service.web.practice_words import (
    choice_label,
    count_words,
    number_words,
    reason_label,
    share_words,
    type_label,
    withheld_label,
)
from service.web.statistics_tiles import Tile, tiles_of
from service.workflow.statistics.differences import DifferingCase
from service.workflow.statistics.periods import Period
from service.workflow.statistics.practice import Practice, Share

Chart = TypeVar("Chart", DotChart, BarChart, LineChart)


@dataclass(frozen=True)
class Reading:
    """What was counted for one choice of period and case type, and for the period before."""

    offered: tuple[Period, ...]
    until: date
    now: Practice
    before: Practice
    differing: tuple[DifferingCase, ...] | None
    changes: tuple[tuple[datetime, str, str], ...]

    @property
    def provisional(self) -> bool:
        """Whether the period has days that are not counted yet."""
        return self.until < self.now.period.end


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
    """A chart and the table that says the same."""

    chart: Chart
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Breakdowns:
    """What is shown for all case types together. `differing` is None where the cases are too few."""

    types: Drawn[DotChart]
    reasons: Drawn[BarChart]
    months: Drawn[LineChart]
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
    words = share_words(share)
    if share.percent is None or share.interval is None or share.hits is None or not share.of:
        return Value(label, words)
    low, high = share.interval
    return Value(label, words, share.percent / 100, low / 100, high / 100)


def _types(area: Area, now: Practice) -> Drawn[DotChart]:
    order = [*area.by_name[area.case_type].code_values, "ukendt"]
    rows = sorted(now.by_type, key=lambda row: order.index(row.code))
    values = [_value(type_label(area, row.code), row.override) for row in rows]
    title = gettext("Anderledes end flest lignende sager, pr. sagstype")
    description = gettext(
        "Andel med 95-procents-interval for hver sagstype. Tallene står i tabellen nedenfor."
    )
    return Drawn(
        charts.dot_chart("sagstyper", title, description, values),
        tuple(
            Line(type_label(area, row.code), (count_words(row.override), share_words(row.override)))
            for row in rows
        ),
    )


def _reasons(area: Area, now: Practice) -> Drawn[BarChart]:
    order = [reason.code for reason in area.reasons]
    rows = sorted(now.reasons, key=lambda row: order.index(row.code))
    values = [(reason_label(area, row.code), share_words(row.all), row.all.hits) for row in rows]
    title = gettext("Hvad der blev lagt mest vægt på")
    description = gettext("Antal sager for hver grund. Tallene står i tabellen.")
    return Drawn(
        charts.bar_chart("grunde", title, description, values),
        tuple(
            Line(
                reason_label(area, row.code),
                tuple(share_words(share) for share in (row.all, row.agreement, row.override)),
            )
            for row in rows
        ),
    )


def _months(reading: Reading) -> Drawn[LineChart]:
    rows = [row for row in reading.now.months if row.month.start < reading.until]
    if reading.now.period.quarter is not None:
        rows = [*reading.before.months, *rows]
    first = rows[0].month
    marks: list[tuple[float, str]] = []
    changes: dict[tuple[int, int], list[str]] = {}
    for at, version, _ in reading.changes:
        day = local_date(at)
        months = (day.year - first.year) * 12 + day.month - first.number
        marks.append((months + (day.day - 1) / 31, gettext("model %(version)s", version=version)))
        changes.setdefault((day.year, day.month), []).append(version)
    title = gettext("Anderledes end flest lignende sager, måned for måned")
    description = gettext(
        "Andel med 95-procents-interval for hver måned. Stiplede streger er skift af model."
    )
    values = [_value(row.month.short, row.override) for row in rows]
    return Drawn(
        charts.line_chart("maaneder", title, description, values, marks),
        tuple(
            Line(
                row.month.label,
                (
                    count_words(row.override),
                    share_words(row.override),
                    ", ".join(changes.get((row.month.year, row.month.number), ())),
                ),
            )
            for row in rows
        ),
    )


def _differing(area: Area, cases: tuple[DifferingCase, ...] | None) -> tuple[Line, ...] | None:
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
            ),
        )
        for case in cases
    )
