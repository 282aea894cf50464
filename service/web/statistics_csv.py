"""The statistics as a table for a spreadsheet: every cell quoted, and none that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterator

from service.spreadsheet import harmless
from service.web.statistics_page import Reading
from service.workflow.statistics.practice import Practice
from service.workflow.statistics.shares import Share

HEAD = ("periode", "sagstype", "tal", "kategori", "antal", "af", "procent", "lav", "hoej", "skjult")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it spreadsheets read Danish letters wrongly."""

Row = tuple[str, ...]


def as_csv(reading: Reading) -> bytes:
    """The numbers of the period and of the one before, with semicolons as Danish programs expect."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEAD)
    for practice in (reading.now, reading.before):
        start = (practice.period.code, practice.case_type or "alle")
        for row in _rows(practice):
            writer.writerow([harmless(cell) for cell in (*start, *row)])
    return (BYTE_ORDER_MARK + sheet.getvalue()).encode()


def _rows(practice: Practice) -> Iterator[Row]:
    yield _count("afgjort", "", practice.decided)
    yield _count("med grundlag", "", practice.with_evidence)
    yield _count("uden grundlag", "", practice.without_evidence)
    for category in practice.withheld:
        yield _count("uden grundlag", category.code, category.count)
    yield _share("anderledes", "", practice.override)
    for row in practice.by_type:
        yield _share("anderledes pr. sagstype", row.code, row.override)
    for month in practice.months:
        yield _share("anderledes pr. måned", month.month.code, month.override)
    yield _share("ændret mod", "", practice.reliance.toward)
    yield _share("ændret væk", "", practice.reliance.away)
    for reason in practice.reasons:
        yield _share("grund, alle", reason.code, reason.all)
        yield _share("grund, på linje", reason.code, reason.agreement)
        yield _share("grund, anderledes", reason.code, reason.override)
    yield _share("inden fristen", "", practice.in_time)
    yield _count("median minutter", "", practice.minutes)
    yield _count("procent udfyldt på forhånd", "", practice.prefilled)


def _count(name: str, category: str, count: int | None) -> Row:
    return (name, category, _cell(count), "", "", "", "", "ja" if count is None else "nej")


def _share(name: str, category: str, share: Share) -> Row:
    low, high = share.interval or (None, None)
    numbers = (_cell(share.hits), _cell(share.of), _cell(share.percent), _cell(low), _cell(high))
    return (name, category, *numbers, "ja" if share.hidden else "nej")


def _cell(number: int | None) -> str:
    return "" if number is None else str(number)
