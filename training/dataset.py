"""Reading decided cases from files: CSV, Parquet or JSON lines, all of them or none.

A refused row names its file, row, column and reason, and is listed in a rejects file beside the output.
"""

import csv
import gc
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np

from models.case_columns import Cases
from models.declaration import Area
from models.export_head import Ground
from models.left_out import REASONS, LeftOut, request_of
from models.record import DecidedCase, RecordRefused, protected_from_row
from training.reading import Reading, read_all
from training.row_files import Reject, rows_of
from training.vault import in_vault

__all__ = ["DataRefused", "Dataset", "Protected", "Reject", "file_hash", "read_cases", "read_protected",
           "write_rejects"]  # fmt: skip

SHOWN = 5
IN_VAULT = "lies in the vault of protected attributes, which nothing that learns can open"
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
    cases: Sequence[DecidedCase]
    sha256: Mapping[str, str]
    left_out: Mapping[str, int] = field(default_factory=dict)
    grounds: tuple[Ground, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "cases", Cases.of(self.cases))

    @property
    def changed_on(self) -> date | None:
        """The newest day from which the exports say that practice is another."""
        return max((each.changed_on for each in self.grounds if each.changed_on), default=None)


Protected = Mapping[str, Mapping[str, str | None]]


def read_cases(area: Area, files: tuple[Path, ...], jobs: int = 1) -> Dataset:
    """Every case of every file. Raises DataRefused, with all refused rows, when any row is refused.

    A large file is read by as many processes as there are `jobs`, with the same result. A file in the vault
    of protected attributes is refused unopened.
    """
    if inside := [Reject(file.name, 0, "–", IN_VAULT, "") for file in files if in_vault(file)]:
        raise DataRefused(inside)
    reading = Reading()
    with _nothing_to_collect():
        for file in files:
            reading.open(file.name)
            for read in read_all(area, file, jobs):
                reading.take(read)
    everywhere = ", ".join(file.name for file in files)
    if reading.rejects:
        raise DataRefused(reading.rejects)
    cases = reading.cases()
    if not len(cases):
        raise DataRefused([Reject(everywhere, 0, "–", "no cases", "")])
    ordered, left_out = _but_for(_in_order(cases), LeftOut.all_of(reading.told))
    if not len(ordered):
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


def _in_order(cases: Cases) -> Cases:
    """The cases in the order of decision; those of one instant by their names."""
    at = cases.instants()
    order = np.argsort(at, kind="stable")
    again = np.flatnonzero(np.diff(at[order]) == 0)
    names = cases.about("request_id")
    for run in np.split(again, np.flatnonzero(np.diff(again) > 1) + 1) if len(again) else ():
        some = slice(int(run[0]), int(run[-1]) + 2)
        order[some] = sorted(order[some].tolist(), key=lambda row: str(names.values[int(names.places[row])]))
    return cases.rows(order)


def _but_for(cases: Cases, told: LeftOut) -> tuple[Cases, dict[str, int]]:
    """The cases without those of citizens who said no, in whatever file they lie, and how many by reason."""
    if not told:
        return cases, {}
    requests = [request_of(case) for case in cases]
    reasons = [told.reason_of(request) for request in requests]
    counts = {}
    for reason in REASONS:
        found = {request for request, why in zip(requests, reasons, strict=True) if why == reason}
        if everything := found | told.cases.get(reason, frozenset()):
            counts[reason] = len(everything)
    return cases.rows(np.flatnonzero([why is None for why in reasons])), counts


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


def _reject(file: Path, number: int, refused: RecordRefused) -> Reject:
    return Reject(file.name, number, refused.field, refused.reason, refused.found)
