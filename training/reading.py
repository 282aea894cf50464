"""Rows of decided cases brought into columns, some thousand at a time, in this process or in several.

What follows from several rows (which stands twice, what an export says of the rows after it) is seen to here,
in the order of the files.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.case_columns import AT_A_TIME, Cases, Gathering
from models.declaration import Area
from models.export_head import Ground, grounds_in, is_head
from models.left_out import LeftOut, is_left_out
from models.record import DecidedCase, RecordRefused, RowReader, from_json
from training.row_files import Chunk, Reject, checked, chunks_of

NO_GROUND = "decided in Skøn, but the file does not say on what legal basis; use `skoen decisions export`"
WORTH_SEVERAL = 20_000_000
"""Bytes of a file below which another process would take longer to start than to read."""

Beside = LeftOut | tuple[Ground, ...] | Reject
Found = DecidedCase | Beside


@dataclass(frozen=True)
class Read:
    """A chunk once read: its cases, the number of the row of each, and what else stood on which row."""

    cases: Cases
    rows: NDArray[np.int64]
    beside: Mapping[int, Beside]


def read_all(area: Area, file: Path, jobs: int) -> Iterator[Read]:
    """The chunks of a file, read by so many processes, in order."""
    nested, chunks = file.suffix == ".jsonl", chunks_of(file, AT_A_TIME)
    if jobs == 1 or not file.is_file() or file.stat().st_size < WORTH_SEVERAL:
        yield from (read_chunk(area, nested, chunk) for chunk in chunks)
        return
    waiting: deque[Future[Read]] = deque()
    with processes(jobs) as pool:
        for chunk in chunks:
            waiting.append(pool.submit(read_chunk, area, nested, chunk))
            if len(waiting) > 2 * jobs:
                yield waiting.popleft().result()
        yield from (each.result() for each in waiting)


def processes(jobs: int) -> Executor:
    """So many processes of ours; each begins anew, for one that is copied could inherit a held lock."""
    return ProcessPoolExecutor(jobs, get_context("spawn"))


def read_chunk(area: Area, nested: bool, chunk: Chunk) -> Read:
    """The rows of a chunk, each by itself; `nested` are rows whose facts are an object."""
    reader, cases, rows, beside = RowReader(area), [], [], {}
    for number, row in checked(chunk):
        found = row if isinstance(row, Reject) else _found(reader, chunk.file, number, row, nested)
        if isinstance(found, DecidedCase):
            cases.append(found)
            rows.append(number)
        else:
            beside[number] = found
    return Read(Cases.of(cases), np.array(rows, dtype=np.int64), beside)


def _found(reader: RowReader, file: str, number: int, row: Mapping[str, Any], nested: bool) -> Found:
    try:
        return _case(reader, row, nested)
    except RecordRefused as refused:
        return Reject(file, number, refused.field, refused.reason, refused.found)


def _case(
    reader: RowReader, row: Mapping[str, Any], nested: bool
) -> DecidedCase | LeftOut | tuple[Ground, ...]:
    if is_left_out(row):
        return _left_out(row)
    if is_head(row):
        return _grounds(row)
    return from_json(reader, row) if nested else reader.case(row)


def _left_out(row: Mapping[str, Any]) -> LeftOut:
    try:
        return LeftOut.from_json(row)
    except ValueError as error:
        raise RecordRefused("left_out", "har ikke den rigtige form", error) from None


def _grounds(row: Mapping[str, Any]) -> tuple[Ground, ...]:
    try:
        return grounds_in(row)
    except ValueError as error:
        raise RecordRefused("export", "har ikke den rigtige form", error) from None


class Reading:
    """What was found so far, file by file and row by row."""

    def __init__(self) -> None:
        self.rejects: list[Reject] = []
        self.told: list[LeftOut] = []
        self.grounds: list[Ground] = []
        self._gathering = Gathering()
        self._rows: list[tuple[str, NDArray[np.int64]]] = []
        self._file = ""
        self._standing: dict[str, Ground] = {}

    def open(self, file: str) -> None:
        """Go on to a file; what an earlier one said of legal basis does not hold for its cases."""
        self._file, self._standing = file, {}

    def cases(self) -> Cases:
        """The cases that were taken, in the order of the files."""
        return self._gathering.cases()

    def take(self, read: Read) -> None:
        """Take what stands in a chunk."""
        kept = np.arange(len(read.cases)) if self._is_plain(read) else self._one_by_one(read)
        self._gathering.take(read.cases.rows(kept))
        self._rows.append((self._file, read.rows[kept]))

    def _is_plain(self, read: Read) -> bool:
        """Whether nothing in a chunk follows from another row: cases of a history, each of its own name."""
        names, origins = read.cases.about("request_id"), read.cases.about("origin")
        own = len(names.values) == len(read.cases) and self._seen.isdisjoint(names.values)
        return own and not read.beside and "skoen" not in origins.values

    @property
    def _seen(self) -> Any:
        return self._gathering.seen("request_id").keys()

    def _one_by_one(self, read: Read) -> NDArray[np.int64]:
        """The places of the cases that are taken, row by row."""
        places = {row: place for place, row in enumerate(read.rows.tolist())}
        about = [read.cases.about(name).listed() for name in ("request_id", "origin", "municipality")]
        here: dict[str, int] = {}
        kept = []
        for row in sorted({*places, *read.beside}):
            if row in read.beside:
                self._beside(read.beside[row])
                continue
            name, origin, municipality = (column[places[row]] for column in about)
            if name in here or name in self._seen:
                first, number = (self._file, here[name]) if name in here else self._first(name)
                twice = f"stands twice, first in {first}, row {number}"
                self.rejects.append(Reject(self._file, row, "request_id", twice, name))
            elif why := self._why_not(origin, municipality):
                self.rejects.append(Reject(self._file, row, "municipality", why, municipality))
            else:
                here[name] = row
                kept.append(places[row])
        return np.array(kept, dtype=np.int64)

    def _beside(self, found: Beside) -> None:
        if isinstance(found, Reject):
            self.rejects.append(found)
        elif isinstance(found, LeftOut):
            self.told.append(found)
        else:
            self._standing |= {each.municipality: each for each in found}

    def _first(self, name: str) -> tuple[str, int]:
        """The file and the row in which a name was met: names and cases came one with the other."""
        place = self._gathering.seen("request_id")[name]
        for file, rows in self._rows:
            if place < len(rows):
                return file, int(rows[place])
            place -= len(rows)
        raise LookupError(name)

    def _why_not(self, origin: str, municipality: str) -> str | None:
        """Why the file may not be learned from for the sake of a case's municipality, or None."""
        if origin != "skoen":
            return None
        ground = self._standing.get(municipality)
        if ground is None:
            return NO_GROUND
        if ground not in self.grounds:
            self.grounds.append(ground)
        return ground.why_not_learned
