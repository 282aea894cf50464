"""The rows of a file of decided cases, CSV, Parquet or JSON lines: each a mapping, or why it cannot be one.

A row that names a person is never handed on.
"""

import csv
import json
from collections.abc import Iterator, Sequence
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
    for chunk in chunks_of(file, 1):
        yield from checked(chunk)


@dataclass(frozen=True)
class Chunk:
    """Rows of a file as they stand there, from number `first` on; nobody has looked for identities yet.

    With `columns` a row is a list of its cells, without any it is whatever a line of JSON said.
    """

    file: str
    first: int
    rows: tuple[Any, ...]
    columns: tuple[str, ...] = ()


def chunks_of(file: Path, size: int) -> Iterator[Chunk]:
    """The rows of a file, so many at a time; a file that cannot be read, or not on, is a Reject as a row."""
    reason = _unusable(file)
    if reason:
        yield Chunk(file.name, 0, (Reject(file.name, 0, "–", reason, ""),))
        return
    columns: tuple[str, ...] = ()
    number, some = 1, []
    try:
        with READERS[file.suffix](file) as (columns, rows):
            naming = naming_columns(columns)
            if naming:
                yield Chunk(file.name, 0, (Reject(file.name, 0, naming[0], IDENTITY, ""),))
                return
            for row in rows:
                some.append(row)
                if len(some) == size:
                    yield Chunk(file.name, number, tuple(some), columns)
                    number, some = number + size, []
        yield Chunk(file.name, number, tuple(some), columns)
    except (UnicodeDecodeError, csv.Error, ArrowException, OSError) as error:
        yield Chunk(file.name, number, tuple(some), columns)
        reject = Reject(file.name, 0, "–", f"unreadable: {type(error).__name__}", "")
        yield Chunk(file.name, 0, (reject,))


def checked(chunk: Chunk) -> Iterator[tuple[int, dict[str, Any] | Reject]]:
    """The rows of a chunk as mappings, or why they cannot be."""
    for number, row in enumerate(chunk.rows, start=chunk.first):
        if isinstance(row, Reject):
            yield number, row
            continue
        told = _by_name(chunk.columns, row) if chunk.columns else row
        yield number, _without_identity(chunk.file, number, told)


def _by_name(columns: tuple[str, ...], cells: Sequence[Any]) -> dict[Any, Any]:
    """Cells by their columns; those that are not there are None, and those too many stand under None."""
    row: dict[Any, Any] = dict(zip(columns, cells, strict=False))
    if len(cells) < len(columns):
        row |= dict.fromkeys(columns[len(cells) :])
    elif len(cells) > len(columns):
        row[None] = cells[len(columns) :]
    return row


def _unusable(file: Path) -> str:
    if not file.is_file():
        return "no such file"
    if file.suffix not in READERS:
        return f"not one of {', '.join(READERS)}"
    return "larger than two gigabytes" if file.stat().st_size > LARGEST else ""


def _without_identity(file: str, number: int, row: object) -> dict[str, Any] | Reject:
    if not isinstance(row, dict):
        return Reject(file, number, "–", "is not a JSON object", "")
    if None in row:
        return Reject(file, number, "–", "has more cells than columns", "")
    naming = naming_columns(tuple(row))
    if naming:
        return Reject(file, number, naming[0], IDENTITY, "")
    column = cpr_column(row)
    if column is not None:
        return Reject(file, number, column, "holds what looks like a CPR number", "")
    return row


Rows = tuple[tuple[str, ...], Iterator[Any]]


@contextmanager
def _csv_rows(file: Path) -> Iterator[Rows]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        header = opened.readline()
        opened.seek(0)
        # A Danish spreadsheet separates by semicolon.
        delimiter = ";" if header.count(";") > header.count(",") else ","
        reader = csv.reader(opened, delimiter=delimiter, strict=True)
        yield tuple(next(reader, ())), filter(None, reader)


@contextmanager
def _parquet_rows(file: Path) -> Iterator[Rows]:
    with parquet.ParquetFile(file) as table:
        batches = ([column.to_pylist() for column in batch.columns] for batch in table.iter_batches())
        rows = (row for columns in batches for row in zip(*columns, strict=True))
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
