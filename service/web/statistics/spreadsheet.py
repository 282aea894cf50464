"""The statistics as a table for a spreadsheet: every cell quoted, and none that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from models.lesson import Lesson
from service.spreadsheet import harmless
from service.web.statistics.breakdowns import lesson_counts
from service.web.statistics.page import Reading
from service.workflow.statistics.alarms import Alarm
from service.workflow.statistics.differences import Differences
from service.workflow.statistics.outcomes import Outcomes
from service.workflow.statistics.practice import Practice
from service.workflow.statistics.reliance import Reliance
from service.workflow.statistics.shares import Share
from service.workflow.statistics.variation import Variation

HEAD = ("periode", "sagstype", "tal", "kategori", "antal", "af", "procent", "lav", "hoej", "skjult")
BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
"""Without it spreadsheets read Danish letters wrongly."""

Row = tuple[str, ...]


class Writer(Protocol):
    """What the csv module gives to write rows with."""

    def writerow(self, row: Iterable[str], /) -> object:
        """Write one row."""


def as_csv(reading: Reading, lessons: Sequence[Lesson] = ()) -> bytes:
    """The numbers of the period and of the one before, with semicolons as Danish programs expect.

    `lessons` are the area's queues of learning.
    """
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEAD)
    for practice in (reading.now, reading.before):
        _write(writer, practice, _rows(practice))
        _write(writer, practice, _lessons(lessons, practice))
    _write(writer, reading.now, map(_alarm, reading.alarms))
    for name, found in (("enhed", reading.between_units), ("måned", reading.over_time)):
        if found is not None:
            _write(writer, reading.now, _variation(name, found))
    if reading.differing is not None:
        _write(writer, reading.now, _differing(reading.differing))
    return (BYTE_ORDER_MARK + sheet.getvalue()).encode()


def _write(writer: Writer, practice: Practice, rows: Iterator[Row]) -> None:
    for row in rows:
        cells = (practice.period.code, practice.case_type or "alle", *row)
        writer.writerow([harmless(cell) for cell in cells])


def _rows(practice: Practice) -> Iterator[Row]:
    yield _count("afgjort", "", practice.decided)
    yield _count("med grundlag", "", practice.with_evidence)
    yield _count("uden grundlag", "", practice.without_evidence)
    for category in practice.withheld:
        yield _count("uden grundlag", category.code, category.count)
    yield _share("andel uden grundlag", "", practice.not_shown)
    yield _share("anderledes", "", practice.override)
    for row in practice.by_type:
        yield _share("anderledes pr. sagstype", row.code, row.override)
        yield _share("egen vurdering anderledes pr. sagstype", row.code, row.distance)
    for month in practice.months:
        yield _share("anderledes pr. måned", month.month.code, month.override)
    yield from _reliance(practice.reliance)
    for reason in practice.reasons:
        yield _share("grund, alle", reason.code, reason.all)
        yield _share("grund, på linje", reason.code, reason.agreement)
        yield _share("grund, anderledes", reason.code, reason.override)
    yield _share("inden fristen", "", practice.in_time)
    yield _count("median minutter", "", practice.minutes)
    yield _count("procent udfyldt på forhånd", "", practice.prefilled)
    for each in practice.bins:
        yield _share("besluttet som grundlaget, pr. tiendedel", str(each.tenths), each.decided)
        yield _count("vist i gennemsnit, procent, pr. tiendedel", str(each.tenths), each.shown)
        yield _share("gennemført, pr. tiendedel", str(each.tenths), each.completed)
    if practice.outcomes is not None:
        yield from _outcomes(practice.outcomes)


def _lessons(lessons: Sequence[Lesson], practice: Practice) -> Iterator[Row]:
    for code, count in lesson_counts(lessons, practice).items() if practice.case_type is None else ():
        yield _count("læring, anderledes", code, count)


def _alarm(alarm: Alarm) -> Row:
    return _share("alarm om afhængighed", alarm.code, Share(alarm.hits, alarm.of))


def _variation(name: str, found: Variation) -> Iterator[Row]:
    for each in found.groups:
        yield _count(f"sammenlignelige sager pr. {name}", each.name, each.n)
        yield (
            f"andel højeste niveau, samme behov, pr. {name}",
            each.name,
            "",
            "",
            str(round(each.share * 100)),
            "",
            "",
            "nej",
        )
    ends = (str(round(100 * value)) for value in (found.odds, found.odds_low, found.odds_high))
    yield (f"median-oddsratio gange 100, pr. {name}", "", "", str(found.n), *ends, "nej")


def _reliance(found: Reliance) -> Iterator[Row]:
    yield _share("egen vurdering anderledes", "", found.distance)
    yield _share("ændret mod", "", found.toward)
    yield _share("noget tredje", "", found.third)
    yield _share("ændret væk", "", found.away)
    yield _share("ændret mod inden 10 sekunder", "", found.fast)
    for name, path in [("anden", found.began_apart), ("samme", found.began_alike)]:
        yield _share("fastholdt, egen vurdering først", name, Share(path.kept, path.of))


def _outcomes(found: Outcomes) -> Iterator[Row]:
    yield _share("gennemført, anderledes", "", found.override)
    yield _share("gennemført, på linje", "", found.agreement)
    numbers = (_cell(found.points), _cell(found.low), _cell(found.high))
    hidden = "ja" if found.points is None else "nej"
    yield ("forskel i gennemført, procentpoint", "Mantel-Haenszel", "", "", *numbers, hidden)


def _differing(found: Differences) -> Iterator[Row]:
    for group in found.groups:
        category = f"{group.case_type}/{group.own}/{group.reference}"
        yield _share("begyndte anderledes, besluttet som flest", category, group.toward)
    for reason, share in found.reasons:
        yield _share("begyndte anderledes, grund", reason, share)


def _count(name: str, category: str, count: int | None) -> Row:
    return (name, category, _cell(count), "", "", "", "", "ja" if count is None else "nej")


def _share(name: str, category: str, share: Share) -> Row:
    low, high = share.interval or (None, None)
    numbers = (_cell(share.hits), _cell(share.of), _cell(share.percent), _cell(low), _cell(high))
    return (name, category, *numbers, "ja" if share.hidden else "nej")


def _cell(number: int | None) -> str:
    return "" if number is None else str(number)
