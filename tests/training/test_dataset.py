"""Reading decided cases: refused with row, column and reason, and never half of a file."""

import csv
from functools import partial
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from click.testing import CliRunner

from models import areas
from models.record import to_json_line
from tests.histories import a_csv, a_row
from training import reading
from training.commands import groups
from training.dataset import DataRefused, _hashes, read_cases, read_protected
from training.identities import cpr_column, holds_cpr

AREA = areas.get("genoptraening")
REPLACEMENT = "7102779995"


def _refusal(path: Path) -> tuple[int, str, str]:
    with pytest.raises(DataRefused) as refused:
        read_cases(AREA, (path,))
    first = refused.value.rejects[0]
    return first.row, first.column, first.reason


@pytest.mark.parametrize("column", ["cpr", "CPR-nr", "Navn", "adresse", "borgers_cpr", "E-mail"])
def test_a_column_that_names_somebody_is_refused(tmp_path: Path, column: str) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row() | {column: "x"}])

    assert _refusal(path) == (0, column, "names a person; identities stay out of training")


@pytest.mark.parametrize("value", [REPLACEMENT, "710277-9995", f"se {REPLACEMENT}!"])
def test_a_value_that_looks_like_a_cpr_number_is_refused_and_not_repeated(tmp_path: Path, value: str) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row(), a_row(request_id="b", team=value)])

    with pytest.raises(DataRefused) as refused:
        read_cases(AREA, (path,))

    assert refused.value.rejects[0].row == 2
    assert refused.value.rejects[0].column == "team"
    assert "7102" not in str(refused.value)


@pytest.mark.parametrize("other", ["", None, 7])
def test_a_number_is_looked_for_in_each_cell_and_not_across_two(other: object) -> None:
    assert cpr_column({"a": other, "b": "710277", "c": "9995", "d": "-9995"}) is None
    assert cpr_column({"a": other, "b": "x", "c": f" {REPLACEMENT}", "d": "y"}) == "c"


def test_a_uuid_is_not_taken_for_a_cpr_number() -> None:
    assert not holds_cpr("71027799-9500-4aaa-8bbb-7102779995ab")
    assert holds_cpr(7102779995)


@pytest.mark.parametrize(
    ("changes", "column"),
    [
        ({"final_level": "middel"}, "final_level"),
        ({"received_on": "2022-02-30"}, "received_on"),
        ({"funk_mobilitet": "7"}, "funk_mobilitet"),
        ({"label_source": "nisse"}, "label_source"),
        ({"received_on": "2022-06-23"}, "received_on"),
    ],
    ids=["level", "date", "fact", "source", "order of events"],
)
def test_a_bad_cell_is_refused_with_its_row_and_column(
    tmp_path: Path, changes: dict[str, str], column: str
) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row(), a_row(request_id="b", **changes)])

    row, found, _ = _refusal(path)

    assert (row, found) == (2, column)


def test_a_fact_known_after_the_decision_is_refused(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row(faldrisiko__known_at="2022-05-26T08:00:00Z")])

    assert _refusal(path)[:2] == (1, "faldrisiko")


def test_a_request_that_stands_twice_is_refused(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row(), a_row()])

    assert _refusal(path) == (2, "request_id", "stands twice, first in h.csv, row 1")


def test_a_request_that_stands_in_two_files_is_refused(tmp_path: Path) -> None:
    first, second = a_csv(tmp_path / "old.csv", [a_row()]), a_csv(tmp_path / "new.csv", [a_row()])

    with pytest.raises(DataRefused, match=r"new\.csv: row 1, .* first in old\.csv, row 1"):
        read_cases(AREA, (first, second))


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("h.csv", b"\xff\xfe\x00", "unreadable: UnicodeDecodeError"),
        ("h.xlsx", b"x", "not one of .csv, .parquet, .jsonl"),
        ("h.parquet", b"not parquet", "unreadable: ArrowInvalid"),
        ("h.csv", b"", "no cases"),
        ("h.jsonl", b"[1]\n", "is not a JSON object"),
        ("h.jsonl", b"{\n", "is not a JSON object"),
    ],
    ids=["encoding", "kind", "parquet", "empty", "list", "half"],
)
def test_an_unusable_file_is_refused(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)

    assert _refusal(path)[2] == reason


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert _refusal(tmp_path / "none.csv")[2] == "no such file"


def test_refused_data_give_a_list_of_rejects_and_no_model(tmp_path: Path) -> None:
    path = a_csv(tmp_path / "h.csv", [a_row(), a_row(request_id="b", final_level="middel")])

    result = CliRunner().invoke(groups(), ["model", "train", str(path), "--out", str(tmp_path / "models")])

    assert result.exit_code == 1
    assert "row 2, column final_level" in result.output
    assert not (tmp_path / "models").exists()
    with (tmp_path / "models.rejects.csv").open(encoding="utf-8") as file:
        assert [(row["row"], row["column"]) for row in csv.DictReader(file)] == [("2", "final_level")]


def test_the_three_kinds_of_file_say_the_same(tmp_path: Path) -> None:
    rows = [a_row(), a_row(request_id="b", decided_at="2022-05-26T08:00:00Z")]
    cases = read_cases(AREA, (a_csv(tmp_path / "h.csv", rows),)).cases
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "h.parquet")
    (tmp_path / "h.jsonl").write_text("".join(to_json_line(AREA, case) + "\n" for case in cases))

    assert read_cases(AREA, (tmp_path / "h.parquet",)).cases == cases
    assert read_cases(AREA, (tmp_path / "h.jsonl",)).cases == cases
    assert read_cases(AREA, (a_csv(tmp_path / "s.csv", rows, delimiter=";"),)).cases == cases


def test_protected_attributes_of_an_unknown_code_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "protected.csv"
    path.write_text("request_id,koen\na,kvinde\nb,x\n")

    with pytest.raises(DataRefused, match="row 2, column koen"):
        read_protected(AREA, path)


def test_two_files_of_one_name_keep_a_hash_each(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    files = tmp_path / "a" / "history.csv", tmp_path / "b" / "history.csv"
    for number, file in enumerate(files):
        file.write_text(f"content {number}", "utf-8")

    hashes = _hashes(files)

    assert list(hashes) == ["history.csv (1)", "history.csv (2)"]
    assert len(set(hashes.values())) == 2


def test_what_follows_from_several_rows_is_found_however_they_are_cut_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = ["a", "b", "c", "a", "d", "b", "d"]
    path = a_csv(tmp_path / "h.csv", [a_row(request_id=name) for name in named])
    path.write_text(path.read_text(encoding="utf-8") + "\n\n", encoding="utf-8")
    found = []
    for size in (1, 2, 3, 100):
        monkeypatch.setattr(reading, "AT_A_TIME", size)
        with pytest.raises(DataRefused) as refused:
            read_cases(AREA, (path,))
        found.append([(each.row, each.reason) for each in refused.value.rejects])

    assert found[0] == [
        (row, f"stands twice, first in h.csv, row {first}") for row, first in ((4, 1), (6, 2), (7, 5))
    ]
    assert found == [found[0]] * 4


def test_other_processes_read_what_this_one_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [a_row(request_id=f"r{row:02d}") for row in range(20)]
    files = (a_csv(tmp_path / "h.csv", made[::-1]), a_csv(tmp_path / "g.csv", [a_row(request_id="z")]))
    alone = read_cases(AREA, files)
    monkeypatch.setattr(reading, "AT_A_TIME", 3)
    monkeypatch.setattr(reading, "WORTH_SEVERAL", 0)
    one_of_them = partial(reading.processes, 1)
    monkeypatch.setattr(reading, "processes", lambda jobs: one_of_them())

    together = read_cases(AREA, files, jobs=2)

    assert together.cases == alone.cases
    assert [case.request_id for case in alone.cases] == sorted(case.request_id for case in alone.cases)
    assert together.sha256 == alone.sha256
