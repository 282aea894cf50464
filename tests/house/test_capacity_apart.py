"""Capacity and price stay away from judgement: no import, directly or through others, and no question."""

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from models import areas
from tests.house.test_imports import imported, ours

CAPACITY = ("service.workflow.capacity", "service.web.capacity", "service.tables.capacity")
JUDGING = (
    "models", "training", "service.api", "service.fhir", "service.workflow.intake",
    "service.workflow.assessment", "service.workflow.suggestion", "service.workflow.decision",
    "service.workflow.model_in_use", "service.workflow.letter", "service.workflow.caseload",
    "service.workflow.case_file", "service.workflow.export", "service.web.intake", "service.web.assessment",
    "service.web.suggestion", "service.web.decision", "service.web.letter",
)  # fmt: skip
"""What judges, learns, suggests, decides, or shows a case."""
ASSEMBLY = ("service.tables",)
"""Names every table so that they can be made, and takes nothing from them: importing it brings no number."""
DENIED = ("kapacitet", "pladser", "ventetid", "venteliste", "budget", "pris", "takst", "oekonomi", "udgift")


@cache
def graph() -> Mapping[str, frozenset[str]]:
    """Which of our modules each of them imports, by dotted name."""
    files = {dotted(file): file for file in ours()}
    return {
        name: frozenset(
            found
            for _, each in imported(file, file.read_text(encoding="utf-8"))
            for found in packages(each)
            if found in files
        )
        for name, file in files.items()
    }


def packages(name: str) -> list[str]:
    """A dotted name and everything above it: importing the one runs the others too."""
    parts = name.split(".")
    return [".".join(parts[:end]) for end in range(1, len(parts) + 1)]


def dotted(file: Path) -> str:
    parts = file.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def reached(start: str, edges: Mapping[str, frozenset[str]]) -> dict[str, str]:
    """Every module that an import of this one brings along, each with the module that imports it."""
    found, ahead = {start: ""}, [start]
    while ahead:
        at = ahead.pop()
        if at in ASSEMBLY:
            continue
        for following in edges.get(at, ()):
            if following not in found:
                found[following] = at
                ahead.append(following)
    return found


def is_in(name: str, rooms: tuple[str, ...]) -> bool:
    return any(name == room or name.startswith(room + ".") for room in rooms)


@pytest.mark.requirement("SK-10", "D-55")
def test_nothing_that_judges_or_shows_a_case_can_reach_the_capacity_board() -> None:
    edges = graph()
    starts = [name for name in edges if is_in(name, JUDGING)]
    ways = {
        f"{start} … {through} → {end}"
        for start in starts
        for end, through in reached(start, edges).items()
        if is_in(end, CAPACITY)
    }
    assert len(starts) > 60
    assert ways == set()


@pytest.mark.requirement("SK-10")
def test_the_module_that_only_assembles_takes_nothing_from_the_board() -> None:
    text = Path("service/tables/__init__.py").read_text(encoding="utf-8")
    assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef | ast.Call)]


@pytest.mark.requirement("SK-10")
def test_no_question_and_no_learned_fact_is_about_capacity_or_price() -> None:
    """Capacity is a reason that somebody may name afterwards, never a fact of a case."""
    for name in areas.names():
        area = areas.get(name)
        asked = [f"{each.name} {each.label} {each.help}".casefold() for each in area.questions]
        assert [text for text in asked if any(word in text for word in DENIED)] == []
        assert "kapacitet" in {reason.code for reason in area.reasons}


@pytest.mark.parametrize(
    ("edges", "found"),
    [
        ({"a": frozenset({"b"}), "b": frozenset({"c"}), "c": frozenset()}, {"a", "b", "c"}),
        ({"a": frozenset({"service.tables"}), "service.tables": frozenset({"c"})}, {"a", "service.tables"}),
        ({"a": frozenset({"b"}), "b": frozenset({"a"})}, {"a", "b"}),
    ],
    ids=["through another", "assembly", "circle"],
)
def test_what_is_reached_through_others_is_noticed(edges: dict[str, frozenset[str]], found: set[str]) -> None:
    assert set(reached("a", edges)) == found
