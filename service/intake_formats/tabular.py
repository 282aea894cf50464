"""Rows of a CSV or Parquet file, one at a time, each with its place, until the end or a damaged spot."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from service.intake_formats.problem import Refused, refuse
from service.intake_formats.reading import PARQUET, TABLE_LIMIT, WHOLE, opened, reading, too_large

BATCH = 1000
READ_AT_A_TIME = 64 * 1024
DELIMITERS = ",;"


@dataclass(frozen=True)
class Row:
    """One row: where it stands and its cells by column. `width_differs` is for CSV."""

    where: str
    cells: dict[str, Any]
    width_differs: bool = False


@dataclass(frozen=True)
class Table:
    """A table that is being read: its columns are known, its rows come one by one."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


def is_parquet(path: Path) -> bool:
    """Whether the file begins as a Parquet file does."""
    with opened(path) as file:
        return reading(lambda: file.read(len(PARQUET))) == PARQUET


def open_table(path: Path) -> Table:
    """The table in a CSV (plain or gzipped, comma or semicolon) or Parquet file; raises Refused."""
    if (size := path.stat().st_size) > TABLE_LIMIT:
        raise too_large(TABLE_LIMIT, size)
    return _parquet(path) if is_parquet(path) else _csv(path)


def _csv(path: Path) -> Table:
    with opened(path) as file:
        head = reading(file.readline)
    delimiter = max(DELIMITERS, key=lambda sign: head.count(sign.encode()))
    lines = _csv_lines(path, delimiter)
    columns = next(lines, (1, []))[1]
    _refuse_twice(columns)
    return Table(tuple(columns), _csv_rows(lines, columns))


def _csv_rows(lines: Iterator[tuple[int, list[str]]], columns: list[str]) -> Iterator[Row]:
    for number, cells in lines:
        if cells:
            row = dict(zip(columns, cells, strict=False))
            yield Row(f"linje {number}", row, width_differs=len(cells) != len(columns))


def _csv_lines(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The lines of a CSV file with their numbers; raises Refused at the line that cannot be read."""
    with opened(path) as file, _text(file) as text:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise refuse(f"linje {reader.line_num}", "linjen", "er ikke CSV", str(error)) from error
            except UnicodeDecodeError as error:
                found = f"byte 0x{error.object[error.start]:02x}"
                raise refuse(f"linje {reader.line_num + 1}", "tegnsæt", "er ikke UTF-8", found) from error
            except (EOFError, OSError, zlib.error) as error:
                raise _broken_gzip(error, reader.line_num) from error
            yield reader.line_num, cells


def _text(file: IO[bytes] | gzip.GzipFile) -> io.TextIOWrapper:
    return io.TextIOWrapper(file, encoding="utf-8-sig", newline="")


def _broken_gzip(error: Exception, line: int) -> Refused:
    reason = "gzip-filen er afkortet" if isinstance(error, EOFError) else "filen er beskadiget"
    return refuse(f"efter linje {line}", "indhold", reason, type(error).__name__)


def _refuse_twice(columns: list[str]) -> None:
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise refuse("linje 1", twice[0], "kolonnen står to gange", twice[0])


def _parquet(path: Path) -> Table:
    import pyarrow.parquet  # only a Parquet file pays for the import

    try:
        # Read as it is needed: a file may hold all its rows in one group, which would be read whole.
        file = pyarrow.parquet.ParquetFile(path, pre_buffer=False, buffer_size=READ_AT_A_TIME)
        size = sum(file.metadata.row_group(each).total_byte_size for each in range(file.num_row_groups))
    except (pyarrow.ArrowException, OSError) as error:
        raise refuse(WHOLE, "indhold", "er ikke en hel Parquet-fil", type(error).__name__) from error
    if size > TABLE_LIMIT:
        file.close()
        raise too_large(TABLE_LIMIT, size)
    columns = list(file.schema_arrow.names)
    _refuse_twice(columns)
    return Table(tuple(columns), _parquet_rows(file))


def _parquet_rows(file: Any) -> Iterator[Row]:
    import pyarrow

    number = 0
    with file:
        try:
            for batch in file.iter_batches(batch_size=BATCH, use_threads=False):
                for cells in batch.to_pylist():
                    number += 1
                    yield Row(f"række {number}", cells)
        except (pyarrow.ArrowException, OSError, ValueError) as error:
            raise refuse(
                f"efter række {number}", "indhold", "Parquet-filen er beskadiget", type(error).__name__
            ) from error
