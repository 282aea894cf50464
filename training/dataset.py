"""Reading decided cases from files: CSV, Parquet or JSON lines, all of them or none.

A refused row names its file, row, column and reason, and is listed in a rejects file beside the output.
"""

import csv
import gc
import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.declaration import Area
from models.export_head import Ground, grounds_in, is_head
from models.left_out import REASONS, LeftOut, is_left_out, request_of
from models.record import DecidedCase, RecordRefused, RowReader, from_json, protected_from_row
from training.row_files import Reject, rows_of
from training.vault import in_vault

__all__ = ["DataRefused", "Dataset", "Protected", "Reject", "file_hash", "read_cases", "read_protected",
           "write_rejects"]  # fmt: skip

SHOWN = 5
IN_VAULT = "lies in the vault of protected attributes, which nothing that learns can open"
NO_GROUND = "decided in Skøn, but the file does not say on what legal basis; use `skoen decisions export`"
REJECT_COLUMNS = ("file", "row", "column", "reason", "found")


class DataRefused(ValueError):
    """Files that cannot be used. `rejects` holds every refused row; the message shows the first few."""

    def __init__(self, rejects: list[Reject]) -> None:
        more = f"\n… and {len(rejects) - SHOWN} more" if len(rejects) > SHOWN else ""
        super().__init__("\n".join(str(each) for each in rejects[:SHOWN]) + more)
        self.rejects = tuple(rejects)


@dataclass(frozen=True)
class Dataset:
    """Decided cases in the order of decision, and the hash of each file they came from.

    `left_out` counts, by the right that was used, the cases that are not among them. `grounds` are what the
    exports among the files say of legal basis and practice.
    """

    area: Area
    cases: tuple[DecidedCase, ...]
    sha256: Mapping[str, str]
    left_out: Mapping[str, int] = field(default_factory=dict)
    grounds: tuple[Ground, ...] = ()

    @property
    def changed_on(self) -> date | None:
        """The newest day from which the exports say that practice is another."""
        return max((each.changed_on for each in self.grounds if each.changed_on), default=None)


Protected = Mapping[str, Mapping[str, str | None]]
Found = DecidedCase | LeftOut | tuple[Ground, ...] | Reject


def read_cases(area: Area, files: tuple[Path, ...]) -> Dataset:
    """Every case of every file. Raises DataRefused, with all refused rows, when any row is refused.

    A file in the vault of protected attributes is refused unopened.
    """
    if inside := [Reject(file.name, 0, "–", IN_VAULT, "") for file in files if in_vault(file)]:
        raise DataRefused(inside)
    reading, reader = _Reading(), RowReader(area)
    with _nothing_to_collect():
        for file in files:
            reading.open(file.name)
            for row, found in _cases_of(reader, file):
                reading.take(row, found)
    everywhere = ", ".join(file.name for file in files)
    if reading.rejects:
        raise DataRefused(reading.rejects)
    if not reading.cases:
        raise DataRefused([Reject(everywhere, 0, "–", "no cases", "")])
    ordered, left_out = _but_for(sorted(reading.cases.values(), key=_order), LeftOut.all_of(reading.told))
    if not ordered:
        raise DataRefused([Reject(everywhere, 0, "–", "every case is left out", "")])
    return Dataset(area, ordered, _hashes(files), left_out, tuple(reading.grounds))


@contextmanager
def _nothing_to_collect() -> Iterator[None]:
    """Read without the collector of cycles: there are none, and it would look at every case many times."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class _Reading:
    """What was found so far, file by file and row by row."""

    def __init__(self) -> None:
        self.cases: dict[str, DecidedCase] = {}
        self.rejects: list[Reject] = []
        self.told: list[LeftOut] = []
        self.grounds: list[Ground] = []
        self._first_seen: dict[str, tuple[str, int]] = {}
        self._file = ""
        self._standing: dict[str, Ground] = {}

    def open(self, file: str) -> None:
        """Go on to a file; what an earlier one said of legal basis does not hold for its cases."""
        self._file, self._standing = file, {}

    def take(self, row: int, found: Found) -> None:
        """Take what stands on a row."""
        if isinstance(found, Reject):
            self.rejects.append(found)
        elif isinstance(found, LeftOut):
            self.told.append(found)
        elif isinstance(found, tuple):
            self._standing |= {each.municipality: each for each in found}
        elif found.request_id in self.cases:
            first, number = self._first_seen[found.request_id]
            twice = f"stands twice, first in {first}, row {number}"
            self.rejects.append(Reject(self._file, row, "request_id", twice, found.request_id))
        elif why := self._why_not(found):
            self.rejects.append(Reject(self._file, row, "municipality", why, found.municipality))
        else:
            self.cases[found.request_id] = found
            self._first_seen[found.request_id] = (self._file, row)

    def _why_not(self, case: DecidedCase) -> str | None:
        """Why the file may not be learned from for the sake of a case's municipality, or None."""
        if case.origin != "skoen":
            return None
        ground = self._standing.get(case.municipality)
        if ground is None:
            return NO_GROUND
        if ground not in self.grounds:
            self.grounds.append(ground)
        return ground.why_not_learned


def _order(case: DecidedCase) -> tuple[datetime, str]:
    return case.decided_at, case.request_id


def _but_for(cases: list[DecidedCase], told: LeftOut) -> tuple[tuple[DecidedCase, ...], dict[str, int]]:
    """The cases without those of citizens who said no, in whatever file they lie, and how many by reason."""
    if not told:
        return tuple(cases), {}
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
    for number, row in rows_of(file):
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


def _cases_of(reader: RowReader, file: Path) -> Iterator[tuple[int, Found]]:
    for number, row in rows_of(file):
        if isinstance(row, Reject):
            yield number, row
            continue
        try:
            yield number, _case(reader, row, nested=file.suffix == ".jsonl")
        except RecordRefused as refused:
            yield number, _reject(file, number, refused)


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


def _reject(file: Path, number: int, refused: RecordRefused) -> Reject:
    return Reject(file.name, number, refused.field, refused.reason, refused.found)
