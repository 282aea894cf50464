"""A disk that is full stops an import or an export with one sentence, and nothing is half written."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from models import record
from service import files
from service.commands.data import data
from service.commands.decisions import decisions
from service.intake_formats import history, kept_history
from service.intake_formats.claims import Claims
from service.program import assemble
from service.workflow import delivery
from tests.builders import an_admission
from tests.bundles import assessed, put
from tests.cast import Cast
from tests.desk import REFERRAL, Desk, cases
from tests.histories import a_csv, a_row
from tests.quarter import decide_case
from tests.rows import rows_beside_runs

PROGRAM = assemble([click.Group("any", commands={"data": data, "decisions": decisions})])


def run(*words: Any) -> Result:
    """The whole program, as it is started."""
    return CliRunner().invoke(PROGRAM, [str(each) for each in words])


def full_file(path: Path) -> Any:
    """A file on a device that is always full."""
    return Path("/dev/full").open("w")


def full_beside(**words: Any) -> tuple[int, str]:
    """The same for a file beside another."""
    return os.open("/dev/full", os.O_WRONLY), str(words["dir"] / f"{words['prefix']}new")


begin_claims = Claims.__init__


def full_claims(claims: Claims) -> None:
    """Claims on a disk with room for few."""
    begin_claims(claims)
    claims._kept.execute("PRAGMA max_page_count = 4")


FULL: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "claims": lambda patch: patch.setattr(Claims, "__init__", full_claims),
    "staged rows": lambda patch: patch.setattr(history, "private", full_file),
    "rejects": lambda patch: patch.setattr(files, "mkstemp", full_beside),
}


@pytest.mark.parametrize("fill", FULL.values(), ids=FULL.keys())
def test_an_import_that_meets_a_full_disk_takes_nothing_over(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fill: Callable[[pytest.MonkeyPatch], None]
) -> None:
    put(desk.folder, "a.json", REFERRAL)
    rows = [a_row(request_id=f"r-{number}") for number in range(200)]
    a_csv(desk.folder / "h.csv", [*rows, a_row(team="fodbold")])
    before = rows_beside_runs(desk.engine)
    fill(monkeypatch)

    result = run("data", "import", "--municipality", "0999", "--accept-rejects", desk.folder)

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.startswith("Error: There is no room left in ")
    assert result.stderr.endswith(". Nothing was taken over.\n")
    assert result.stderr.count("\n") == 1
    assert rows_beside_runs(desk.engine) == before
    assert [each for each in desk.var.rglob("*") if each.is_file() and each.parent.name != "secrets"] == []


def test_a_history_that_cannot_be_kept_leaves_what_came_before_it_and_can_be_given_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(desk.folder, "a.json", REFERRAL)
    a_csv(desk.folder / "h.csv", [a_row()])
    with monkeypatch.context() as patch:
        patch.setattr(kept_history, "private", full_file)
        result = run("data", "import", "--municipality", "0999", desk.folder)

    assert result.exit_code == 1
    assert "What came before it is taken over and stays" in result.stderr
    assert len(cases(desk.engine)) == 1
    assert desk.files() == []

    again = desk.take(desk.folder)
    assert again.exit_code == 0
    assert "1 new history" in again.stdout
    assert "1 unchanged plan" in again.stdout


@pytest.fixture
def decided(desk: Desk, cast: Cast) -> Desk:
    """A case that is decided, a course that is reported, and older exports."""
    an_admission(cast.engine, cast.dan)
    decide_case(cast.engine, cast.alma, 1)
    decide_case(cast.engine, cast.alma, 2)
    desk.take(put(desk.folder, "1.json", assessed()))
    for name in EXPORTS:
        (desk.folder / name).write_text("older")
    return desk


EXPORTS = {
    "o.csv": ("data", "export-outcomes", "--municipality", "0999"),
    "d.jsonl": ("decisions", "export"),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_that_meets_a_full_disk_or_ctrl_c_is_neither_written_nor_logged(
    decided: Desk, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    before, there = rows_beside_runs(decided.engine), sorted(decided.folder.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(files, "mkstemp", full_beside)
        full = run(*EXPORTS[name], "--out", decided.folder / name)
    with monkeypatch.context() as patch:
        patch.setattr(delivery, "outcomes", interrupted)
        patch.setattr(record, "to_json_line", interrupted)
        stopped = run(*EXPORTS[name], "--out", decided.folder / name)

    assert full.exit_code == stopped.exit_code == 1
    assert full.stderr == f"Error: There is no room left in {decided.folder}. Nothing was written.\n"
    assert stopped.stderr == "\nAborted!\n"
    assert (decided.folder / name).read_text() == "older"
    assert sorted(decided.folder.iterdir()) == there
    assert rows_beside_runs(decided.engine) == before


def interrupted(*arguments: Any) -> Iterator[Any]:
    """Somebody presses Ctrl-C."""
    raise KeyboardInterrupt
