"""Reading decided cases from files: CSV, Parquet or JSON lines, all of them or none.

A refused row names its file, row, column and reason, and is listed in a rejects file beside the output.
"""

import csv
import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
from pyarrow import ArrowException

from models.declaration import Area
from models.left_out import REASONS, LeftOut, is_left_out, request_of
from models.record import DecidedCase, RecordRefused, from_json_line, from_row, protected_from_row
from training.identities import cpr_column, naming_columns

SHOWN = 5
IDENTITY = "names a person; identities stay out of training"
LARGEST = 1 << 31
REJECT_COLUMNS = ("file", "row", "column", "reason", "found")


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


class DataRefused(ValueError):
    """Files that cannot be used. `rejects` holds every refused row; the message shows the first few."""

    def __init__(self, rejects: list[Reject]) -> None:
        more = f"\n… and {len(rejects) - SHOWN} more" if len(rejects) > SHOWN else ""
        super().__init__("\n".join(str(each) for each in rejects[:SHOWN]) + more)
        self.rejects = tuple(rejects)


@dataclass(frozen=True)
class Dataset:
    """Decided cases in the order of decision, and the hash of each file they came from.

    `left_out` counts, by the right that was used, the cases that are not among them.
    """

    area: Area
    cases: tuple[DecidedCase, ...]
    sha256: Mapping[str, str]
    left_out: Mapping[str, int] = field(default_factory=dict)


Protected = Mapping[str, Mapping[str, str | None]]


def read_cases(area: Area, files: tuple[Path, ...]) -> Dataset:
    """Every case of every file. Raises DataRefused, with all refused rows, when any row is refused."""
    cases: dict[str, DecidedCase] = {}
    first_seen: dict[str, str] = {}
    rejects: list[Reject] = []
    told: list[LeftOut] = []
    for file in files:
        for row, found in _cases_of(area, file):
            if isinstance(found, Reject):
                rejects.append(found)
            elif isinstance(found, LeftOut):
                told.append(found)
            elif found.request_id in cases:
                twice = f"stands twice, first in {first_seen[found.request_id]}"
                rejects.append(Reject(file.name, row, "request_id", twice, found.request_id))
            else:
                cases[found.request_id] = found
                first_seen[found.request_id] = f"{file.name}, row {row}"
    if rejects:
        raise DataRefused(rejects)
    if not cases:
        raise DataRefused([Reject(", ".join(file.name for file in files), 0, "–", "no cases", "")])
    ordered, left_out = _but_for(sorted(cases.values(), key=_order), LeftOut.all_of(told))
    if not ordered:
        raise DataRefused(
            [Reject(", ".join(file.name for file in files), 0, "–", "every case is left out", "")]
        )
    return Dataset(area, ordered, _hashes(files), left_out)


def _order(case: DecidedCase) -> tuple[datetime, str]:
    return case.decided_at, case.request_id


def _but_for(cases: list[DecidedCase], told: LeftOut) -> tuple[tuple[DecidedCase, ...], dict[str, int]]:
    """The cases without those of citizens who said no, in whatever file they lie, and how many by reason."""
    reasons = {case.request_id: told.reason_of(request_of(case)) for case in cases}
    counts = {}
    for reason in REASONS:
        found = {
            f"{case.municipality}:{case.request_id}" for case in cases if reasons[case.request_id] == reason
        }
        if everything := found | told.cases.get(reason, frozenset()):
            counts[reason] = len(everything)
    return tuple(case for case in cases if reasons[case.request_id] is None), counts


def _hashes(files: tuple[Path, ...]) -> dict[str, str]:
    """The hash of each file by its name; files of one name are told apart by their number."""
    names = [file.name for file in files]
    return {
        name if names.count(name) == 1 else f"{name} ({number})": file_hash(file)
        for number, (name, file) in enumerate(zip(names, files, strict=True), start=1)
    }


def read_protected(area: Area, file: Path) -> Protected:
    """The protected attributes by request id. Raises DataRefused."""
    attributes: dict[str, Mapping[str, str | None]] = {}
    rejects = []
    for number, row in _rows(file):
        if isinstance(row, Reject):
            rejects.append(row)
            continue
        try:
            request_id, found = protected_from_row(area, row)
            attributes[request_id] = found
        except RecordRefused as refused:
            rejects.append(_reject(file, number, refused))
    if rejects:
        raise DataRefused(rejects)
    return attributes


def write_rejects(refused: DataRefused, target: Path) -> None:
    """The refused rows as CSV; what was found is left out where it could name somebody."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(REJECT_COLUMNS)
        for each in refused.rejects:
            writer.writerow((each.file, each.row, each.column, each.reason, _harmless(each.found)))


def file_hash(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _harmless(found: str) -> str:
    """A spreadsheet must not take a value for a formula."""
    return f"'{found}" if found[:1] in ("=", "+", "-", "@", "\t", "\r") else found


def _cases_of(area: Area, file: Path) -> Iterator[tuple[int, DecidedCase | LeftOut | Reject]]:
    for number, row in _rows(file):
        if isinstance(row, Reject):
            yield number, row
            continue
        try:
            yield number, _case(area, file, row)
        except RecordRefused as refused:
            yield number, _reject(file, number, refused)


def _case(area: Area, file: Path, row: Mapping[str, Any]) -> DecidedCase | LeftOut:
    if is_left_out(row):
        return _left_out(row)
    if file.suffix == ".jsonl":
        return from_json_line(area, json.dumps(row, ensure_ascii=False))
    return from_row(area, row)


def _left_out(row: Mapping[str, Any]) -> LeftOut:
    try:
        return LeftOut.from_json(row)
    except ValueError as error:
        raise RecordRefused("left_out", "har ikke den rigtige form", error) from None


def _reject(file: Path, number: int, refused: RecordRefused) -> Reject:
    return Reject(file.name, number, refused.field, refused.reason, refused.found)


def _rows(file: Path) -> Iterator[tuple[int, dict[str, Any] | Reject]]:
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
