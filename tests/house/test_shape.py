"""What keeps a file readable: it says what it is for, and it is split before it takes on a second job."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.tree import complaints, files_in

LONGEST = 300
PACKAGES = ("service", "models", "training")


def too_long(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """A file that has outgrown one reading."""
    lines = len(text.splitlines())
    if lines > LONGEST:
        yield lines, f"is longer than {LONGEST} lines"


def undescribed(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """A module without a docstring, and in the packages a public class or function without one."""
    module = ast.parse(text)
    if text.strip() and not ast.get_docstring(module):
        yield 1, "the module has no docstring"
    if file.parts[0] not in PACKAGES:
        return
    for node in module.body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if not node.name.startswith("_") and not ast.get_docstring(node):
            yield node.lineno, f"{node.name} has no docstring"


def test_no_file_is_too_long() -> None:
    suffixes = (".py", ".html", ".js", ".css", ".c")
    assert complaints(too_long, files_in(*PACKAGES, "tests", suffixes=suffixes)) == []


def test_every_module_and_public_name_says_what_it_is_for() -> None:
    assert complaints(undescribed, files_in(*PACKAGES, "tests")) == []


def test_a_long_file_is_noticed() -> None:
    assert list(too_long(Path("x.py"), "\n" * (LONGEST + 1)))
    assert not list(too_long(Path("x.py"), "\n" * LONGEST))


@pytest.mark.parametrize(
    "text",
    ["import os", '"""M."""\nclass A: pass', '"""M."""\ndef f(): pass'],
    ids=["module", "class", "function"],
)
def test_a_missing_docstring_is_noticed(text: str) -> None:
    assert list(undescribed(Path("service/x.py"), text))


def test_private_names_and_tests_speak_for_themselves() -> None:
    assert not list(undescribed(Path("service/x.py"), '"""M."""\ndef _f(): pass'))
    assert not list(undescribed(Path("tests/x.py"), '"""M."""\ndef test_f(): pass'))
