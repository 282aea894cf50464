"""A room leans on rooms, never on one that leans on it: one room can be read without the whole house."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.test_imports import imported
from tests.parts.tree import files_in, read

ONE_SCREEN = ("assessment", "suggestion", "decision")
"""Rooms of service.web on one screen: a judgement is answered, and beside the answer one decides."""

FLOORS: dict[str, tuple[str, ...]] = {"service/workflow": (), "service/web": ONE_SCREEN}
"""A floor, and which of its rooms count as one."""

Arrows = Mapping[str, set[str]]


def arrows(floor: str, as_one: tuple[str, ...], texts: Iterable[tuple[Path, str]]) -> Arrows:
    """Which rooms of a floor import which; a module that stands alone is a room of its own."""
    found: dict[str, set[str]] = {}
    prefix = floor.replace("/", ".") + "."
    for file, text in texts:
        own = room_of(file.relative_to(floor).with_suffix("").parts[0], as_one)
        others = found.setdefault(own, set())
        others |= {
            room_of(name.removeprefix(prefix).split(".")[0], as_one)
            for _, name in imported(file, text)
            if name.startswith(prefix)
        } - {own}
    return found


def room_of(name: str, as_one: tuple[str, ...]) -> str:
    return as_one[0] if name in as_one else name


def circle(found: Arrows) -> list[str]:
    """The rooms of a circle in the order in which they lean on each other, or nothing."""
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.mark.parametrize("floor", FLOORS)
def test_no_rooms_lean_on_each_other(floor: str) -> None:
    files = [
        file for file in files_in("service") if file.is_relative_to(floor) and file.parent != Path(floor)
    ]

    assert circle(arrows(floor, FLOORS[floor], ((file, read(file)) for file in files))) == []


def test_a_circle_is_noticed() -> None:
    texts = [
        (Path("service/workflow/a/__init__.py"), "from service.workflow.b.c import d"),
        (Path("service/workflow/b/c.py"), "from service.workflow import e"),
        (Path("service/workflow/e/__init__.py"), "from ..a import f"),
    ]

    assert set(circle(arrows("service/workflow", (), texts))) == {"a", "b", "e"}
    assert not circle(arrows("service/workflow", ("b", "e", "a"), texts))
