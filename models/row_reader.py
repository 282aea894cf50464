"""Reading rows of decided cases, one after the other, of one area.

A history holds millions of cells and few different ones: what is the same in many rows is read once and
shared between their cases, which takes a fraction of the time and memory. Nothing of it can be altered.
"""

from collections.abc import Mapping
from typing import Any

from models.answers import FactsRefused, Refusal, parse_value
from models.cells import CODE_PATTERN, ID_PATTERN, KEY_PATTERN, MUNICIPALITY_PATTERN, Cells
from models.decided_case import (
    ARMS,
    AUTHORS,
    COMPANIONS,
    LABEL_SOURCES,
    ORIGINS,
    OUTCOME_COLUMNS,
    DecidedCase,
    Outcome,
    RecordRefused,
    columns,
)
from models.declaration import Area, Code, Question, Source
from models.export_head import PHASES
from models.facts import Fact, message
from models.record_checks import checked

MAX_DAYS_TO_START = 1000
MAX_SESSIONS = 1000
MOST_SHARED = 20_000
"""Different cells of one column, or outcomes, that are kept to be shared; a column of ids shares nothing."""
UNKNOWN_COLUMN = "er en ukendt kolonne"
CHOICE = "er ikke en kode"
SOURCES = tuple(each.value for each in Source)
SAID_OF_SOURCE = (*LABEL_SOURCES, *AUTHORS)


class RowReader:
    """Reads the rows of an area. Its cases share what they have in common, so use one for a whole file."""

    def __init__(self, area: Area) -> None:
        self.area = area
        self._columns = frozenset(columns(area, companions=True))
        self._alone = frozenset(columns(area))
        self._facts = tuple(_FactCells(question) for question in area.questions)
        self._outcomes: dict[tuple[Any, ...], Outcome] = {}
        self._plan_types, self._reasons = _codes(area.plan_types), _codes(area.reasons)
        self._forms, self._teams, self._places = _codes(area.forms), _codes(area.teams), _codes(area.places)
        self._statuses = _codes(area.outcomes)

    def case(self, row: Mapping[str, Any]) -> DecidedCase:
        """The decided case of a CSV or Parquet row. Raises RecordRefused: field, reason, what was found.

        An unknown column is refused, so that nothing is dropped in silence. An absent one is an empty cell.
        """
        if not self._columns.issuperset(row):
            stranger = min(str(each) for each in set(row) - self._columns)
            raise RecordRefused(stranger, UNKNOWN_COLUMN, "kolonnen")
        cells = Cells(row)
        beside = not self._alone.issuperset(row)
        return self.case_of(cells, {each.name: each.read(cells, beside) for each in self._facts})

    def case_of(self, cells: Cells, facts: Mapping[str, Fact]) -> DecidedCase:
        """The case that cells and facts make, each of the right form, and checked to fit together."""
        area = self.area
        case = DecidedCase(
            request_id=cells.text("request_id", ID_PATTERN, "er ikke et id"),
            area=cells.needed_code("area", (area.name,)),
            municipality=cells.text(
                "municipality", MUNICIPALITY_PATTERN, "er ikke en kommunekode på fire cifre"
            ),
            received_on=cells.needed_day("received_on"),
            discharged_on=cells.needed_day("discharged_on"),
            start_after=cells.day("start_after"),
            contact_from=cells.day("contact_from"),
            contact_to=cells.day("contact_to"),
            plan_type=cells.needed_code("plan_type", self._plan_types) if area.plan_types else "",
            decided_at=cells.needed_instant("decided_at"),
            judged_at=cells.instant("judged_at"),
            facts=facts,
            own_level=cells.optional_text("own_level", CODE_PATTERN, CHOICE),
            own_corrected_after_evidence=bool(cells.yes_no("own_corrected_after_evidence")),
            reference_level=cells.code("reference_level", area.level_codes),
            model_level=cells.code("model_level", area.level_codes),
            model_version=cells.optional_text("model_version", ID_PATTERN, "er ikke en version"),
            final_level=cells.optional_text("final_level", CODE_PATTERN, CHOICE),
            reason_code=cells.code("reason_code", self._reasons),
            arm=cells.needed_code("arm", ARMS),
            shown=bool(cells.yes_no("shown")),
            withheld_reason=cells.optional_text("withheld_reason", CODE_PATTERN, CHOICE),
            phase=cells.code("phase", PHASES),
            label_source=_label_source(cells),
            origin=cells.needed_code("origin", ORIGINS),
            forms=cells.some_codes("forms", self._forms),
            team=cells.code("team", self._teams),
            place=cells.code("place", self._places),
            outcome=self._outcome(cells),
            reference_key=cells.optional_text("reference_key", KEY_PATTERN, "er ikke en nøgle"),
        )
        return checked(area, case)

    def _outcome(self, cells: Cells) -> Outcome:
        key = tuple(cells.raw(name) for name in OUTCOME_COLUMNS)
        if not all(each is None or isinstance(each, str) for each in key):
            return self._read_outcome(cells)
        known = self._outcomes.get(key)
        if known is None:
            known = self._read_outcome(cells)
            if len(self._outcomes) < MOST_SHARED:
                self._outcomes[key] = known
        return known

    def _read_outcome(self, cells: Cells) -> Outcome:
        return Outcome(
            status=cells.code("outcome_status", self._statuses),
            level_changed=cells.yes_no("level_changed"),
            started=cells.yes_no("started"),
            days_to_start=cells.count("days_to_start", MAX_DAYS_TO_START),
            sessions=cells.count("sessions", MAX_SESSIONS),
        )


class _FactCells:
    """The cell of one question and those beside it."""

    def __init__(self, question: Question) -> None:
        self.name = question.name
        self._question = question
        self._known_at, self._source, self._wrong = (f"{self.name}__{each}" for each in COMPANIONS)
        self._shared: dict[str | None, Fact] = {}

    def read(self, cells: Cells, beside: bool) -> Fact:
        """The fact; `beside` says whether the row has cells of source, time or mistake at all.

        A cell with nothing in those beside it is like every other that reads so.
        """
        raw = cells.raw(self.name)
        if not (raw is None or isinstance(raw, str)):
            return self._read(cells, raw)
        if beside and cells.any_of(self._source, self._known_at, self._wrong):
            return self._read(cells, raw)
        known = self._shared.get(raw)
        if known is None:
            known = self._read(cells, raw)
            if len(self._shared) < MOST_SHARED:
                self._shared[raw] = known
        return known

    def _read(self, cells: Cells, raw: Any) -> Fact:
        try:
            value = parse_value(self._question, raw)
        except FactsRefused as refused:
            raise record_refusal(self._question, refused.refusals[0]) from None
        source = cells.code(self._source, SOURCES)
        return Fact(
            value,
            self._question.source if source is None else Source(source),
            cells.instant(self._known_at),
            bool(cells.yes_no(self._wrong)),
        )


def record_refusal(question: Question | None, refusal: Refusal) -> RecordRefused:
    """The refusal of an answer as that of a row."""
    return RecordRefused(refusal.question, message(question, refusal), refusal.found)


def _label_source(cells: Cells) -> str:
    """The source as a code; a municipality's own file may say who wrote the level instead."""
    said = cells.needed_code("label_source", SAID_OF_SOURCE)
    return AUTHORS.get(said, said)


def _codes(codes: tuple[Code, ...]) -> tuple[str, ...]:
    return tuple(code.code for code in codes)
