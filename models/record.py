"""The one row format in which decided cases travel: history files, the decision export, outcomes.

A CSV row and a Parquet row have the same columns; a JSON line has the same keys with the facts nested.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from models.answers import FactsRefused
from models.cells import ID_PATTERN, Cells, cell
from models.decided_case import (
    CASE_COLUMNS,
    OUTCOME_COLUMNS,
    DecidedCase,
    Outcome,
    RecordRefused,
    columns,
    protected_columns,
)
from models.declaration import Area, questions_of
from models.facts import from_json as facts_from_json
from models.facts import to_json
from models.row_reader import UNKNOWN_COLUMN, RowReader, record_refusal
from models.row_writer import RowWriter

__all__ = [
    "DecidedCase",
    "Outcome",
    "RecordRefused",
    "RowReader",
    "RowWriter",
    "columns",
    "from_json",
    "from_json_line",
    "from_row",
    "protected_columns",
    "protected_from_row",
    "to_json_line",
    "to_row",
]


def from_row(area: Area, row: Mapping[str, Any]) -> DecidedCase:
    """The decided case of one row; for many of them use a `RowReader`. Raises RecordRefused."""
    return RowReader(area).case(row)


def to_row(area: Area, case: DecidedCase, companions: bool = False) -> dict[str, str]:
    """The CSV cells of a case by column; for many of them use a `RowWriter`."""
    writer = RowWriter(area, companions)
    return dict(zip(writer.columns, writer.cells(case), strict=True))


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
    return from_json(RowReader(area), entry)


def from_json(reader: RowReader, entry: object) -> DecidedCase:
    """The case of one line of `to_json_line`, already read as JSON. Raises RecordRefused."""
    area = reader.area
    if not isinstance(entry, dict) or not isinstance(entry.get("facts"), dict):
        raise RecordRefused("facts", "mangler", "")
    strangers = set(entry) - {*CASE_COLUMNS, *OUTCOME_COLUMNS, "facts"}
    if strangers:
        raise RecordRefused(min(strangers), UNKNOWN_COLUMN, "nøglen")
    try:
        facts = facts_from_json(area, entry["facts"])
    except FactsRefused as refused:
        raise record_refusal(area.by_name.get(refused.refusals[0].question), refused.refusals[0]) from None
    except ValueError as error:
        raise RecordRefused("facts", "har ikke den rigtige form", error) from None
    return reader.case_of(Cells(entry), facts)


def protected_from_row(area: Area, row: Mapping[str, Any]) -> tuple[str, dict[str, str | None]]:
    """The request id and the protected attributes of a row of the file kept apart. Raises RecordRefused."""
    strangers = set(row) - set(protected_columns(area))
    if strangers:
        raise RecordRefused(str(min(map(str, strangers))), UNKNOWN_COLUMN, "kolonnen")
    cells = Cells(row)
    questions = () if area.protected is None else questions_of(area.protected)
    attributes = {each.name: cells.code(each.name, (*each.code_values, "ukendt")) for each in questions}
    return cells.text("request_id", ID_PATTERN, "er ikke et id"), attributes


def _outcome_cells(outcome: Outcome) -> dict[str, Any]:
    return dict(zip(OUTCOME_COLUMNS, asdict(outcome).values(), strict=True))


def _plain(value: object) -> object:
    """A value as JSON holds it: dates and instants as text."""
    return value if value is None or isinstance(value, bool | int | float) else cell(value)
