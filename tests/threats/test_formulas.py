"""No table that leaves the house does anything when a spreadsheet opens it: 60 formulas in every column."""

import csv
import io
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from models.cells import ID_PATTERN
from service.intake_formats.problem import Problem, shown
from service.intake_formats.rejects import COLUMNS, write_rejects
from service.spreadsheet import harmless
from service.web.statistics import spreadsheet
from tests.threats.payloads import CELLS

LETTERS_OF_A_FORMULA = set("=+-@\N{MINUS SIGN}\uff1d\uff0b\uff0d\uff20")
UNSEEN = "\u200b\ufeff\u2060\u00ad"


def cells_of(text: str, delimiter: str) -> list[str]:
    """Every cell as a spreadsheet program finds it."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter)
    return [cell for row in rows for cell in row]


def would_run(cell: str) -> bool:
    """Whether a program meets a formula, or a new line, before anything else; some drop blanks."""
    return cell[:1] in ("\t", "\r", "\n") or cell.strip().strip(UNSEEN)[:1] in LETTERS_OF_A_FORMULA


@pytest.mark.parametrize("cell", CELLS, ids=[f"{number}" for number in range(len(CELLS))])
def test_no_column_of_any_export_holds_a_formula(
    cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = (cell,) * (len(spreadsheet.HEAD) - 2)
    for rows in ("_rows", "_differing", "_variation"):
        monkeypatch.setattr(spreadsheet, rows, lambda *_: [row])
    monkeypatch.setattr(spreadsheet, "_alarm", lambda _: row)
    practice: Any = SimpleNamespace(period=SimpleNamespace(code=cell), case_type=cell)
    reading: Any = SimpleNamespace(
        now=practice, before=practice, alarms=[cell], differing=cell, between_units=cell, over_time=cell
    )
    statistics = spreadsheet.as_csv(reading).decode()
    write_rejects([Problem(cell, cell, cell, shown(cell), cell)], tmp_path / "rejects.csv")
    rejects = (tmp_path / "rejects.csv").read_bytes().decode()

    assert [each for each in cells_of(statistics, ";") if would_run(each)] == []
    assert [each for each in cells_of(rejects, ",") if would_run(each)] == []
    assert len(cells_of(statistics, ";")) == 7 * len(spreadsheet.HEAD)
    assert len(cells_of(rejects, ",")) == 2 * len(COLUMNS)
    assert not ID_PATTERN.fullmatch(cell)  # the one text in the files that the workshop reads


@pytest.mark.parametrize("cell", ["hoftebrud", "2026-K2", "4", "0,5", "", " ", "a=1", "æble - pære"])
def test_an_ordinary_cell_is_left_alone(cell: str) -> None:
    assert harmless(cell) == cell


@pytest.mark.parametrize("blank", ["\u200b", "\ufeff", "\u2060", "\u00ad", "\u3000", "\v"])
def test_a_formula_does_not_hide_behind_what_cannot_be_seen(blank: str) -> None:
    assert harmless(f"{blank}=1+1") == f"'{blank}=1+1"
