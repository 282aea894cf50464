"""Figures: what a trial counted, beside the goal it was held against."""

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line of the table. `size` says how much was tried, `found` what was counted."""

    what: str
    engine: str
    size: str
    found: str
    goal: str
    met: bool


def share_of(full: int, share: float, least: int) -> int:
    """A part of a full size, never less than what still means something."""
    return max(least, round(full * share))


def table_of(figures: Iterable[Figure]) -> Table:
    """The figures as people read them."""
    table = Table(title="What was tried, and what came of it", title_justify="left", show_lines=True)
    for heading in ("what", "engine", "size", "found", "goal", ""):
        table.add_column(heading)
    for each in figures:
        word = "met" if each.met else "[bold red]NOT MET[/]"
        table.add_row(each.what, each.engine, each.size, each.found, each.goal, word)
    return table
