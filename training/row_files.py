"""The rows of a file of decided cases, CSV, Parquet or JSON lines: each a mapping, or why it cannot be one.

A row that names a person is never handed on.
"""

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
from pyarrow import ArrowException

from training.identities import cpr_column, naming_columns

IDENTITY = "names a person; identities stay out of training"
LARGEST = 1 << 31


@dataclass(frozen=True)
class Reject:
    """One refused row; `row` counts from 1 without a header line, and 0 is the file itself."""

    file: str
    row: int
    column: str
    reason: str
    found: str

    def __str__(self) -> str:
        """One line for people."""
        place = f"row {self.row}, " if self.row else ""
        found = f" (found {self.found!r})" if self.found else ""
        return f"{self.file}: {place}column {self.column}: {self.reason}{found}"


def rows_of(file: Path) -> Iterator[tuple[int, dict[str, Any] | Reject]]:
    """Each row as a mapping, or why it cannot be one; a row that holds an identity is never handed on."""
    reason = _unusable(file)
    if reason:
        yield 0, Reject(file.name, 0, "–", reason, "")
        return
    try:
        with READERS[file.suffix](file) as (columns, rows):
            naming = naming_columns(columns)
            if naming:
                yield 0, Reject(file.name, 0, naming[0], IDENTITY, "")
                return
            for number, row in enumerate(rows, start=1):
                yield number, _without_identity(file, number, row)
    except (UnicodeDecodeError, csv.Error, ArrowException, OSError) as error:
        yield 0, Reject(file.name, 0, "–", f"unreadable: {type(error).__name__}", "")


def _unusable(file: Path) -> str:
    if not file.is_file():
        return "no such file"
    if file.suffix not in READERS:
        return f"not one of {', '.join(READERS)}"
    return "larger than two gigabytes" if file.stat().st_size > LARGEST else ""


def _without_identity(file: Path, number: int, row: object) -> dict[str, Any] | Reject:
    if not isinstance(row, dict):
        return Reject(file.name, number, "–", "is not a JSON object", "")
    if None in row:
        return Reject(file.name, number, "–", "has more cells than columns", "")
    naming = naming_columns(tuple(row))
    if naming:
        return Reject(file.name, number, naming[0], IDENTITY, "")
    column = cpr_column(row)
    if column is not None:
        return Reject(file.name, number, column, "holds what looks like a CPR number", "")
    return row


Rows = tuple[tuple[str, ...], Iterator[Any]]


@contextmanager
def _csv_rows(file: Path) -> Iterator[Rows]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        header = opened.readline()
        opened.seek(0)
        # A Danish spreadsheet separates by semicolon.
        delimiter = ";" if header.count(";") > header.count(",") else ","
        reader = csv.DictReader(opened, delimiter=delimiter, strict=True)
        yield tuple(reader.fieldnames or ()), reader


@contextmanager
def _parquet_rows(file: Path) -> Iterator[Rows]:
    with parquet.ParquetFile(file) as table:
        rows = (row for batch in table.iter_batches() for row in batch.to_pylist())
        yield tuple(table.schema_arrow.names), rows


@contextmanager
def _json_rows(file: Path) -> Iterator[Rows]:
    with file.open(encoding="utf-8") as opened:
        yield (), (_parsed(line) for line in opened)


def _parsed(line: str) -> Any:
    try:
        return json.loads(line)
    except ValueError:
        return None


READERS = {".csv": _csv_rows, ".parquet": _parquet_rows, ".jsonl": _json_rows}
