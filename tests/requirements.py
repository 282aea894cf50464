"""The 200 requirements of the founding documents and the 18 ways in which software fetters discretion (SK).

Each with the tests that prove it, or why it is open.

    make requirements

A test proves a requirement when it carries its id: `@pytest.mark.requirement("K-21")`, on a function, a class
or a whole module (`pytestmark`). Only what would fail without the behaviour may carry one.
"""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from service.workflow.documents.proofs import marks

TESTS = Path(__file__).parent
LISTED = TESTS / "requirements.json"


@dataclass(frozen=True)
class Requirement:
    """One requirement: what would show it, the tests that do, and why it is open when none does."""

    id: str
    features: tuple[str, ...]
    test: str
    proved_by: tuple[str, ...]
    open_because: str


def requirements() -> tuple[Requirement, ...]:
    """The 200, in the order of the documents."""
    listed = json.loads(LISTED.read_text("utf-8"))
    marked = marks()
    return tuple(
        Requirement(
            each["id"],
            tuple(each["features"]),
            each["test"],
            tuple(marked.get(each["id"], ())),
            listed["features"][each["features"][0]]["open_because"],
        )
        for each in listed["requirements"]
    )


def discretion() -> tuple[Requirement, ...]:
    """The 18 ways in which software fetters discretion, each with what shows that this one does not."""
    listed, marked = json.loads(LISTED.read_text("utf-8")), marks()
    return tuple(
        Requirement(
            each["id"], (), f"{each['danger']}: {each['test']}", tuple(marked.get(each["id"], ())),
            "no test carries the id yet",
        )
        for each in listed["discretion"]
    )  # fmt: skip


def table_of(all_of_them: tuple[Requirement, ...], what: str = "requirements") -> Table:
    """One line each: proved by which tests, or open and why."""
    proved = sum(bool(each.proved_by) for each in all_of_them)
    title = f"{len(all_of_them)} {what}: {proved} proved by tests, {len(all_of_them) - proved} open"
    table = Table(title=title, title_justify="left", show_lines=True)
    table.add_column("id", no_wrap=True)
    table.add_column("features", no_wrap=True)
    table.add_column("what would show it", ratio=2)
    table.add_column("proved by, or open because", ratio=2)
    for each in all_of_them:
        state = "\n".join(each.proved_by) or f"open: {each.open_because}"
        table.add_row(each.id, " ".join(each.features), escape(each.test), escape(state))
    return table


def main() -> int:
    """Print both tables."""
    console = Console(width=160)
    console.print(table_of(requirements()))
    console.print(table_of(discretion(), "ways to fetter discretion"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
