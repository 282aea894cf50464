"""Earlier decided cases from a CSV or Parquet file: every row checked, written down in one form."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from models import areas
from models.decided_case import DecidedCase
from models.declaration import Area
from models.label_sanity import Finding, Tally
from models.record import RecordRefused, RowReader, RowWriter, columns, protected_columns
from service.cpr import holds_cpr
from service.intake_formats.problem import Problem, Refused, refuse, shown
from service.intake_formats.tabular import Row, Table, open_table

IDENTITIES = (
    "cpr", "cprnr", "cpr_nr", "cprnummer", "cpr_nummer", "personnummer", "navn", "name", "fornavn",
    "efternavn", "adresse", "address", "telefon", "phone", "email", "mail",
)  # fmt: skip
SHORTEST_CPR = 10

Claim = Callable[[str, str, str], str | None]
"""Called with municipality, request id and place; gives the place that had the request first, or None."""
Note = Callable[[Problem], None]
"""Called with every problem of a row, as it is found: there may be as many as rows."""
Count = Callable[[int], None]
"""Called now and then with how many more rows have been read."""
AT_A_TIME = 1_000


@dataclass(frozen=True)
class StagedHistory:
    """The accepted rows of one history file, written to `path` in the one form, with all companions.

    `findings` say whether its levels look judged by people.
    """

    file: str
    path: Path
    area: str
    rows: int
    findings: tuple[Finding, ...] = ()


def is_history(header: bytes) -> bool:
    """Whether a file's first line could be the header of a table."""
    return b"," in header or b";" in header


def stage_history(
    path: Path, file: str, into: Path, claim: Claim, note: Note, count: Count = lambda rows: None
) -> StagedHistory | None:
    """Write the acceptable rows to `into` and note the problems of the others; None without any row.

    Raises Refused when the file as a whole cannot be read: its columns are wrong, or it breaks off. Raises
    OSError when the disk is full.
    """
    table = open_table(path)
    first = next(table.rows, None)
    area = _area_of(first)
    _check_columns(table, area)
    tally, row_writer = Tally(area), RowWriter(area, companions=True)
    with private(into) as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(row_writer.columns)
        for cases in _accepted(_all(first, table.rows), RowReader(area), claim, note, count):
            writer.writerows(map(row_writer.cells, cases))
            tally.add_all(cases)
    return StagedHistory(file, into, area.name, tally.cases, tally.findings()) if tally.cases else None


def _accepted(
    rows: Iterator[Row], reader: RowReader, claim: Claim, note: Note, count: Count
) -> Iterator[list[DecidedCase]]:
    """The cases of the rows, some at a time."""
    cases: list[DecidedCase] = []
    read = 0
    for read, row in enumerate(rows, start=1):
        try:
            cases.append(_case(reader, row, claim))
        except Refused as refused:
            for problem in refused.problems:
                note(problem)
        if read % AT_A_TIME == 0:
            yield cases
            cases = []
            count(AT_A_TIME)
    yield cases
    count(read % AT_A_TIME)


def private(path: Path) -> TextIO:
    """A new text file that only its owner can read."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")


def _all(first: Row | None, rest: Iterator[Row]) -> Iterator[Row]:
    if first is not None:
        yield first
        yield from rest


def _area_of(first: Row | None) -> Area:
    name = "" if first is None else str(first.cells.get("area") or "")
    return areas.get(name if name in areas.names() else "genoptraening")


def _check_columns(table: Table, area: Area) -> None:
    """Every column of the format is needed, no other is taken, and none that could tell who somebody is."""
    known, found = set(columns(area, companions=True)), set(table.columns)
    if found >= set(protected_columns(area)):
        raise refuse(
            "filen",
            "kolonner",
            "beskyttede oplysninger tages ikke ind; de hører i hvælvingen: skoen model audit --vault",
            None,
        )
    problems = [Problem("kolonner", name, _stranger(name), shown(name)) for name in sorted(found - known)]
    problems += [
        Problem("kolonner", name, "kolonnen mangler", shown(None))
        for name in columns(area)
        if name not in found
    ]
    if problems:
        raise Refused(problems)


def _stranger(column: str) -> str:
    if column.casefold() in IDENTITIES:
        return "kolonnen fortæller, hvem borgeren er, og må ikke være i en historikfil"
    return "kolonnen findes ikke i formatet"


def _case(reader: RowReader, row: Row, claim: Claim) -> DecidedCase:
    if row.width_differs:
        raise Refused(
            [Problem(row.where, "linjen", "har ikke lige så mange felter som overskriften", "linjen")]
        )
    for name, value in row.cells.items():
        if isinstance(value, str) and len(value) >= SHORTEST_CPR and holds_cpr(value):
            raise Refused([Problem(row.where, name, "ligner et CPR-nummer", shown(value))])
    try:
        case = reader.case(row.cells)
    except RecordRefused as refused:
        raise Refused([Problem(row.where, refused.field, refused.reason, shown(refused.found))]) from None
    first = claim(case.municipality, case.request_id, row.where)
    if first is not None:
        raise Refused([Problem(row.where, "request_id", f"står også i {first}", shown(case.request_id))])
    return case
