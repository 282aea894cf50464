"""Who begins and who falls away, by group of citizens, as a page and as a table for a spreadsheet."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, render_template
from flask_babel import gettext

from service.database import reading
from service.errors import NotFound
from service.log import Event
from service.policy import Action
from service.web.current import runtime
from service.web.effect.parts import both_words
from service.web.effect.reading import (
    QUARTER,
    Option,
    csv_answer,
    options_of,
    quarter_asked,
    record,
    refuse_other_questions,
    scope_of,
)
from service.web.effect.spreadsheet import NUMBERS, Row, as_csv, count_cells, median_cells, share_cells
from service.web.effect.words import axis_label, days_words, group_label, periods_words, reason_label
from service.web.guard import guarded
from service.web.statistics.parts import Line
from service.web.statistics.words import number_words
from service.workflow.effect.attributes import AXES
from service.workflow.effect.followup import REASONS, WEEKS, FollowUp, GroupNumbers, read_follow_up
from service.workflow.statistics.periods import Period

blueprint = Blueprint("followup", __name__)

MOST_QUARTERS = 4
WHAT = "followup"
HEAD = ("til og med", "opdeling", "gruppe", "tal", *NUMBERS)


@dataclass(frozen=True)
class AxisTables:
    """The groups on one axis: their numbers, and why courses were broken off.

    `tells` and `tells_why` say whether any group with cases is shown in them.
    """

    code: str
    label: str
    lines: tuple[Line, ...]
    heads: tuple[str, ...]
    stopped: tuple[Line, ...]
    tells: bool
    tells_why: bool


@dataclass(frozen=True)
class FollowUpPage:
    """The page; `axes` is empty while there is nothing to count."""

    whose: str
    last: Period | None = None
    options: tuple[Option, ...] = ()
    counted: str = ""
    hidden: str = ""
    axes: tuple[AxisTables, ...] = ()
    weeks: int = WEEKS


@blueprint.get("/frafald")
@guarded(Action.READ_STATISTICS)
def show() -> str:
    """The groups. That it was read is an entry in the log."""
    page, _ = _read()
    record(Event.STATISTICS_READ, WHAT, page.last)
    return render_template("effect/followup.html", page=page)


@blueprint.get("/frafald.csv")
@guarded(Action.EXPORT_STATISTICS)
def download() -> Response:
    """The same numbers as a table, under the same suppression."""
    page, found = _read()
    if found is None or page.last is None:
        raise NotFound("Der er ingen tal at hente endnu.")
    content = as_csv(HEAD, _rows(found, page.last))
    record(Event.EXPORTED, WHAT, page.last, hashlib.sha256(content).hexdigest())
    return csv_answer(content, f"frafald-{page.last.code}")


def _read() -> tuple[FollowUpPage, FollowUp | None]:
    """A year at most: the quarter that is asked for, and the three before."""
    refuse_other_questions(QUARTER)
    with reading(runtime().engine) as session:
        scope = scope_of(session)
        last = quarter_asked(scope.quarters.offered, scope.quarters.newest)
        if last is None:
            return FollowUpPage(scope.whose), None
        ordered = sorted(scope.quarters.offered, key=lambda each: each.start)
        wanted = [each for each in ordered if each.start <= last.start][-MOST_QUARTERS:]
        found = read_follow_up(session, scope.units, scope.area, wanted, scope.quarters.until)
    if found is None:
        return FollowUpPage(scope.whose), None
    page = FollowUpPage(
        whose=scope.whose,
        last=last,
        options=options_of(scope.quarters.offered, last),
        counted=periods_words(found.quarters),
        hidden=periods_words(found.hidden) if found.hidden else "",
        axes=tuple(_tables(axis, found.axes[axis]) for axis in AXES),
    )
    return page, found


def _tables(axis: str, groups: tuple[GroupNumbers, ...]) -> AxisTables:
    return AxisTables(
        code=axis,
        label=axis_label(axis),
        lines=tuple(Line(group_label(axis, each.code), _cells(each)) for each in groups),
        heads=tuple(group_label(axis, each.code) for each in groups),
        stopped=tuple(
            Line(reason_label(reason), tuple(number_words(each.stopped[reason]) for each in groups))
            for reason in REASONS
        ),
        tells=any(each.begun.of for each in groups),
        tells_why=any(count for each in groups for count in each.stopped.values()),
    )


def _cells(found: GroupNumbers) -> tuple[str, ...]:
    return (
        number_words(found.begun.of), both_words(found.begun), both_words(found.broken_off),
        days_words(found.to_offer), both_words(found.right),
    )  # fmt: skip


def _rows(found: FollowUp, last: Period) -> Iterator[Row]:
    for axis, groups in found.axes.items():
        for each in groups:
            place = (last.code, axis, each.code)
            yield (*place, "meldt begyndt", *share_cells(each.begun))
            yield (*place, "afbrudt", *share_cells(each.broken_off))
            yield (*place, "dage til tilbud", *median_cells(each.to_offer))
            yield (*place, f"rigtigt første gang, {WEEKS} uger", *share_cells(each.right))
            for reason, count in each.stopped.items():
                yield (*place, f"ophør: {reason}", *count_cells(count))


def heads() -> tuple[str, ...]:
    """The heads of the table of groups."""
    return (
        gettext("Gruppe"), gettext("Afgjorte sager"), gettext("Meldt begyndt"),
        gettext("Afbrudt, af dem der er slut"), gettext("Til første tilbudte dag"),
        gettext("Rigtigt første gang"),
    )  # fmt: skip


blueprint.add_app_template_global(heads, "followup_heads")
