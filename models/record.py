"""The one row format in which decided cases travel: history files, the decision export, outcomes.

A CSV row and a Parquet row have the same columns; a JSON line has the same keys with the facts nested.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.answers import FactsRefused, Refusal, parse_value
from models.cells import CODE_PATTERN, ID_PATTERN, KEY_PATTERN, MUNICIPALITY_PATTERN, Cells, cell, fact_cell
from models.decided_case import (
    ARMS,
    AUTHORS,
    CASE_COLUMNS,
    COMPANIONS,
    LABEL_SOURCES,
    ORIGINS,
    OUTCOME_COLUMNS,
    DecidedCase,
    Outcome,
    RecordRefused,
    columns,
    protected_columns,
)
from models.declaration import Area, Code, Question, Source, questions_of
from models.export_head import PHASES
from models.facts import Fact, from_json, message, to_json
from models.record_checks import checked

__all__ = [
    "DecidedCase",
    "Outcome",
    "RecordRefused",
    "columns",
    "from_json_line",
    "from_row",
    "protected_columns",
    "protected_from_row",
    "to_json_line",
    "to_row",
]

MAX_DAYS_TO_START = 1000
MAX_SESSIONS = 1000
UNKNOWN_COLUMN = "er en ukendt kolonne"


def from_row(area: Area, row: Mapping[str, Any]) -> DecidedCase:
    """The decided case of a CSV or Parquet row. Raises RecordRefused with field, reason and what was found.

    An unknown column is refused, so that nothing is dropped in silence. An absent column is an empty cell.
    """
    strangers = set(row) - set(columns(area, companions=True))
    if strangers:
        raise RecordRefused(str(min(map(str, strangers))), UNKNOWN_COLUMN, "kolonnen")
    cells = Cells(row)
    facts = {question.name: _fact(question, cells) for question in area.questions}
    return checked(area, _case(area, cells, facts))


def to_row(area: Area, case: DecidedCase, companions: bool = False) -> dict[str, str]:
    """The CSV cells of a case for `columns(area, companions)`; only with companions is everything kept."""
    row = {name: cell(getattr(case, name)) for name in CASE_COLUMNS}
    row |= {name: cell(value) for name, value in _outcome_cells(case.outcome).items()}
    row |= {question.name: fact_cell(case.facts[question.name].value) for question in area.questions}
    if companions:
        for question in area.questions:
            row |= _companion_cells(question, case.facts[question.name])
    return row


def to_json_line(area: Area, case: DecidedCase) -> str:
    """The case as one JSON object on one line: the columns of a row, and `facts` as in `facts.to_json`."""
    entry: dict[str, Any] = {}
    for name in CASE_COLUMNS:
        value = getattr(case, name)
        entry[name] = list(value) if isinstance(value, tuple) else _plain(value)
    entry |= _outcome_cells(case.outcome)
    entry["facts"] = to_json(case.facts)
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":"))


def from_json_line(area: Area, line: str) -> DecidedCase:
    """The case of `to_json_line`. Raises RecordRefused."""
    try:
        entry = json.loads(line)
    except ValueError:
        raise RecordRefused("linje", "er ikke JSON", line[:80]) from None
    if not isinstance(entry, dict) or not isinstance(entry.get("facts"), dict):
        raise RecordRefused("facts", "mangler", "")
    strangers = set(entry) - {*CASE_COLUMNS, *OUTCOME_COLUMNS, "facts"}
    if strangers:
        raise RecordRefused(min(strangers), UNKNOWN_COLUMN, "nøglen")
    try:
        facts = from_json(area, entry["facts"])
    except FactsRefused as refused:
        raise _record_refusal(area.by_name.get(refused.refusals[0].question), refused.refusals[0]) from None
    except ValueError as error:
        raise RecordRefused("facts", "har ikke den rigtige form", error) from None
    return checked(area, _case(area, Cells(entry), facts))


def protected_from_row(area: Area, row: Mapping[str, Any]) -> tuple[str, dict[str, str | None]]:
    """The request id and the protected attributes of a row of the file kept apart. Raises RecordRefused."""
    strangers = set(row) - set(protected_columns(area))
    if strangers:
        raise RecordRefused(str(min(map(str, strangers))), UNKNOWN_COLUMN, "kolonnen")
    cells = Cells(row)
    questions = () if area.protected is None else questions_of(area.protected)
    attributes = {each.name: cells.code(each.name, (*each.code_values, "ukendt")) for each in questions}
    return cells.text("request_id", ID_PATTERN, "er ikke et id"), attributes


def _case(area: Area, cells: Cells, facts: Mapping[str, Fact]) -> DecidedCase:
    """The case as the cells say it, each of the right form; whether they fit together is checked after."""
    choice = "er ikke en kode"
    return DecidedCase(
        request_id=cells.text("request_id", ID_PATTERN, "er ikke et id"),
        area=cells.needed_code("area", (area.name,)),
        municipality=cells.text("municipality", MUNICIPALITY_PATTERN, "er ikke en kommunekode på fire cifre"),
        received_on=cells.needed_day("received_on"),
        discharged_on=cells.needed_day("discharged_on"),
        start_after=cells.day("start_after"),
        contact_from=cells.day("contact_from"),
        contact_to=cells.day("contact_to"),
        plan_type=cells.needed_code("plan_type", _codes(area.plan_types)) if area.plan_types else "",
        decided_at=cells.needed_instant("decided_at"),
        judged_at=cells.instant("judged_at"),
        facts=facts,
        own_level=cells.optional_text("own_level", CODE_PATTERN, choice),
        own_corrected_after_evidence=bool(cells.yes_no("own_corrected_after_evidence")),
        reference_level=cells.code("reference_level", area.level_codes),
        model_level=cells.code("model_level", area.level_codes),
        model_version=cells.optional_text("model_version", ID_PATTERN, "er ikke en version"),
        final_level=cells.optional_text("final_level", CODE_PATTERN, choice),
        reason_code=cells.code("reason_code", _codes(area.reasons)),
        arm=cells.needed_code("arm", ARMS),
        shown=bool(cells.yes_no("shown")),
        withheld_reason=cells.optional_text("withheld_reason", CODE_PATTERN, choice),
        phase=cells.code("phase", PHASES),
        label_source=_label_source(cells),
        origin=cells.needed_code("origin", ORIGINS),
        forms=cells.some_codes("forms", _codes(area.forms)),
        team=cells.code("team", _codes(area.teams)),
        place=cells.code("place", _codes(area.places)),
        outcome=_outcome(area, cells),
        reference_key=cells.optional_text("reference_key", KEY_PATTERN, "er ikke en nøgle"),
    )


def _label_source(cells: Cells) -> str:
    """The source as a code; a municipality's own file may say who wrote the level instead."""
    said = cells.needed_code("label_source", (*LABEL_SOURCES, *AUTHORS))
    return AUTHORS.get(said, said)


def _outcome(area: Area, cells: Cells) -> Outcome:
    return Outcome(
        status=cells.code("outcome_status", _codes(area.outcomes)),
        level_changed=cells.yes_no("level_changed"),
        started=cells.yes_no("started"),
        days_to_start=cells.count("days_to_start", MAX_DAYS_TO_START),
        sessions=cells.count("sessions", MAX_SESSIONS),
    )


def _fact(question: Question, cells: Cells) -> Fact:
    try:
        value = parse_value(question, cells.raw(question.name))
    except FactsRefused as refused:
        raise _record_refusal(question, refused.refusals[0]) from None
    source = cells.code(f"{question.name}__source", tuple(Source))
    return Fact(
        value,
        question.source if source is None else Source(source),
        cells.instant(f"{question.name}__known_at"),
        bool(cells.yes_no(f"{question.name}__marked_wrong")),
    )


def _record_refusal(question: Question | None, refusal: Refusal) -> RecordRefused:
    return RecordRefused(refusal.question, message(question, refusal), refusal.found)


def _companion_cells(question: Question, fact: Fact) -> dict[str, str]:
    values = (fact.known_at, fact.source.value, True if fact.marked_wrong else None)
    return {
        f"{question.name}__{companion}": cell(value)
        for companion, value in zip(COMPANIONS, values, strict=True)
    }


def _outcome_cells(outcome: Outcome) -> dict[str, Any]:
    return dict(zip(OUTCOME_COLUMNS, asdict(outcome).values(), strict=True))


def _plain(value: object) -> object:
    """A value as JSON holds it: dates and instants as text."""
    return value if value is None or isinstance(value, bool | int | float) else cell(value)


def _codes(codes: tuple[Code, ...]) -> tuple[str, ...]:
    return tuple(code.code for code in codes)
