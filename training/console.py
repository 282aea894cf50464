"""What the verbs share: progress on standard error, tables or JSON on standard output."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from models import areas
from models.declaration import Area


class Steps:
    """Says what is being done, on standard error, and nothing at all when only JSON is wanted."""

    def __init__(self, total: int, quiet: bool) -> None:
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(),
            console=Console(stderr=True), disable=quiet, transient=False,
        )  # fmt: skip
        self._task = self._progress.add_task("Starting", total=total)

    def __call__(self, step: str) -> None:
        """One more step begins."""
        self._progress.update(self._task, description=step, advance=1)

    @contextmanager
    def shown(self) -> Iterator["Steps"]:
        """Shows the bar while the work goes on; it stands full only when the work was finished."""
        with self._progress:
            yield self
            self._progress.update(self._task, description="Done", completed=self._progress.tasks[0].total)


def area_named(context: click.Context, parameter: click.Parameter, name: str | None) -> Area:
    """The area of an option's value; without one, the only area there is."""
    known = areas.names()
    if name is None and len(known) > 1:
        raise click.BadParameter(f"there are several; name one of {', '.join(known)}")
    try:
        return areas.get(name or known[0])
    except KeyError as unknown:
        raise click.BadParameter(str(unknown.args[0])) from unknown


def print_json(content: Any) -> None:
    """The one JSON document of a verb."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


def print_table(title: str, head: Sequence[str], rows: Iterable[Sequence[Any]], numbers: int = 99) -> None:
    """A table on standard output; columns from number `numbers` on stand to the right."""
    table = Table(title=title, title_justify="left", header_style="bold")
    for place, name in enumerate(head):
        table.add_column(name, justify="right" if place >= numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(str(each) for each in row))
    wide = None if sys.stdout.isatty() else 140
    Console(file=sys.stdout, width=wide).print(table)
