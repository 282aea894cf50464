"""No number in the tree could be somebody's CPR number; invented citizens have day + 60."""

import calendar
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts.tree import LOCKS, complaints, files

# Not inside a longer number, a decimal, an identifier or a hash.
TEN_DIGITS = re.compile(r"(?<![\w.])(\d\d)(\d\d)(\d\d)[- ]?\d{4}(?![\w]|\.\d)")


def cpr_like(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Ten digits that begin with a day that has been, in this century or the last."""
    for number, line in enumerate(text.splitlines(), start=1):
        for match in TEN_DIGITS.finditer(line):
            day, month, year = map(int, match.groups())
            # 2000 is a leap year and 1900 is not; the kinder calendar catches both
            if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(2000 + year, month)[1]:
                yield number, "holds what looks like a CPR number"


def test_no_number_in_the_tree_looks_like_a_cpr_number() -> None:
    assert complaints(cpr_like, [file for file in files() if file.name not in LOCKS]) == []


@pytest.mark.parametrize("separator", ["", "-", " "], ids=["none", "hyphen", "space"])
def test_a_cpr_number_is_noticed(separator: str) -> None:
    assert list(cpr_like(Path("x"), f"Borger: 290200{separator}1234."))


@pytest.mark.parametrize(
    "text",
    ["610190-1234", "300290-1234", "0.0101901234", "a0101901234", "0101901234567", "b1f0101901234"],
    ids=["replacement", "no such day", "decimal", "identifier", "longer", "hash"],
)
def test_another_number_is_left_alone(text: str) -> None:
    assert not list(cpr_like(Path("x"), text))
