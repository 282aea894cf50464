"""Somebody who looks sees which file is read and how many rows of it; nobody else sees anything."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from service.commands.import_progress import ImportProgress


def told(quiet: bool, is_terminal: bool) -> str:
    """What stands on the screen after a file of 12,345 rows."""
    screen = Console(file=io.StringIO(), force_terminal=is_terminal, width=100)
    with ImportProgress(quiet=quiet, console=screen) as progress:
        for _ in progress.each([Path("var", "h.csv")]):
            progress.count(12_000)
            progress.count(345)
            progress._bar.refresh()
    return screen.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_file_and_rows_are_told() -> None:
    screen = told(quiet=False, is_terminal=True)

    assert "Reading h.csv" in screen
    assert "0/1" in screen
    assert "12,345 rows" in screen


@pytest.mark.parametrize(("quiet", "is_terminal"), [(True, True), (False, False)])
def test_nothing_is_told_to_nobody(quiet: bool, is_terminal: bool) -> None:
    assert told(quiet, is_terminal) == ""
