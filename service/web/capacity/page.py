"""The page of the capacity board: a table, a chart, and the form for one offer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext, ngettext

from models.answers import read_date
from service.web.drawing.charts import DotChart, dot_chart
from service.web.effect.words import days_words
from service.web.formatting import short_date
from service.web.forms import Fault, FieldView, Typed, choice_field, faults_of, text_field
from service.web.statistics.parts import Line, value_of
from service.web.statistics.words import share_words
from service.workflow.capacity.board import BoardRow
from service.workflow.capacity.entries import Entered, offers
from service.workflow.capacity.forecast import Forecast
from service.workflow.statistics.periods import Period

OFFER, DAY, PLACES, FREE, WAITING, DAYS = "tilbud", "dato", "pladser", "ledige", "venter", "ventedage"
"""The fields of the form."""
FIELDS = {
    OFFER: "offer",
    DAY: "counted_on",
    PLACES: "places",
    FREE: "free",
    WAITING: "waiting",
    DAYS: "wait_days",
}
"""With the names they have in the workflow."""
NUMBERS = (PLACES, FREE, WAITING, DAYS)
NOTHING = "–"


@dataclass(frozen=True)
class BoardPage:
    """The board of a unit; `quarter` is where what is told of cases comes from."""

    unit: str
    quarter: Period | None
    lines: tuple[Line, ...]
    kept: tuple[Line, ...]
    chart: DotChart | None
    fields: tuple[FieldView, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """What to mend, in the order of the fields."""
        return faults_of(self.fields)


def page_of(
    unit: str,
    rows: Sequence[BoardRow],
    quarter: Period | None,
    typed: Typed | None,
    faults: Mapping[str, str],
) -> BoardPage:
    """The page of some rows, with the form fresh or to be mended."""
    counted = [row for row in rows if row.in_time.of != 0] if quarter else []
    return BoardPage(
        unit=unit,
        quarter=quarter,
        lines=tuple(Line(row.label, _entry_cells(row)) for row in rows),
        kept=tuple(
            Line(row.label, (share_words(row.in_time), days_words(row.days), _expected(row.expected)))
            for row in counted
        ),
        chart=_chart(counted),
        fields=_fields(typed, faults),
    )


def entered_in(typed: Typed, unit_id: str) -> tuple[Entered | None, dict[str, str]]:
    """What was typed, or the sentence for each field that cannot be read."""
    faults: dict[str, str] = {}
    values: dict[str, object] = {"unit_id": unit_id, "offer": _first(typed, OFFER)}
    if not values["offer"]:
        faults["offer"] = gettext("Vælg et tilbud.")
    try:
        values["counted_on"] = read_date(_first(typed, DAY))
    except ValueError:
        faults["counted_on"] = gettext("Skriv datoen som dag-måned-år, for eksempel 23-11-2026.")
    for field in NUMBERS:
        text = _first(typed, field)
        if text.isascii() and text.isdigit() and len(text) <= 9:
            values[FIELDS[field]] = int(text)
        else:
            faults[FIELDS[field]] = gettext("Skriv et helt tal.")
    return (None, faults) if faults else (Entered(**values), {})  # type: ignore[arg-type]


def _first(typed: Typed, field: str) -> str:
    return next(iter(typed.get(field, ())), "").strip()


def _entry_cells(row: BoardRow) -> tuple[str, ...]:
    entry = row.entry
    if entry is None:
        return (NOTHING, NOTHING, NOTHING, NOTHING, gettext("Ikke opgjort"))
    wait = ngettext("%(num)s dag", "%(num)s dage", entry.wait_days)
    return (
        str(entry.places), str(entry.free), str(entry.waiting), wait, short_date(entry.counted_on),
    )  # fmt: skip


def _expected(found: Forecast | None) -> str:
    if found is None:
        return gettext("For lidt at regne på")
    return gettext("%(expected)s (%(low)s–%(high)s)", expected=found.expected, low=found.low, high=found.high)


def _chart(rows: Sequence[BoardRow]) -> DotChart | None:
    if not any(row.in_time.percent is not None for row in rows):
        return None
    title = gettext("Opstart tilbudt inden fristen, pr. tilbud")
    return dot_chart(
        "inden-frist", title, gettext("Andel med interval for hvert tilbud. Tallene står i tabellen under."),
        [value_of(row.label, row.in_time) for row in rows],
    )  # fmt: skip


def _fields(typed: Typed | None, faults: Mapping[str, str]) -> tuple[FieldView, ...]:
    def error(field: str) -> str:
        return faults.get(FIELDS[field], "")

    numbers = {
        PLACES: gettext("Pladser i alt"),
        FREE: gettext("Ledige pladser"),
        WAITING: gettext("Borgere, der venter"),
        DAYS: gettext("Dage til opstart"),
    }
    return (
        choice_field(OFFER, gettext("Tilbud"), offers().items(), typed, error(OFFER)),
        text_field(DAY, gettext("Opgjort den"), typed, error(DAY), type_="date"),
        *(
            replace(text_field(name, label, typed, error(name)), inputmode="numeric", short=True)
            for name, label in numbers.items()
        ),
    )
