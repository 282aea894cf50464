"""History is checked row by row, and written down in one form."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from models.record import from_row, protected_columns
from service.intake_formats.history import StagedHistory, stage_history
from service.intake_formats.problem import Problem, Refused
from tests.histories import AREA, COLUMNS, a_csv, a_parquet, a_row


def stage(path: Path, into: Path) -> tuple[StagedHistory | None, list[Problem]]:
    """Stage one file with nothing before it in the run."""
    seen: dict[tuple[str, str], str] = {}

    def claim(municipality: str, request_id: str, where: str) -> str | None:
        first = seen.setdefault((municipality, request_id), where)
        return None if first == where else first

    problems: list[Problem] = []
    return stage_history(path, path.name, into, claim, problems.append), problems


def problems_of(path: Path, tmp_path: Path) -> list[tuple[str, str]]:
    """Place and field of everything that is wrong with a file."""
    try:
        _, problems = stage(path, tmp_path / "staged.csv")
    except Refused as refused:
        problems = list(refused.problems)
    return [(problem.where, problem.field) for problem in problems]


def write_semicolons(path: Path, rows: list[dict[str, str]]) -> Path:
    return a_csv(path, rows, delimiter=";")


@pytest.mark.parametrize(
    ("name", "write"),
    [("h.csv", a_csv), ("h.csv.gz", a_csv), ("h.csv", write_semicolons), ("h.parquet", a_parquet)],
    ids=["csv", "gzip", "semicolons", "parquet"],
)
def test_every_way_of_writing_a_table_gives_the_same_rows(
    tmp_path: Path, name: str, write: Callable[[Path, list[dict[str, str]]], Path]
) -> None:
    path = write(tmp_path / name, [a_row(), a_row(request_id="r-2")])

    staged, problems = stage(path, tmp_path / "staged.csv")

    assert problems == []
    assert staged is not None
    assert staged.rows == 2
    with staged.path.open(encoding="utf-8", newline="") as file:
        cases = [from_row(AREA, row) for row in csv.DictReader(file)]
    assert cases == [from_row(AREA, a_row()), from_row(AREA, a_row(request_id="r-2"))]


def test_only_the_owner_can_read_what_was_staged(tmp_path: Path) -> None:
    staged, _ = stage(a_csv(tmp_path / "h.csv", [a_row()]), tmp_path / "var" / "staged.csv")

    assert staged is not None
    assert staged.path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"funk_mobilitet": "7"}, "funk_mobilitet"),
        ({"discharged_on": "2022-02-30"}, "discharged_on"),
        ({"decided_at": "2022-05-25"}, "decided_at"),
        ({"final_level": "højt"}, "final_level"),
        ({"label_source": "robotten"}, "label_source"),
        ({"received_on": "2022-06-23"}, "received_on"),
        ({"faldrisiko__known_at": "2022-05-25T08:00:01Z"}, "faldrisiko"),
        ({"request_id": ""}, "request_id"),
        ({"team": "311299" + "4444"}, "team"),
    ],
)
def test_one_thing_wrong_in_a_row_is_one_problem(tmp_path: Path, changes: dict[str, str], field: str) -> None:
    companion = {"faldrisiko__known_at": ""}
    path = a_csv(tmp_path / "h.csv", [a_row() | companion, a_row(request_id="r-2") | companion | changes])

    assert problems_of(path, tmp_path) == [("linje 3", field)]


@pytest.mark.requirement("D-45")
def test_a_fact_known_after_the_decision_is_refused_and_never_written_down(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row(faldrisiko__known_at="2022-05-25T08:00:01Z")])

    staged, problems = stage(path, tmp_path / "staged.csv")

    assert staged is None
    assert [(problem.where, problem.field) for problem in problems] == [("linje 2", "faldrisiko")]
    assert "beslutningen" in problems[0].reason


def test_a_request_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row(), a_row()])

    assert problems_of(path, tmp_path) == [("linje 3", "request_id")]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    row = a_row()
    del row["decided_at"], row["funk_krop"]

    path = a_csv(tmp_path / "h.csv", [row])

    assert problems_of(path, tmp_path) == [("kolonner", "decided_at"), ("kolonner", "funk_krop")]


@pytest.mark.parametrize("column", ["cpr", "CPR_nr", "navn", "alder"])
def test_a_column_that_does_not_belong_is_named(tmp_path: Path, column: str) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row() | {column: "x"}])

    assert problems_of(path, tmp_path) == [("kolonner", column)]


def test_the_file_of_protected_attributes_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "protected.csv"
    path.write_text(",".join(protected_columns(AREA)) + "\n", encoding="utf-8")

    assert problems_of(path, tmp_path) == [("filen", "kolonner")]


def test_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(",".join([*COLUMNS, "team"]) + "\n", encoding="utf-8")

    assert problems_of(path, tmp_path) == [("linje 1", "team")]


def test_a_line_that_is_too_short_is_named(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row()])
    with path.open("a", encoding="utf-8") as file:
        file.write("r-2,genoptraening\n")

    assert problems_of(path, tmp_path) == [("linje 3", "linjen")]


def test_a_byte_that_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row()])
    path.write_bytes(path.read_bytes() + b"r-2,\xe6\n")

    ((where, field),) = problems_of(path, tmp_path)
    assert field == "tegnsæt"
    assert where.startswith("linje")


def test_an_open_quote_is_refused(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row()])
    path.write_bytes(path.read_bytes() + b'"r-2,')

    ((_, field),) = problems_of(path, tmp_path)
    assert field == "linjen"


@pytest.mark.parametrize("kept", [0.5, 0.9])
def test_a_gzip_file_that_is_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    path = a_csv(tmp_path / "h.csv.gz", [a_row(request_id=f"r-{number}") for number in range(500)])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)])

    ((_, field),) = problems_of(path, tmp_path)
    assert field == "indhold"


@pytest.mark.parametrize("kept", [8, 0.5, -1], ids=["head", "half", "all but one"])
def test_a_parquet_file_that_is_cut_off_is_refused(tmp_path: Path, kept: float) -> None:
    path = a_parquet(tmp_path / "h.parquet", [a_row()])
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept) if isinstance(kept, float) else kept])

    assert problems_of(path, tmp_path) == [("filen", "indhold")]


def test_a_header_without_rows_is_no_history(tmp_path: Path) -> None:
    path = tmp_path / "h.csv"
    path.write_text(",".join(COLUMNS) + "\n", encoding="utf-8")

    assert stage(path, tmp_path / "staged.csv") == (None, [])
