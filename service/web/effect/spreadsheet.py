"""Deadlines and effect for a spreadsheet: every cell quoted, and none that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable

from service.spreadsheet import harmless
from service.web.statistics.spreadsheet import BYTE_ORDER_MARK
from service.workflow.effect.deadlines import Deadlines
from service.workflow.effect.effect import Effect, Side
from service.workflow.effect.medians import Median
from service.workflow.effect.survey import Result
from service.workflow.effect.trust import Trust
from service.workflow.statistics.shares import Share

Row = tuple[str, ...]
NUMBERS = ("antal", "af", "procent", "median", "lav", "hoej", "skjult")
DEADLINES = ("periode", "tal", "tilbud", "maaned", *NUMBERS)
EFFECT = ("side", "fra", "til", "tal", "kategori", *NUMBERS)


def deadlines_csv(found: Deadlines) -> bytes:
    """The deadlines of a quarter, one number a line."""
    period = found.period.code
    rows: list[Row] = [
        (period, "planlagt opstart", "", "", *share_cells(found.planned)),
        (period, "inden fristen", "", "", *share_cells(found.in_time)),
        (period, "dage fra udskrivning til første dag", "", "", *median_cells(found.days)),
        (period, "inden fristen, frist på fridag", "", "", *share_cells(found.days_off)),
        (period, "inden fristen, senere start i planen", "", "", *share_cells(found.later)),
        (period, "ikke inden fristen", "", "", *count_cells(found.missed)),
    ]
    rows += [(period, f"aftalt: {each.code}", "", "", *count_cells(each.count)) for each in found.agreed]
    months = [month.code for month in found.period.months]
    rows += [
        (period, "inden fristen", "", month, *share_cells(share))
        for month, share in zip(months, found.months, strict=True)
    ]
    for offer in found.offers:
        rows.append((period, "inden fristen", offer.code, "", *share_cells(offer.in_time)))
        rows.append((period, "dage til første dag", offer.code, "", *median_cells(offer.days)))
        rows += [
            (period, "inden fristen", offer.code, month, *share_cells(share))
            for month, share in zip(months, offer.months, strict=True)
        ]
    return as_csv(DEADLINES, rows)


def effect_csv(found: Effect, results: Iterable[Result], trust: Trust | None) -> bytes:
    """Both sides, the arms, the rounds of the survey and the citizens' answers, one number a line."""
    rows: list[Row] = []
    for name, side in (("foer", found.before), ("efter", found.after)):
        place = (name, *(side.quarters[n].code if side.quarters else "" for n in (0, -1)))
        rows += [(*place, *row) for row in _side(side, found.weeks)]
    for arm in found.arms:
        place = (f"efter, {arm.arm}", found.first_after.code, "")
        rows += [
            (*place, "sager", "", *count_cells(arm.cases)),
            (*place, "minutter", "", *median_cells(arm.minutes)),
            (*place, "dage til tilbud", "", *median_cells(arm.to_offer)),
            (*place, "dage til start", "", *median_cells(arm.to_start)),
            (*place, "rigtigt første gang", f"{found.weeks} uger", *share_cells(arm.right)),
            (*place, "afbrudt", "", *share_cells(arm.broken_off)),
        ]
    rows.append(("efter", found.first_after.code, "", "sparet tid, minutter", *_saved(found)))
    for result in results:
        days = (result.round.opens_on.isoformat(), result.round.closes_on.isoformat())
        rows += [("runde", *days, "enig", code, *share_cells(s)) for code, s in result.agreed.items()]
    for (question, group), share in trust.yes.items() if trust else ():
        rows.append((f"borgere, {group}", found.first_after.code, "", "ja", question, *share_cells(share)))
    return as_csv(EFFECT, rows)


def _saved(found: Effect) -> Row:
    """The estimate, or in the column of the category why there is none."""
    if found.saved is None:
        return ("for få sager" if found.arms else "ingen kontrolarm", *median_cells(Median(0)))
    middle, low, high = map(_cell, (found.saved.middle, found.saved.low, found.saved.high))
    return ("", "", "", "", middle, low, high, "nej")


def _side(side: Side, weeks: int) -> list[Row]:
    return [
        ("sager", "", *count_cells(side.cases)),
        ("minutter", "", *median_cells(side.minutes)),
        ("minutter, egen vurdering", "", *median_cells(side.judging)),
        ("minutter, fra grundlag til beslutning", "", *median_cells(side.deciding)),
        ("minutter med borgeren", "mangler", *median_cells(Median(0))),
        ("besluttet uden at åbne grundlaget", "", *share_cells(side.unopened)),
        ("oplysninger udfyldt på forhånd", "", *share_cells(side.prefilled)),
        ("dage til tilbud", "", *median_cells(side.to_offer)),
        ("dage til start", "", *median_cells(side.to_start)),
        ("rigtigt første gang", f"{weeks} uger", *share_cells(side.right)),
        ("afbrudt", "", *share_cells(side.broken_off)),
        ("uden oplyst udfald", "", *share_cells(side.untold)),
        ("dage til åbnet vurdering", "", *median_cells(side.process.to_open)),
        ("dage fra beslutning til plan", "", *median_cells(side.process.to_plan)),
        *(("taget igen", step, *share_cells(share)) for step, share in side.process.again),
        *(("ophør", each.code, *count_cells(each.count)) for each in side.stopped),
    ]


def as_csv(head: Row, rows: Iterable[Row]) -> bytes:
    """Rows under a heading, with semicolons as Danish programs expect."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return (BYTE_ORDER_MARK + sheet.getvalue()).encode()


def share_cells(share: Share) -> Row:
    """Count, of how many, percent and interval; empty where they are hidden."""
    low, high = share.interval or (None, None)
    return (*map(_cell, (share.hits, share.of, share.percent, None, low, high)), _hidden(share.of))


def median_cells(found: Median) -> Row:
    """Of how many, the median and its interval."""
    return (*map(_cell, (None, found.of, None, found.middle, found.low, found.high)), _hidden(found.of))


def count_cells(count: int | None) -> Row:
    """A count alone."""
    return (_cell(count), "", "", "", "", "", _hidden(count))


def _cell(value: float | None) -> str:
    if value is None:
        return ""
    return str(int(value)) if value == int(value) else f"{value:.1f}".replace(".", ",")


def _hidden(value: int | None) -> str:
    return "ja" if value is None else "nej"
