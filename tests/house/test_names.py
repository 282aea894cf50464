"""Identifiers and file names are ASCII: Python normalises the one, file systems the other, neither alike."""

import io
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.parts.tree import complaints, files, files_in


def names_with_other_letters(file: Path, text: str) -> Iterator[tuple[int, str]]:
    """Identifiers that hold anything but ASCII."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.NAME and not token.string.isascii():
            yield token.start[0], f"{token.string} is not ASCII"


def test_identifiers_are_ascii() -> None:
    assert complaints(names_with_other_letters, files_in()) == []


def test_file_names_are_ascii() -> None:
    assert [file.as_posix() for file in files() if not file.as_posix().isascii()] == []


def test_a_danish_identifier_is_noticed_and_a_danish_text_is_not() -> None:
    text = 'afgørelse = 1\nlabel = "Afgørelse"  # afgørelse\n'

    assert [line for line, _ in names_with_other_letters(Path("x.py"), text)] == [1]
