"""The threat table of SECURITY.md stands on tests that exist: forty threats, each with its proof."""

import ast
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.parts.tree import ROOT

STRIDE = {
    "S": "Spoofing", "T": "Tampering", "R": "Repudiation", "I": "Information disclosure",
    "D": "Denial of service", "E": "Elevation of privilege",
}  # fmt: skip
HOW_MANY = 40
NOT_BUILT = "**Not built.**"
TEST = re.compile(r"`([\w/.]+\.py)::(\w+)`")


@dataclass(frozen=True)
class Threat:
    """One row of the table."""

    number: str
    kind: str
    threat: str
    control: str
    proof: str

    @property
    def tests(self) -> list[tuple[str, str]]:
        """The tests that the row names: file (below tests/) and function."""
        return TEST.findall(self.proof)


def threats(text: str) -> list[Threat]:
    """The rows of the one table whose first column is a number."""
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line[:2] == "| "
    ]
    return [Threat(*cells) for cells in rows if cells[0].isdigit()]


@cache
def functions(file: Path) -> frozenset[str]:
    """The names of the functions in a module."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def faults(rows: list[Threat]) -> list[str]:
    """What is wrong with the table, row by row."""
    found = []
    for number, row in enumerate(rows, start=1):
        if row.number != str(number):
            found.append(f"row {number} says that it is {row.number}")
        if row.kind not in STRIDE:
            found.append(f"{row.number}: {row.kind} is no letter of STRIDE")
        if not (row.threat and row.control):
            found.append(f"{row.number}: a cell is empty")
        if not row.tests and NOT_BUILT not in row.control:
            found.append(f"{row.number}: no test")
        found += [
            f"{row.number}: there is no tests/{file}::{name}"
            for file, name in row.tests
            if not exists(file, name)
        ]
        if row.proof.count("`") != 2 * len(row.tests):
            found.append(f"{row.number}: something is quoted that is no test")
    return found


def exists(file: str, name: str) -> bool:
    """Whether a test of that name stands in the file."""
    path = ROOT / "tests" / file
    return path.is_file() and name.startswith("test_") and name in functions(path)


def security() -> str:
    return (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_every_threat_has_a_control_and_a_test_that_exists() -> None:
    rows = threats(security())

    assert len(rows) == HOW_MANY
    assert faults(rows) == []


def test_every_kind_of_threat_is_thought_of_and_named() -> None:
    text = security()

    assert {row.kind for row in threats(text)} == set(STRIDE)
    assert [name for name in STRIDE.values() if name.lower() not in text.lower()] == []


def test_every_attack_stands_in_the_table() -> None:
    """A test of tests/threats that no row names proves something nobody asked."""
    named = {file for row in threats(security()) for file, _ in row.tests}
    attacks = {f"threats/{path.name}" for path in (ROOT / "tests" / "threats").glob("test_*.py")}

    assert attacks - named == set()


HEAD = "| # | | Threat | Control | Proof |\n|---|---|---|---|---|\n"


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            "| 2 | S | x | y | `house/test_threats.py::test_every_attack_stands_in_the_table` |",
            "says that it is 2",
        ),
        ("| 1 | X | x | y | `house/test_threats.py::test_every_attack_stands_in_the_table` |", "no letter"),
        ("| 1 | S | x |  | `house/test_threats.py::test_every_attack_stands_in_the_table` |", "empty"),
        ("| 1 | S | x | y | to be done |", "no test"),
        ("| 1 | S | x | y | `house/test_threats.py::test_nothing` |", "there is no"),
        ("| 1 | S | x | y | `house/nowhere.py::test_nothing` |", "there is no"),
        ("| 1 | S | x | y | `house/test_threats.py::faults` |", "there is no"),
        ("| 1 | S | x | y | `test_every_attack_stands_in_the_table` |", "quoted"),
    ],
    ids=["number", "letter", "cell", "test", "function", "file", "helper", "place"],
)
def test_a_row_that_proves_nothing_is_noticed(row: str, fault: str) -> None:
    assert any(fault in each for each in faults(threats(HEAD + row)))


def test_what_is_not_built_needs_no_test() -> None:
    assert faults(threats(f"{HEAD}| 1 | S | x | {NOT_BUILT} Nothing instead. | |")) == []
