"""How far an import is, for somebody who looks: the file, how many of how many, and the rows of it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)


class ImportProgress:
    """A bar on standard error; nothing at all without a terminal, or when only JSON is wanted."""

    def __init__(self, quiet: bool, console: Console | None = None) -> None:
        console = console or Console(stderr=True)
        self._bar = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(),
            TextColumn("{task.fields[rows]}"), TimeElapsedColumn(),
            console=console, disable=quiet or not console.is_terminal, transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("Reading", total=None, rows="")
        self._rows = 0

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def each(self, paths: Sequence[Path]) -> Iterator[Path]:
        """The files, each named while it is read."""
        self._bar.update(self._task, total=len(paths))
        for path in paths:
            self.begin(f"Reading {path.name}")
            yield path
            self._bar.advance(self._task)

    def begin(self, what: str) -> None:
        """Something else begins, and its rows are counted anew."""
        self._rows = 0
        self._bar.update(self._task, description=what, rows="")

    def count(self, rows: int) -> None:
        """So many more rows are done."""
        self._rows += rows
        self._bar.update(self._task, rows=f"{self._rows:,} rows")
