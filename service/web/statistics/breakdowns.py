"""The breakdowns of the team's practice: by case type, by reason, by month, and cases that differed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile

from flask_babel import gettext

from models.declaration import Area
from models.lesson import Lesson, by_lesson
from service.web.danish import NO_BREAK
from service.web.drawing import charts
from service.web.drawing.charts import BarChart, DotChart, LineChart
from service.web.statistics.parts import Drawn, Line, cells_of, value_of
from service.web.statistics.words import choice_label, number_words, reason_label, share_words, type_label
from service.workflow.statistics.control import control
from service.workflow.statistics.differences import Differences
from service.workflow.statistics.periods import Month
from service.workflow.statistics.practice import MonthRow, Practice
from service.workflow.statistics.rows import NO_CASE_TYPE


@dataclass(frozen=True)
class Months:
    """Month by month, with the days on which the model in use changed and the versions it changed to."""

    drawn: Drawn[LineChart]
    changes: tuple[tuple[date, str], ...]


@dataclass(frozen=True)
class DifferingView:
    """The groups of cases that differed, and what weighed most in them."""

    groups: tuple[Line, ...]
    reasons: tuple[Line, ...]


def types_of(area: Area, now: Practice) -> Drawn[DotChart]:
    """Each case type with the share decided otherwise, beside the share first judged otherwise."""
    order = [*area.by_name[area.case_type].code_values, NO_CASE_TYPE]
    rows = sorted(now.by_type, key=lambda row: order.index(row.code))
    shown = [row for row in rows if row.override.of]
    values = [value_of(type_label(area, row.code), row.override, before=row.distance) for row in shown]
    title = gettext("Anderledes end flest lignende sager, pr. sagstype")
    description = gettext(
        "Fyldt prik: beslutning, med 95-procents-interval. Åben rude: egen vurdering. Se også tabellen."
    )
    return Drawn(
        charts.dot_chart("sagstyper", title, description, values),
        tuple(
            Line(type_label(area, row.code), (*cells_of(row.override), share_words(row.distance)))
            for row in shown
        ),
        "; ".join(type_label(area, row.code) for row in rows if row.override.hidden),
    )


def lessons_of(area: Area, now: Practice) -> tuple[Line, ...]:
    """What cases decided otherwise may teach, by queue; none where all of them are too few."""
    counts = lesson_counts(area.lessons, now)
    return tuple(Line(each.label, (number_words(counts[each.code]),)) for each in area.lessons if counts)


def lesson_counts(lessons: Sequence[Lesson], now: Practice) -> dict[str, int | None]:
    """The queues, summed from the shares of the reasons that are told beside them, so they tell no more."""
    if now.override.hits is None:
        return {}
    return by_lesson(lessons, {row.code: row.override.hits for row in now.reasons})


def reasons_of(area: Area, now: Practice) -> Drawn[BarChart]:
    """What weighed most, in all cases and in those in line and otherwise."""
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


def months_of(shown: Sequence[MonthRow], changes: tuple[tuple[date, str], ...]) -> Months:
    """A p-chart of the months from the first with a case, with limits where the months have cases enough."""
    rows = list(dropwhile(lambda row: row.override.of == 0, shown))
    title = gettext("Anderledes end flest lignende sager, måned for måned")
    description = gettext(
        "Andel med 95-procents-interval og grænserne for tilfældig variation. Tallene står i tabellen."
    )
    found = control([row.override for row in rows])
    limits = (
        [None if each is None else (each.low, each.high) for each in found.limits]
        if found
        else [None] * len(rows)
    )
    values = [
        value_of(row.month.short, row.override, limits=each)
        for row, each in zip(rows, limits, strict=True)
    ]  # fmt: skip
    late = [(day, version) for day, version in changes if rows and day >= rows[0].month.start]
    marks = [(_months_from(rows[0].month, day), gettext("ny model")) for day, _ in late]
    return Months(
        Drawn(
            charts.line_chart(
                "maaneder", title, description, values, marks, found.middle if found else None
            ),
            tuple(
                Line(row.month.label, (*cells_of(row.override), _limit_words(each)))
                for row, each in zip(rows, limits, strict=True)
            ),
        ),
        tuple(late),
    )  # fmt: skip


def _limit_words(limits: tuple[float, float] | None) -> str:
    if limits is None:
        return "–"
    low, high = (round(each * 100) for each in limits)
    return f"{low}–{high}{NO_BREAK}%"


def _months_from(first: Month, day: date) -> float:
    """How many months a day lies after the beginning of a month."""
    return (day.year - first.year) * 12 + day.month - first.number + (day.day - 1) / 31


def differing_of(area: Area, found: Differences | None) -> DifferingView | None:
    """The groups in the order of the case types; None where the cases are too few."""
    if found is None:
        return None
    return DifferingView(
        groups=tuple(
            Line(
                type_label(area, group.case_type),
                (
                    choice_label(area, group.own),
                    choice_label(area, group.reference),
                    str(group.toward.of),
                    str(group.toward.hits),
                ),
            )
            for group in found.groups
        ),
        reasons=tuple(
            Line(reason_label(area, code), (share_words(share),))
            for code, share in found.reasons
            if not share.hidden
        ),
    )
