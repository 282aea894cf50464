"""A file of capacity, read whole before anything is written: with one wrong row nothing is taken.

CSV in UTF-8, comma or semicolon, with the columns of COLUMNS in any order; dates as 2026-11-22.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from service.intake_formats.problem import NOTHING, Problem, Refused, shown
from service.intake_formats.tabular import Row, open_table
from service.workflow import capacity
from service.workflow.capacity.entries import Entered, faults_of

COLUMNS = {
    "enhed": "unit_id", "tilbud": "offer", "dato": "counted_on", "pladser": "places", "ledige": "free",
    "venter": "waiting", "ventedage": "wait_days",
}  # fmt: skip
"""The columns of the file, with the names they have here."""
MOST_ROWS = 10_000
FIELDS = {field: column for column, field in COLUMNS.items()}


def take_over(session: Session, path: Path, municipality_id: str, *, recorded_by: str, now: datetime) -> int:
    """Read the file, write all of its rows and commit; gives how many. Raises Refused with every problem."""
    found = list(read(path, capacity.units_of(session, municipality_id), now))
    for entered in found:
        capacity.write(session, entered, recorded_by=recorded_by, now=now, by=None)
    session.commit()
    return len(found)


def read(path: Path, units: Mapping[str, str], now: datetime) -> list[Entered]:
    """The rows of a file; raises Refused that names row, column and reason of every problem."""
    problems: list[Problem] = []
    found: dict[tuple[str, str, date], Entered] = {}
    try:
        for where, entered in _entered(path, units, problems):
            key = (entered.unit_id, entered.offer, entered.counted_on)
            if key in found:
                problems.append(
                    Problem(where, "tilbud", "står to gange for samme enhed og dag", shown(entered.offer))
                )
            found[key] = entered
            problems += [
                Problem(where, FIELDS[field], reason, shown(getattr(entered, field)))
                for field, reason in faults_of(entered, now).items()
            ]
    except Refused as damaged:  # the file ends here as far as it can be read
        problems += damaged.problems
    if not found and not problems:
        problems.append(Problem("filen", "indhold", "har ingen rækker", NOTHING))
    if problems:
        raise Refused(problem.at(path.name) for problem in problems)
    return list(found.values())


def _entered(path: Path, units: Mapping[str, str], problems: list[Problem]) -> Iterator[tuple[str, Entered]]:
    """The rows that could be read at all; what is wrong with the others is added to the problems."""
    table = open_table(path)
    missing = [column for column in COLUMNS if column not in table.columns]
    unknown = [column for column in table.columns if column not in COLUMNS]
    problems += [Problem("linje 1", column, "kolonnen mangler", NOTHING) for column in missing]
    problems += [Problem("linje 1", shown(column), "kolonnen kendes ikke", NOTHING) for column in unknown]
    if missing or unknown:
        return
    for number, row in enumerate(table.rows, start=1):
        if number > MOST_ROWS:
            problems.append(Problem(row.where, "linjen", f"der er flere end {MOST_ROWS} rækker", NOTHING))
            return
        entered = _row(row, units, problems)
        if entered is not None:
            yield row.where, entered


def _row(row: Row, units: Mapping[str, str], problems: list[Problem]) -> Entered | None:
    if row.width_differs:
        problems.append(
            Problem(row.where, "linjen", "har ikke lige så mange celler som overskriften", NOTHING)
        )
        return None
    before = len(problems)

    def cell(column: str, read_cell: Callable[[str], object], reason: str) -> object:
        text = str(row.cells.get(column) or "").strip()
        try:
            return read_cell(text)
        except (ValueError, KeyError):
            problems.append(Problem(row.where, column, reason, shown(text)))
            return None

    read_cells = {
        "unit_id": cell("enhed", units.__getitem__, "er ikke en enhed i kommunen"),
        "offer": cell("tilbud", str, ""),
        "counted_on": cell("dato", date.fromisoformat, "er ikke en dato som 2026-11-22"),
        **{
            COLUMNS[column]: cell(column, _whole, "er ikke et helt tal")
            for column in ("pladser", "ledige", "venter", "ventedage")
        },
    }
    return Entered(**read_cells) if len(problems) == before else None  # type: ignore[arg-type]


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise ValueError(text)
    return int(text)
